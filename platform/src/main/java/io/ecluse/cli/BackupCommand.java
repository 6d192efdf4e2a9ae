package io.ecluse.cli;

import io.ecluse.Platform;
import io.ecluse.backup.Backup;
import io.ecluse.text.Amounts;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
    name = "backup",
    mixinStandardHelpOptions = true,
    description =
        "Copies the project, its tables and its state of one moment into a folder, while everything runs; again into the same, only what is new.")
final class BackupCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private ProjectOptions options = new ProjectOptions();

  @Parameters(paramLabel = "FOLDER", description = "of the backups; made if it is not there")
  private Path folder = Path.of("");

  @Override
  public Integer call() {
    try (Platform platform = options.open()) {
      Backup.Report report = platform.backup().into(folder);
      var out = spec.commandLine().getOut();
      if (options.isJson()) {
        Output.json(
            out,
            Output.object(
                "moment", report.moment(),
                "files", report.files(),
                "copied", report.copied(),
                "bytes", report.bytes()));
      } else {
        out.printf(
            "Backed up %s: %s files, %s of them new (%s). Secrets are not in it%n",
            report.moment(),
            Amounts.number(report.files()),
            Amounts.number(report.copied()),
            Amounts.bytes(report.bytes()));
      }
      return Main.DONE;
    }
  }
}
