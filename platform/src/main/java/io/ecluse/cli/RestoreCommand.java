package io.ecluse.cli;

import io.ecluse.Platform;
import io.ecluse.text.Amounts;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
    name = "restore",
    mixinStandardHelpOptions = true,
    description = "Makes a project of the last backup in a folder, in a new folder: --dir.")
final class RestoreCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private ProjectOptions options = new ProjectOptions();

  @Parameters(paramLabel = "FOLDER", description = "of the backups")
  private Path folder = Path.of("");

  @Override
  public Integer call() {
    int files = Platform.restore(folder, options.folder());
    try (Platform platform = options.open()) {
      int tables = platform.warehouse().tables().size();
      var out = spec.commandLine().getOut();
      if (options.isJson()) {
        Output.json(out, Output.object("files", files, "tables", tables));
      } else {
        out.printf(
            "Restored %s files and %s tables into %s; secrets are set with ecluse secret NAME%n",
            Amounts.number(files), Amounts.number(tables), options.folder());
      }
      return Main.DONE;
    }
  }
}
