package io.ecluse.cli;

import io.ecluse.Platform;
import io.ecluse.access.Action;
import io.ecluse.access.Subject;
import io.ecluse.backup.Backup;
import io.ecluse.backup.Backups;
import io.ecluse.text.Amounts;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
    name = "backup",
    mixinStandardHelpOptions = true,
    description =
        "Copies the project, its tables and its state of one moment, while everything runs: into a folder, to which a later one adds only what is new, or into one file.")
final class BackupCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private ProjectOptions options = new ProjectOptions();

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
    Backups backups = new Backups(options.path(where));
    if (list) {
      options.shell().ask(Action.BACK_UP, Subject.PROJECT);
      list(backups.list());
      return Main.DONE;
    }
    keep.ifPresent(backups::requireKeepable);
    try (Shell.Opened opened = options.open(Action.BACK_UP, Subject.PROJECT)) {
      Platform platform = opened.platform();
      Backup.Report report = platform.backup().into(backups);
      int removed = keep.map(backups::keep).orElse(0);
      Set<String> others = new TreeSet<>(platform.project().get().environments());
      others.removeAll(platform.environmentsOfDatabase());
      tell(report, removed, others);
      return Main.DONE;
    }
  }

  private void list(List<Backups.Kept> kept) {
    var out = spec.commandLine().getOut();
    if (options.isJson()) {
      Output.json(
          out,
          kept.stream()
              .map(
                  k ->
                      new Fields()
                          .with("moment", k.moment())
                          .with("files", k.files())
                          .with("bytes", k.bytes()))
              .toList());
    } else {
      Output.table(
          out,
          Output.row("moment", "files", "size"),
          kept.stream()
              .map(k -> Output.row(k.moment(), Amounts.number(k.files()), Amounts.bytes(k.bytes())))
              .toList());
    }
  }

  private void tell(Backup.Report report, int removed, Set<String> others) {
    var out = spec.commandLine().getOut();
    if (options.isJson()) {
      Output.json(
          out,
          new Fields()
              .with("moment", report.moment())
              .with("files", report.files())
              .with("copied", report.copied())
              .with("bytes", report.bytes())
              .with("removed_moments", removed)
              .with("environments_left_out", others));
      return;
    }
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
