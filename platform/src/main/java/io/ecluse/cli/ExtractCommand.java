package io.ecluse.cli;

import io.ecluse.error.ErrorCode;
import io.ecluse.project.DagExpander;
import io.ecluse.schema.RowsWanted;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
    name = "extract",
    description = "Reads a source into staging, all streams as of one moment.")
final class ExtractCommand extends ProjectCommand {
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
      throw ErrorCode.INVALID_USAGE.error(
          "--full reads the rejected rows too; leave one of the two out");
    }
    int code =
        run(
            project ->
                new DagExpander(project).extract(words.source(), words.streams(), reading()));
    if (code == Main.DONE && !isJson()) {
      out().println("It is in staging; into the warehouse: " + command(words.after("load")));
      out().flush();
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
