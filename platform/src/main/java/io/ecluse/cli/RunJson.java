package io.ecluse.cli;

import io.ecluse.scheduler.AttemptState;
import io.ecluse.scheduler.Run;
import io.ecluse.scheduler.TaskState;
import java.util.List;
import java.util.Map;

/** Runs for programs, with the words of the HTTP API. */
final class RunJson {
  private RunJson() {}

  static Fields of(Run run) {
    return new Fields()
        .with("id", run.id())
        .with("dag_id", run.dagId())
        .with("environment", run.environment())
        .with("state", run.state().text())
        .with("trigger", run.trigger().text())
        .with("params", run.params())
        .with("logical_time", run.logicalTime())
        .with("created_at", run.createdAt())
        .with("started_at", run.startedAt())
        .with("ended_at", run.endedAt())
        .with("error", run.error());
  }

  /**
   * A run with its tasks.
   *
   * @param attempts by task
   */
  static Fields of(Run run, List<TaskState> tasks, Map<String, List<AttemptState>> attempts) {
    return of(run).with("tasks", tasks(attempts).objects(tasks));
  }

  private static Listing<TaskState> tasks(Map<String, List<AttemptState>> attempts) {
    return new Listing<TaskState>("task_id")
        .field("task_id", TaskState::taskId)
        .field("kind", TaskState::kind)
        .field("state", task -> task.state().text())
        .field("attempt", TaskState::attempt)
        .field("started_at", TaskState::startedAt)
        .field("ended_at", TaskState::endedAt)
        .field("rows", TaskState::rows)
        .field("bytes", TaskState::bytes)
        .field("seconds", task -> RunWatcher.duration(task).toMillis() / 1000.0)
        .field("error", TaskState::error)
        .field("facts", TaskState::facts)
        .field(
            "attempts",
            task ->
                attempts.getOrDefault(task.taskId(), List.of()).stream().map(RunJson::of).toList());
  }

  private static Fields of(AttemptState attempt) {
    return new Fields()
        .with("attempt", attempt.number())
        .with("state", attempt.state())
        .with("started_at", attempt.startedAt())
        .with("ended_at", attempt.endedAt())
        .with("error", attempt.error());
  }
}
