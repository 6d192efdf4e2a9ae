package io.ecluse.staging;

import io.ecluse.error.ErrorCode;
import io.ecluse.schema.Column;
import io.ecluse.schema.ContentSums;
import io.ecluse.schema.DataType;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The text of {@code manifest.json}; a format of the platform, so written by hand, field by field.
 */
final class ManifestJson {
  private static final JsonMapper JSON = JsonMapper.shared();

  private ManifestJson() {}

  static byte[] write(BatchManifest manifest) {
    ObjectNode root = JSON.createObjectNode();
    root.put("source", manifest.source());
    root.put("stream", manifest.stream());
    root.put("extract_id", manifest.extractId());
    root.put("run_id", manifest.runId());
    root.put("position", manifest.position());
    ArrayNode columns = root.putArray("columns");
    for (StagedColumn column : manifest.columns()) {
      columns
          .addObject()
          .put("name", column.column().name())
          .put("type", column.column().type().sql())
          .put("source_type", column.sourceType());
    }
    root.put("rows", manifest.rows());
    write(root.putArray("parts"), manifest.parts());
    root.put("started_at", manifest.startedAt().toString());
    root.put("ended_at", manifest.endedAt().toString());
    root.put("extractor", manifest.extractor());
    ArrayNode key = root.putArray("primary_key");
    manifest.primaryKey().forEach(key::add);
    ObjectNode rejected = root.putObject("rejected").put("rows", manifest.rejected().rows());
    ArrayNode examples = rejected.putArray("examples");
    manifest
        .rejected()
        .examples()
        .forEach(
            r -> {
              ObjectNode row = examples.addObject();
              ObjectNode values = row.putObject("key");
              r.key().forEach(values::put);
              row.put("reason", r.reason());
            });
    manifest
        .increment()
        .ifPresent(
            i -> {
              ObjectNode json = root.putObject("increment").put("cursor", i.cursor());
              i.from().ifPresent(v -> json.put("from", v));
              i.to().ifPresent(v -> json.put("to", v));
              i.previous().ifPresent(v -> json.put("previous", v));
              i.moment().ifPresent(v -> json.put("moment", v));
              i.counted().ifPresent(c -> write(c, json));
            });
    manifest.keys().ifPresent(k -> write(root.putArray("keys"), k.parts()));
    manifest.changes().ifPresent(c -> write(root.putArray("changes"), c));
    return JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(root);
  }

  private static void write(Increment.Counted counted, ObjectNode json) {
    json.put("counted", counted.rows());
    counted.before().ifPresent(rows -> json.put("counted_before", rows));
  }

  private static void write(ArrayNode json, List<Part> parts) {
    for (Part part : parts) {
      ObjectNode written =
          json.addObject()
              .put("file", part.file())
              .put("rows", part.rows())
              .put("bytes", part.bytes())
              .put("sha256", part.sha256());
      part.origin().ifPresent(o -> write(o, written.putObject("origin")));
      part.sums()
          .ifPresent(
              sums -> {
                ObjectNode columns = written.putObject("sums");
                new TreeMap<>(sums.columns()).forEach((c, sum) -> columns.put(c, sum.toString()));
              });
    }
  }

  static BatchManifest read(String where, byte[] text) {
    try {
      JsonNode root = JSON.readTree(text);
      List<StagedColumn> columns = new ArrayList<>();
      for (JsonNode column : root.required("columns")) {
        columns.add(
            new StagedColumn(
                new Column(
                    text(column, "name"), DataType.parse(text(column, "type")).orElseThrow()),
                text(column, "source_type")));
      }
      List<Part> parts = parts(root.required("parts"));
      long rows = parts.stream().mapToLong(Part::rows).sum();
      if (rows != root.required("rows").asLong()) {
        throw new IllegalArgumentException("its parts hold " + rows + " rows, but it says others");
      }
      return new BatchManifest(
          text(root, "source"),
          text(root, "stream"),
          text(root, "extract_id"),
          text(root, "run_id"),
          text(root, "position"),
          columns,
          parts,
          Instant.parse(text(root, "started_at")),
          Instant.parse(text(root, "ended_at")),
          text(root, "extractor"),
          texts(root.path("primary_key")),
          rejected(root.path("rejected")),
          increment(root.path("increment")),
          root.has("keys")
              ? Optional.of(new Increment.Keys(parts(root.required("keys"))))
              : Optional.empty(),
          root.has("changes") ? Optional.of(parts(root.required("changes"))) : Optional.empty());
    } catch (JacksonException | IllegalArgumentException | java.util.NoSuchElementException e) {
      throw ErrorCode.DATA_CORRUPT.error(
          "%s is not a readable manifest (%s); delete its folder and extract again"
              .formatted(where, e.getMessage()),
          e);
    }
  }

  private static List<Part> parts(JsonNode json) {
    List<Part> parts = new ArrayList<>();
    for (JsonNode part : json) {
      parts.add(
          new Part(
              text(part, "file"),
              part.required("rows").asLong(),
              part.required("bytes").asLong(),
              text(part, "sha256"),
              origin(part),
              sums(part)));
    }
    return parts;
  }

  private static List<String> texts(JsonNode json) {
    List<String> texts = new ArrayList<>();
    json.forEach(t -> texts.add(t.asString()));
    return texts;
  }

  private static Rejected rejected(JsonNode json) {
    List<Rejected.Row> examples = new ArrayList<>();
    for (JsonNode row : json.path("examples")) {
      Map<String, String> values = new LinkedHashMap<>();
      row.path("key").properties().forEach(e -> values.put(e.getKey(), e.getValue().asString()));
      examples.add(new Rejected.Row(values, text(row, "reason")));
    }
    return new Rejected(json.path("rows").asLong(0), examples);
  }

  private static Optional<Increment> increment(JsonNode json) {
    return json.isMissingNode()
        ? Optional.empty()
        : Optional.of(
            new Increment(
                text(json, "cursor"),
                optional(json, "from"),
                optional(json, "to"),
                optional(json, "previous"),
                optional(json, "moment"),
                number(json, "counted")
                    .map(rows -> new Increment.Counted(rows, number(json, "counted_before")))));
  }

  private static Optional<Long> number(JsonNode json, String key) {
    return json.has(key) ? Optional.of(json.required(key).asLong()) : Optional.empty();
  }

  private static Optional<String> optional(JsonNode json, String key) {
    return json.has(key) ? Optional.of(text(json, key)) : Optional.empty();
  }

  private static void write(Origin origin, ObjectNode node) {
    node.put("file", origin.file())
        .put("bytes", origin.bytes())
        .put("modified_at", origin.modifiedAt().toString())
        .put("reading", origin.reading());
  }

  private static Optional<Origin> origin(JsonNode part) {
    if (!part.has("origin")) {
      return Optional.empty();
    }
    JsonNode origin = part.required("origin");
    return Optional.of(
        new Origin(
            text(origin, "file"),
            origin.required("bytes").asLong(),
            Instant.parse(text(origin, "modified_at")),
            text(origin, "reading")));
  }

  private static Optional<ContentSums> sums(JsonNode part) {
    if (!part.has("sums")) {
      return Optional.empty();
    }
    Map<String, ContentSums.Sum> sums = new LinkedHashMap<>();
    part.required("sums")
        .properties()
        .forEach(e -> sums.put(e.getKey(), ContentSums.Sum.parse(e.getValue().asString())));
    return Optional.of(new ContentSums(sums));
  }

  private static String text(JsonNode node, String key) {
    return node.required(key).asString();
  }
}
