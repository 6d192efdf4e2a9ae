package io.ecluse.cli;

import io.ecluse.scheduler.AttemptState;
import io.ecluse.scheduler.Run;
import io.ecluse.scheduler.TaskState;
import java.util.ArrayList;
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
    Fields json = of(run);
    List<Fields> list = new ArrayList<>();
    for (TaskState task : tasks) {
      list.add(
          new Fields()
              .with("task_id", task.taskId())
              .with("kind", task.kind())
              .with("state", task.state().text())
              .with("attempt", task.attempt())
              .with("started_at", task.startedAt())
              .with("ended_at", task.endedAt())
              .with("rows", task.rows())
              .with("bytes", task.bytes())
              .with("seconds", RunWatcher.duration(task).toMillis() / 1000.0)
              .with("error", task.error())
              .with("facts", task.facts())
              .with(
                  "attempts",
                  attempts.getOrDefault(task.taskId(), List.of()).stream()
                      .map(RunJson::of)
                      .toList()));
    }
    json.put("tasks", list);
    return json;
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
