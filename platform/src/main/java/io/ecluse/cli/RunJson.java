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

  static Map<String, Object> of(Run run) {
    return Output.object(
        "id", run.id(),
        "dag_id", run.dagId(),
        "environment", run.environment(),
        "state", run.state().text(),
        "trigger", run.trigger().text(),
        "params", run.params(),
        "logical_time", run.logicalTime(),
        "created_at", run.createdAt(),
        "started_at", run.startedAt(),
        "ended_at", run.endedAt(),
        "error", run.error());
  }

  /**
   * A run with its tasks.
   *
   * @param attempts by task
   */
  static Map<String, Object> of(
      Run run, List<TaskState> tasks, Map<String, List<AttemptState>> attempts) {
    Map<String, Object> json = of(run);
    List<Map<String, Object>> list = new ArrayList<>();
    for (TaskState task : tasks) {
      list.add(
          Output.object(
              "task_id", task.taskId(),
              "kind", task.kind(),
              "state", task.state().text(),
              "attempt", task.attempt(),
              "started_at", task.startedAt(),
              "ended_at", task.endedAt(),
              "rows", task.rows(),
              "bytes", task.bytes(),
              "seconds", RunWatcher.duration(task).toMillis() / 1000.0,
              "error", task.error(),
              "facts", task.facts(),
              "attempts",
                  attempts.getOrDefault(task.taskId(), List.of()).stream()
                      .map(RunJson::of)
                      .toList()));
    }
    json.put("tasks", list);
    return json;
  }

  private static Map<String, Object> of(AttemptState attempt) {
    return Output.object(
        "attempt", attempt.number(),
        "state", attempt.state(),
        "started_at", attempt.startedAt(),
        "ended_at", attempt.endedAt(),
        "error", attempt.error());
  }
}
