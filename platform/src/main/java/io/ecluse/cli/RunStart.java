package io.ecluse.cli;

import io.ecluse.flow.Writes;
import io.ecluse.pipeline.Dag;
import io.ecluse.project.RunParams;
import io.ecluse.scheduler.Run;
import io.ecluse.scheduler.RunRequest;
import io.ecluse.scheduler.Trigger;
import java.time.Instant;
import java.util.Map;
import picocli.CommandLine;

/** Starts a run, waits for it and prints what became of it. */
final class RunStart {
  private RunStart() {}

  /**
   * @param given parameters, instead of the DAG's own
   */
  static int run(
      ProjectOptions.Running running,
      Dag dag,
      Map<String, String> given,
      boolean json,
      CommandLine line) {
    Map<String, String> params = new RunParams(running.platform().project().get()).of(dag, given);
    var scheduler = running.platform().scheduler();
    RunWatcher watcher = new RunWatcher(scheduler, line.getErr(), RunWatcher.Terminal.detect());
    Run run =
        watcher.watch(
            () ->
                scheduler.start(
                    new RunRequest(dag, Trigger.CLI, Instant.now(), params, Writes.of(dag))));
    watcher.summary(line.getOut(), run, json);
    return watcher.exitCode(run);
  }
}
