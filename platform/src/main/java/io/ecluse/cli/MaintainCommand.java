package io.ecluse.cli;

import io.ecluse.Platform;
import io.ecluse.access.Action;
import io.ecluse.access.Subject;
import io.ecluse.flow.Maintenance;
import io.ecluse.schema.Effect;
import io.ecluse.text.Amounts;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
    name = "maintain",
    mixinStandardHelpOptions = true,
    description =
        "Removes what has had its time: old states of tables, old batches, files that nothing refers to.")
final class MaintainCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private ProjectOptions options = new ProjectOptions();

  @Option(names = "--dry-run", description = "tell what would be removed, and remove nothing")
  private boolean dryRun;

  @Override
  public Integer call() {
    try (Shell.Opened opened = options.open(Action.MAINTAIN, Subject.PROJECT)) {
      Platform platform = opened.platform();
      Maintenance.Report report = platform.maintenance().run(dryRun ? Effect.TELL : Effect.REMOVE);
      var out = spec.commandLine().getOut();
      if (options.isJson()) {
        Output.json(
            out,
            new Fields()
                .with("dry_run", dryRun)
                .with("snapshots", report.tables().snapshots())
                .with("files", report.tables().files())
                .with("bytes", report.tables().bytes())
                .with("batches", report.batches().batches())
                .with("batch_bytes", report.batches().bytes())
                .with("notes", report.notes()));
      } else {
        out.printf(
            "%s %s old states of tables, %s files (%s) and %s batches (%s)%n",
            dryRun ? "Would remove" : "Removed",
            Amounts.number(report.tables().snapshots()),
            Amounts.number(report.tables().files()),
            Amounts.bytes(report.tables().bytes()),
            Amounts.number(report.batches().batches()),
            Amounts.bytes(report.batches().bytes()));
        report.notes().forEach(out::println);
      }
      return Main.DONE;
    }
  }
}
