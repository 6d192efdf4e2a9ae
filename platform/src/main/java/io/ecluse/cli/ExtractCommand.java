package io.ecluse.cli;

import io.ecluse.error.EcluseException;
import io.ecluse.error.ErrorCode;
import io.ecluse.project.DagExpander;
import io.ecluse.schema.RowsWanted;
import java.io.PrintWriter;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
    name = "extract",
    mixinStandardHelpOptions = true,
    description = "Reads a source into staging, all streams as of one moment.")
final class ExtractCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private ProjectOptions options = new ProjectOptions();
  @Mixin private StreamWords words = new StreamWords();

  @Option(
      names = "--full",
      description =
          "every row, even of streams that are read by increments; those go on from there")
  private boolean full;

  @Option(
      names = "--rejected",
      description =
          "only rows that could not land before, of streams that are read by increments: once they are mended in the source, or their column has another type")
  private boolean rejected;

  @Override
  public Integer call() {
    if (full && rejected) {
      throw new EcluseException(
          ErrorCode.INVALID_USAGE, "--full reads the rejected rows too; leave one of the two out");
    }
    int code =
        options.run(
            project -> new DagExpander(project).extract(words.source(), words.streams(), reading()),
            Map.of(),
            spec.commandLine());
    if (code == Main.DONE && !options.isJson()) {
      PrintWriter out = spec.commandLine().getOut();
      out.println("It is in staging; into the warehouse: " + options.command(words.after("load")));
      out.flush();
    }
    return code;
  }

  private RowsWanted reading() {
    if (rejected) {
      return RowsWanted.REJECTED;
    }
    return full ? RowsWanted.WHOLE : RowsWanted.AS_PLANNED;
  }
}
