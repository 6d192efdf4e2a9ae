package io.ecluse.cli;

import io.ecluse.Platform;
import io.ecluse.access.Action;
import io.ecluse.access.Subject;
import io.ecluse.warehouse.Publication;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
    name = "rollback",
    mixinStandardHelpOptions = true,
    description = "Makes the tables that a run published what they were before, all at once.")
final class RollbackCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private ProjectOptions options = new ProjectOptions();

  @Parameters(paramLabel = "RUN", description = "the run's id; ecluse ls runs lists them")
  private String run = "";

  @Override
  public Integer call() {
    try (Shell.Opened opened = options.open(Action.ROLL_BACK, new Subject(Subject.Kind.RUN, run))) {
      Platform platform = opened.platform();
      Publication undone = platform.warehouse().rollBack(run);
      var out = spec.commandLine().getOut();
      if (options.isJson()) {
        Output.json(
            out,
            new Fields()
                .with("run_id", run)
                .with("tables", undone.tables().stream().map(Object::toString).toList()));
      } else {
        undone.tables().forEach(t -> out.println("  " + t));
        out.printf("Rolled back %d tables of run %s%n", undone.tables().size(), run);
      }
      return Main.DONE;
    }
  }
}
