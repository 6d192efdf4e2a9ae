package io.ecluse.project;

import io.ecluse.pipeline.RetryPolicy;
import io.ecluse.pipeline.RunLimits;
import io.ecluse.pipeline.Schedule;
import io.ecluse.pipeline.Task;
import io.ecluse.pipeline.Work;
import io.ecluse.project.DagFile.Action;
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

  static DagFile dag(String id, String path, Value.Entries content) {
    RetryPolicy retry = retry(content, RetryPolicy.DEFAULT);
    Duration timeout = SourceAssembly.duration(content, "task_timeout", Task.DEFAULT_TIMEOUT);
    Value.Entries tasks = content.entries("tasks");
    List<DagFile.Step> steps = new ArrayList<>();
    tasks
        .values()
        .keySet()
        .forEach(name -> steps.add(step(name, tasks.entries(name), retry, timeout)));
    ZoneId zone = ZoneId.of(content.text("timezone", "UTC"));
    return new DagFile(
        id,
        path,
        content.text("description", ""),
        content.text("schedule").map(cron -> new Schedule(cron.text(), zone)),
        new RunLimits(
            content.whole("max_parallel_tasks").orElse(RunLimits.DEFAULT.maxParallelTasks()),
            SourceAssembly.duration(content, "timeout", RunLimits.DEFAULT.timeout())),
        params(content.entries("params")),
        kinds(content.entries("params")),
        steps);
  }

  private static Map<String, String> params(Value.Entries declared) {
    Map<String, String> params = new LinkedHashMap<>();
    declared.values().forEach((name, value) -> params.put(name, text(value)));
    return params;
  }

  private static Map<String, ParamKind> kinds(Value.Entries declared) {
    Map<String, ParamKind> kinds = new LinkedHashMap<>();
    declared.values().forEach((name, value) -> kinds.put(name, ParamKind.of(value)));
    return kinds;
  }

  private static String text(Value value) {
    if (value instanceof Value.Text text) {
      return text.text();
    } else if (value instanceof Value.Decimal decimal) {
      return decimal.number().toPlainString();
    } else if (value instanceof Value.Flag flag) {
      return String.valueOf(flag.flag());
    }
    throw new AssertionError("Unhandled " + value);
  }

  private static DagFile.Step step(
      String name, Value.Entries task, RetryPolicy retry, Duration timeout) {
    Set<String> after = new LinkedHashSet<>();
    task.items("after").texts().forEach(text -> after.add(text.text()));
    return new DagFile.Step(
        name,
        action(task),
        after,
        retry(task, retry),
        SourceAssembly.duration(task, "timeout", timeout));
  }

  private static Action action(Value.Entries task) {
    List<String> streams = task.items("streams").texts().stream().map(Value.Text::text).toList();
    if (task.has("extract")) {
      return new Action.Extract(task.text("extract", ""), streams, Work.Extract.Reading.AS_PLANNED);
    } else if (task.has("load")) {
      return new Action.Load(task.text("load", ""), streams);
    } else if (task.has("build")) {
      return new Action.Build(task.text("build", ""));
    } else if (task.has("test")) {
      return new Action.Test(task.text("test", ""));
    } else if (task.has("audit")) {
      return new Action.Audit(task.text("audit", ""));
    }
    return new Action.Nothing();
  }

  private static RetryPolicy retry(Value.Entries content, RetryPolicy otherwise) {
    Duration delay = SourceAssembly.duration(content, "retry_delay", otherwise.delay());
    return new RetryPolicy(
        content.whole("retries").orElse(otherwise.retries()),
        delay,
        content
            .number("retry_backoff")
            .map(number -> number.doubleValue())
            .orElse(otherwise.backoff()),
        SourceAssembly.duration(content, "retry_max_delay", otherwise.maxDelay()));
  }
}
