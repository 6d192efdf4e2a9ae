package io.ecluse.cli;

import io.ecluse.Platform;
import io.ecluse.Restored;
import io.ecluse.access.Action;
import io.ecluse.access.Subject;
import io.ecluse.backup.Restore;
import io.ecluse.text.Amounts;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
    name = "restore",
    mixinStandardHelpOptions = true,
    description =
        "Makes a project of a backup, the last in a folder or the one in a file, in a new folder: --dir.")
final class RestoreCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private ProjectOptions options = new ProjectOptions();

  @Parameters(paramLabel = "FOLDER|FILE", description = "of the backups")
  private Path where = Path.of("");

  @Option(
      names = "--at",
      paramLabel = "MOMENT",
      description = "the last moment whose name begins so (see backup --list), instead of the last")
  private Optional<String> at = Optional.empty();

  @Override
  public Integer call() {
    options.shell().ask(Action.BACK_UP, Subject.PROJECT);
    Restored restored =
        Platform.restore(
            new Restore(options.path(where), at, options.folder()),
            options.environment(),
            options.shell().variables());
    try (Shell.Opened opened = options.open(Action.SEE, Subject.every(Subject.Kind.TABLE))) {
      Platform platform = opened.platform();
      int tables = platform.warehouse().tables().size();
      var out = spec.commandLine().getOut();
      if (options.isJson()) {
        Output.json(
            out,
            new Fields()
                .with("files", restored.files())
                .with("tables", tables)
                .with("notes", restored.notes()));
      } else {
        out.printf(
            "Restored %s files and %s tables into %s; secrets are set with ecluse secret NAME%n",
            Amounts.number(restored.files()), Amounts.number(tables), options.folder());
        restored.notes().forEach(out::println);
      }
      return Main.DONE;
    }
  }
}
