package io.ecluse.cli;

import io.ecluse.flow.Writes;
import io.ecluse.pipeline.Dag;
import io.ecluse.project.Project;
import io.ecluse.project.RunParams;
import io.ecluse.scheduler.Run;
import io.ecluse.scheduler.RunRequest;
import io.ecluse.scheduler.Trigger;
import java.time.Instant;
import java.util.Map;
import java.util.function.Function;
import picocli.CommandLine;

/** Starts a run, waits for it and prints what became of it. */
final class RunStart {
  private RunStart() {}

  /**
   * @param wanted the DAG to run, of the project as it is
   * @param given parameters, instead of the DAG's own
   */
  static int run(
      ProjectOptions.Running running,
      Function<Project, Dag> wanted,
      Map<String, String> given,
      boolean json,
      CommandLine line) {
    Project project = running.platform().project().get();
    Dag dag = wanted.apply(project);
    Map<String, String> params = new RunParams(project).of(dag, given);
    var scheduler = running.platform().scheduler();
    RunWatcher watcher = new RunWatcher(scheduler, line.getErr(), RunWatcher.Terminal.detect());
    Run run =
        watcher.watch(
            () ->
                scheduler.start(
                    new RunRequest(dag, Trigger.CLI, Instant.now(), params, Writes.of(dag))
                        .reading(project.bundle())));
    watcher.summary(line.getOut(), run, json);
    return watcher.exitCode(run);
  }
}
