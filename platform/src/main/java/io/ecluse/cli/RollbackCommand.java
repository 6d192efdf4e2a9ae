package io.ecluse.cli;

import io.ecluse.access.Action;
import io.ecluse.access.Subject;
import io.ecluse.warehouse.Publication;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
    name = "rollback",
    description = "Makes the tables that a run published what they were before, all at once.")
final class RollbackCommand extends ProjectCommand {
  @Parameters(paramLabel = "RUN", description = "the run's id; ecluse ls runs lists them")
  private String run = "";

  @Override
  public Integer call() {
    return with(
        Action.ROLL_BACK,
        new Subject(Subject.Kind.RUN, run),
        platform -> told(platform.warehouse().rollBack(run)));
  }

  private void told(Publication undone) {
    tell(
        new Fields()
            .with("run_id", run)
            .with("tables", undone.tables().stream().map(Object::toString).toList()),
        out -> {
          undone.tables().forEach(t -> out.println("  " + t));
          out.printf("Rolled back %d tables of run %s%n", undone.tables().size(), run);
        });
  }
}
