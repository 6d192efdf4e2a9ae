package io.ecluse.cli;

import io.ecluse.access.Action;
import io.ecluse.access.Subject;
import io.ecluse.flow.Maintenance;
import io.ecluse.schema.Effect;
import io.ecluse.text.Amounts;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
    name = "maintain",
    description =
        "Removes what has had its time: old states of tables, old batches, files that nothing refers to.")
final class MaintainCommand extends ProjectCommand {
  @Option(names = "--dry-run", description = "tell what would be removed, and remove nothing")
  private boolean dryRun;

  @Override
  public Integer call() {
    return with(
        Action.MAINTAIN,
        Subject.PROJECT,
        platform -> tell(platform.maintenance().run(dryRun ? Effect.TELL : Effect.REMOVE)));
  }

  private void tell(Maintenance.Report report) {
    tell(
        new Fields()
            .with("dry_run", dryRun)
            .with("snapshots", report.tables().snapshots())
            .with("files", report.tables().files())
            .with("bytes", report.tables().bytes())
            .with("batches", report.batches().batches())
            .with("batch_bytes", report.batches().bytes())
            .with("notes", report.notes()),
        out -> {
          out.printf(
              "%s %s old states of tables, %s files (%s) and %s batches (%s)%n",
              dryRun ? "Would remove" : "Removed",
              Amounts.number(report.tables().snapshots()),
              Amounts.number(report.tables().files()),
              Amounts.bytes(report.tables().bytes()),
              Amounts.number(report.batches().batches()),
              Amounts.bytes(report.batches().bytes()));
          report.notes().forEach(out::println);
        });
  }
}
