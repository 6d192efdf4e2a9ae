package io.ecluse.spark;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What the platform asks for, as its door says it.
 *
 * @param id what the door knows it by; the commit is marked with it
 * @param catalog address of the Iceberg REST catalog of the job's run
 * @param settings of Spark, for the session of this job
 * @param snapshot properties for the snapshot that the job commits
 */
record Job(
    String id,
    String catalog,
    Work work,
    Values values,
    Map<String, String> settings,
    Map<String, String> snapshot) {

  Job {
    settings = Map.copyOf(settings);
    snapshot = Map.copyOf(snapshot);
  }

  /** Whether messages may tell values of rows. */
  enum Values {
    SHOWN,
    MASKED
  }

  /**
   * Reads a job.
   *
   * @throws JobException INVALID_USAGE if it is none, or of a kind that this version does not know
   */
  static Job read(JsonNode node) {
    return new Job(
        text(node, "id"),
        text(node, "catalog"),
        work(node),
        node.path("values").asText().equals("shown") ? Values.SHOWN : Values.MASKED,
        texts(node.path("settings")),
        texts(node.path("snapshot")));
  }

  private static Work work(JsonNode node) {
    String kind = text(node, "kind");
    return switch (kind) {
      case "write" -> new Work.Write(text(node, "table"), text(node, "sql"));
      case "query" -> new Work.Query(text(node, "sql"), node.path("maxRows").asInt(1000));
      case "fill" ->
          new Work.Fill(text(node, "table"), files(node.path("parts")), fields(node, "columns"));
      case "sums" ->
          new Work.Sums(
              Optional.ofNullable(node.path("table").textValue()),
              files(node.path("files")),
              fields(node, "columns"));
      case "merge" -> merge(text(node, "table"), node.path("merge"));
      case "script" -> script(node);
      default ->
          throw new JobException(
              JobException.Code.INVALID_USAGE,
              "This version of the Spark application does not know jobs of the kind %s; take the one of the platform's version"
                  .formatted(kind));
    };
  }

  private static Work merge(String table, JsonNode node) {
    List<Work.Step> steps = new ArrayList<>();
    for (JsonNode step : node.path("steps")) {
      steps.add(
          new Work.Step(
              files(step.path("rows")),
              files(step.path("changes")),
              fields(step, "columns"),
              step.has("keys") ? Optional.of(files(step.path("keys"))) : Optional.empty(),
              step.path("whole").asBoolean(false) ? Work.Extent.WHOLE : Work.Extent.PART,
              text(step, "at")));
    }
    return new Work.Merge(
        table,
        text(node, "mode").equals("append") ? Work.Mode.APPEND : Work.Mode.MERGE,
        node.path("versions").asText().equals("ALL") ? Work.Versions.ALL : Work.Versions.LATEST,
        list(node.path("key")),
        node.hasNonNull("base") ? Optional.of(node.get("base").asLong()) : Optional.empty(),
        steps);
  }

  private static Work script(JsonNode node) {
    JsonNode script = node.path("script");
    Map<String, String> facts = new LinkedHashMap<>();
    texts(node.path("facts")).forEach((name, value) -> facts.put("spark.ecluse." + name, value));
    texts(node.path("parameters"))
        .forEach((name, value) -> facts.put("spark.ecluse.parameter." + name, value));
    texts(node.path("interval"))
        .forEach((name, value) -> facts.put("spark.ecluse.interval." + name, value));
    node.path("staging")
        .properties()
        .forEach(
            s ->
                facts.put(
                    "spark.ecluse.staging." + s.getKey(), String.join(",", list(s.getValue()))));
    List<String> files = new ArrayList<>(list(node.path("jars")));
    files.addAll(list(script.path("files")));
    return new Work.Script(
        program(script),
        list(script.path("arguments")),
        list(script.path("packages")),
        files,
        facts);
  }

  private static Work.Program program(JsonNode script) {
    if (script.has("sql")) {
      return new Work.Program.Sql(text(script, "sql"));
    }
    return script.has("python")
        ? new Work.Program.Python(text(script, "python"))
        : new Work.Program.Java(text(script, "jar"), text(script, "class"));
  }

  private static List<Work.File> files(JsonNode node) {
    List<Work.File> files = new ArrayList<>();
    for (JsonNode file : node) {
      files.add(
          file.isTextual()
              ? new Work.File(file.textValue(), "")
              : new Work.File(text(file, "file"), file.path("sha256").asText("")));
    }
    return files;
  }

  private static List<Work.Field> fields(JsonNode node, String key) {
    List<Work.Field> fields = new ArrayList<>();
    for (JsonNode field : node.path(key)) {
      fields.add(new Work.Field(text(field, "name"), text(field, "type")));
    }
    return fields;
  }

  private static String text(JsonNode node, String key) {
    JsonNode value = node.path(key);
    if (!value.isTextual()) {
      throw new JobException(
          JobException.Code.INVALID_USAGE,
          "A job needs a text %s, but has %s".formatted(key, value.getNodeType()));
    }
    return value.textValue();
  }

  private static List<String> list(JsonNode node) {
    List<String> texts = new ArrayList<>();
    node.forEach(text -> texts.add(text.asText()));
    return texts;
  }

  private static Map<String, String> texts(JsonNode node) {
    Map<String, String> texts = new LinkedHashMap<>();
    node.properties().forEach(p -> texts.put(p.getKey(), p.getValue().asText()));
    return texts;
  }
}
