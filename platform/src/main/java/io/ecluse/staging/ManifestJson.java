package io.ecluse.staging;

import io.ecluse.error.EcluseException;
import io.ecluse.error.ErrorCode;
import io.ecluse.schema.Column;
import io.ecluse.schema.DataType;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
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
    ArrayNode parts = root.putArray("parts");
    for (Part part : manifest.parts()) {
      ObjectNode written =
          parts
              .addObject()
              .put("file", part.file())
              .put("rows", part.rows())
              .put("bytes", part.bytes())
              .put("sha256", part.sha256());
      part.origin().ifPresent(o -> write(o, written.putObject("origin")));
    }
    root.put("started_at", manifest.startedAt().toString());
    root.put("ended_at", manifest.endedAt().toString());
    root.put("extractor", manifest.extractor());
    return JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(root);
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
      List<Part> parts = new ArrayList<>();
      for (JsonNode part : root.required("parts")) {
        parts.add(
            new Part(
                text(part, "file"),
                part.required("rows").asLong(),
                part.required("bytes").asLong(),
                text(part, "sha256"),
                origin(part)));
      }
      return new BatchManifest(
          text(root, "source"),
          text(root, "stream"),
          text(root, "extract_id"),
          text(root, "run_id"),
          text(root, "position"),
          columns,
          root.required("rows").asLong(),
          parts,
          Instant.parse(text(root, "started_at")),
          Instant.parse(text(root, "ended_at")),
          text(root, "extractor"));
    } catch (JacksonException | IllegalArgumentException | java.util.NoSuchElementException e) {
      throw new EcluseException(
          ErrorCode.DATA_CORRUPT,
          "%s is not a readable manifest (%s); delete its folder and extract again"
              .formatted(where, e.getMessage()),
          e);
    }
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

  private static String text(JsonNode node, String key) {
    return node.required(key).asString();
  }
}
