package io.ecluse.cli;

import io.ecluse.Platform;
import io.ecluse.Restored;
import io.ecluse.access.Action;
import io.ecluse.access.Subject;
import io.ecluse.backup.Restore;
import io.ecluse.text.Amounts;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "restore",
    description =
        "Makes a project of a backup, the last in a folder or the one in a file, in a new folder: --dir.")
final class RestoreCommand extends ProjectCommand {
  @Parameters(paramLabel = "FOLDER|FILE", description = "of the backups")
  private Path where = Path.of("");

  @Option(
      names = "--at",
      paramLabel = "MOMENT",
      description = "the last moment whose name begins so (see backup --list), instead of the last")
  private Optional<String> at = Optional.empty();

  @Override
  public Integer call() {
    shell().ask(Action.BACK_UP, Subject.PROJECT);
    Restored restored =
        Platform.restore(
            new Restore(path(where), at, folder()), environment(), shell().variables());
    return with(
        Action.SEE,
        Subject.every(Subject.Kind.TABLE),
        platform -> tell(restored, platform.warehouse().tables().size()));
  }

  private void tell(Restored restored, int tables) {
    tell(
        new Fields()
            .with("files", restored.files())
            .with("tables", tables)
            .with("notes", restored.notes()),
        out -> {
          out.printf(
              "Restored %s files and %s tables into %s; secrets are set with ecluse secret NAME%n",
              Amounts.number(restored.files()), Amounts.number(tables), folder());
          restored.notes().forEach(out::println);
        });
  }
}
