package io.ecluse.project;

import io.ecluse.pipeline.RetryPolicy;
import io.ecluse.pipeline.RunLimits;
import io.ecluse.pipeline.Schedule;
import io.ecluse.pipeline.Task;
import io.ecluse.project.DagFile.Action;
import io.ecluse.project.ProjectFiles.Part;
import java.time.Duration;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Makes a {@link DagFile} of a file in which nothing is wrong. */
final class DagAssembly {
  private DagAssembly() {}

  /** What holds for tasks that do not say it. */
  private record OfAll(RetryPolicy retry, Duration timeout, String queue) {}

  static DagFile dag(String id, Part part, Vocabulary vocabulary) {
    Value.Entries content = part.content().orElseThrow();
    OfAll all =
        new OfAll(
            retry(content, RetryPolicy.DEFAULT),
            content.duration("task_timeout", Task.DEFAULT_TIMEOUT),
            content.text("queue", Task.DEFAULT_QUEUE));
    Value.Entries tasks = content.entries("tasks");
    List<DagFile.Step> steps = new ArrayList<>();
    tasks
        .values()
        .keySet()
        .forEach(
            name ->
                steps.add(
                    step(name, action(tasks.entries(name), vocabulary), tasks.entries(name), all)));
    ZoneId zone = ZoneId.of(content.text("timezone", "UTC"));
    return new DagFile(
        id,
        part.path(),
        content.text("description", ""),
        content.text("schedule").map(cron -> new Schedule(cron.text(), zone)),
        new RunLimits(
            content.whole("max_parallel_tasks").orElse(RunLimits.DEFAULT.maxParallelTasks()),
            content.duration("timeout", RunLimits.DEFAULT.timeout())),
        Compute.of(content),
        params(content.entries("params")),
        kinds(content.entries("params")),
        steps);
  }

  private static Map<String, String> params(Value.Entries declared) {
    Map<String, String> params = new LinkedHashMap<>();
    declared.values().forEach((name, value) -> params.put(name, value.asText().orElseThrow()));
    return params;
  }

  private static Map<String, ParamKind> kinds(Value.Entries declared) {
    Map<String, ParamKind> kinds = new LinkedHashMap<>();
    declared.values().forEach((name, value) -> kinds.put(name, ParamKind.of(value)));
    return kinds;
  }

  private static DagFile.Step step(String name, Action action, Value.Entries task, OfAll all) {
    Set<String> after = new LinkedHashSet<>();
    task.items("after").texts().forEach(text -> after.add(text.text()));
    return new DagFile.Step(
        name,
        action,
        after,
        retry(task, all.retry()),
        task.duration("timeout", all.timeout()),
        task.text("queue", all.queue()));
  }

  /** Of the one kind that it asks for; of none, nothing. */
  private static Action action(Value.Entries task, Vocabulary vocabulary) {
    return vocabulary.asked().stream()
        .filter(kind -> task.has(kind.name()))
        .findFirst()
        .map(kind -> kind.action(task))
        .orElse(expansion -> {});
  }

  private static RetryPolicy retry(Value.Entries content, RetryPolicy otherwise) {
    Duration delay = content.duration("retry_delay", otherwise.delay());
    return new RetryPolicy(
        content.whole("retries").orElse(otherwise.retries()),
        delay,
        content
            .number("retry_backoff")
            .map(number -> number.doubleValue())
            .orElse(otherwise.backoff()),
        content.duration("retry_max_delay", otherwise.maxDelay()));
  }
}
