package io.ecluse.cli;

import io.ecluse.Platform;
import io.ecluse.access.Action;
import io.ecluse.access.Subject;
import io.ecluse.backup.Backup;
import io.ecluse.backup.Backups;
import io.ecluse.text.Amounts;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "backup",
    description =
        "Copies the project, its tables and its state of one moment, while everything runs: into a folder, to which a later one adds only what is new, or into one file.")
final class BackupCommand extends ProjectCommand {
  @Parameters(
      paramLabel = "FOLDER|FILE",
      description = "of the backups, made if it is not there; or a new file, .zip or .tar")
  private Path where = Path.of("");

  @Option(names = "--list", description = "show what is there, and back nothing up")
  private boolean list;

  @Option(
      names = "--keep",
      paramLabel = "N",
      description = "then keep the last N moments of the folder, and remove the others")
  private Optional<Integer> keep = Optional.empty();

  @Override
  public Integer call() {
    Backups backups = new Backups(path(where));
    if (list) {
      shell().ask(Action.BACK_UP, Subject.PROJECT);
      list(backups.list());
      return Main.DONE;
    }
    keep.ifPresent(backups::requireKeepable);
    return with(Action.BACK_UP, Subject.PROJECT, platform -> backUp(platform, backups));
  }

  private void list(List<Backups.Kept> kept) {
    new Listing<Backups.Kept>("moment")
        .both("moment", "moment", Backups.Kept::moment)
        .both("files", "files", Backups.Kept::files, Amounts::number)
        .both("bytes", "size", Backups.Kept::bytes, Amounts::bytes)
        .print(out(), format(), kept);
  }

  private void backUp(Platform platform, Backups backups) {
    Backup.Report report = platform.backup().into(backups);
    int removed = keep.map(backups::keep).orElse(0);
    Set<String> others = new TreeSet<>(platform.project().get().environments());
    others.removeAll(platform.environments().ofDatabase());
    tell(
        new Fields()
            .with("moment", report.moment())
            .with("files", report.files())
            .with("copied", report.copied())
            .with("bytes", report.bytes())
            .with("removed_moments", removed)
            .with("environments_left_out", others),
        out -> tell(out, report, removed, others));
  }

  private static void tell(PrintWriter out, Backup.Report report, int removed, Set<String> others) {
    out.printf(
        "Backed up %s: %s files, %s of them new (%s). Secrets are not in it%n",
        report.moment(),
        Amounts.number(report.files()),
        Amounts.number(report.copied()),
        Amounts.bytes(report.bytes()));
    if (removed > 0) {
      out.printf("Older moments removed: %s%n", Amounts.number(removed));
    }
    others.forEach(
        each ->
            out.printf(
                "The environment %s is not in it, it has a database of its own: ecluse backup … --env %s%n",
                each, each));
  }
}
