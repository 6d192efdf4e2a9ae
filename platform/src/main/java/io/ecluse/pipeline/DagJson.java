package io.ecluse.pipeline;

import java.time.Duration;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The stable JSON form of a {@link Dag}, in which a run keeps the DAG it was made with. Written
 * field by field, so that renaming a record component cannot change what is stored.
 */
public final class DagJson {
  private static final String WRITES = "writes";
  private static final Set<String> OF_EVERY_TASK =
      Set.of(
          "id",
          "kind",
          "upstream",
          "retries",
          "retry_delay_ms",
          "retry_backoff",
          "retry_max_delay_ms",
          "timeout_ms",
          "queue");

  private DagJson() {}

  public static String write(Dag dag) {
    ObjectNode json = JsonMapper.shared().createObjectNode();
    json.put("id", dag.id()).put("description", dag.description());
    dag.schedule()
        .ifPresent(
            schedule ->
                json.putObject("schedule")
                    .put("cron", schedule.cron())
                    .put("timezone", schedule.zone().getId()));
    json.put("max_parallel_tasks", dag.limits().maxParallelTasks());
    json.put("timeout_ms", dag.limits().timeout().toMillis());
    if (!dag.params().isEmpty()) {
      ObjectNode params = json.putObject("params");
      dag.params().forEach(params::put);
    }
    ArrayNode tasks = json.putArray("tasks");
    dag.tasks().forEach(task -> write(task, tasks.addObject()));
    return JsonMapper.shared().writeValueAsString(json);
  }

  /** Refuses text that {@link #write} did not write. */
  public static Dag read(String text) {
    try {
      JsonNode json = JsonMapper.shared().readTree(text);
      List<Task> tasks = new ArrayList<>();
      json.required("tasks").forEach(task -> tasks.add(readTask(task)));
      return new Dag(
          text(json, "id"),
          text(json, "description"),
          Optional.ofNullable(json.get("schedule")).map(DagJson::readSchedule),
          new RunLimits(number(json, "max_parallel_tasks"), millis(json, "timeout_ms")),
          tasks,
          readParams(json.path("params")));
    } catch (JacksonException e) {
      throw Checks.invalid("This is not the JSON form of a DAG: " + e.getOriginalMessage());
    }
  }

  private static void write(Task task, ObjectNode json) {
    json.put("id", task.id()).put("kind", task.work().kind());
    writeWork(task.work(), json);
    ArrayNode upstream = json.putArray("upstream");
    task.upstream().forEach(upstream::add);
    RetryPolicy retry = task.retry();
    json.put("retries", retry.retries())
        .put("retry_delay_ms", retry.delay().toMillis())
        .put("retry_backoff", retry.backoff())
        .put("retry_max_delay_ms", retry.maxDelay().toMillis())
        .put("timeout_ms", task.timeout().toMillis());
    if (!task.queue().equals(Task.DEFAULT_QUEUE)) {
      json.put("queue", task.queue());
    }
  }

  private static void writeWork(Work work, ObjectNode json) {
    work.texts().forEach(json::put);
    work.lists()
        .forEach(
            (name, list) -> {
              ArrayNode items = json.putArray(name);
              list.forEach(items::add);
            });
    if (!work.writes().isEmpty()) {
      ArrayNode tables = json.putArray(WRITES);
      work.writes().forEach(tables::add);
    }
  }

  private static Task readTask(JsonNode json) {
    Set<String> upstream = new LinkedHashSet<>(texts(json, "upstream"));
    RetryPolicy retry =
        new RetryPolicy(
            number(json, "retries"),
            millis(json, "retry_delay_ms"),
            json.required("retry_backoff").doubleValue(),
            millis(json, "retry_max_delay_ms"));
    return new Task(
        text(json, "id"),
        readWork(json),
        upstream,
        retry,
        millis(json, "timeout_ms"),
        json.path("queue").asString(Task.DEFAULT_QUEUE));
  }

  /** Whatever is no matter of the scheduler is the kind's. */
  private static Work readWork(JsonNode json) {
    Map<String, String> texts = new LinkedHashMap<>();
    Map<String, List<String>> lists = new LinkedHashMap<>();
    for (Map.Entry<String, JsonNode> field : json.properties()) {
      String name = field.getKey();
      if (!OF_EVERY_TASK.contains(name) && field.getValue().isArray()) {
        lists.put(name, texts(json, name));
      } else if (!OF_EVERY_TASK.contains(name) && field.getValue().isBoolean()) {
        lists.put(name, List.of(field.getValue().asString())); // as older versions wrote it
      } else if (!OF_EVERY_TASK.contains(name)) {
        texts.put(name, field.getValue().stringValue());
      }
    }
    List<String> writes = Optional.ofNullable(lists.remove(WRITES)).orElse(List.of());
    return new Work(text(json, "kind"), texts, lists, new LinkedHashSet<>(writes));
  }

  private static Map<String, String> readParams(JsonNode json) {
    Map<String, String> params = new TreeMap<>();
    json.properties().forEach(p -> params.put(p.getKey(), p.getValue().stringValue()));
    return params;
  }

  private static Schedule readSchedule(JsonNode json) {
    return new Schedule(text(json, "cron"), ZoneId.of(text(json, "timezone")));
  }

  private static List<String> texts(JsonNode json, String field) {
    List<String> texts = new ArrayList<>();
    json.required(field).forEach(item -> texts.add(item.stringValue()));
    return texts;
  }

  private static String text(JsonNode json, String field) {
    return json.required(field).stringValue();
  }

  private static int number(JsonNode json, String field) {
    return json.required(field).intValue();
  }

  private static Duration millis(JsonNode json, String field) {
    return Duration.ofMillis(json.required(field).longValue());
  }
}
