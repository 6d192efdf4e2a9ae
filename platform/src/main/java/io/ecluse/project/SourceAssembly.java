package io.ecluse.project;

import io.ecluse.schema.DriftPolicy;
import io.ecluse.schema.Layout;
import java.time.Duration;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Makes a {@link SourceFile} of a file in which nothing is wrong. */
final class SourceAssembly {
  private static final List<String> OPTIONS = List.of("sslmode", "sslrootcert");
  private static final Map<String, String> DEFAULT_SCHEMAS = Map.of("postgres", "public");
  private static final Map<String, Integer> USUAL_CONNECTIONS = Map.of("mariadb", 1, "jdbc", 1);
  private static final String DEFAULT_PORT = "5432";

  private SourceAssembly() {}

  static SourceFile source(String name, String path, Value.Entries content) {
    Map<String, SourceFile.Stream> streams = new LinkedHashMap<>();
    Value.Entries declared = content.entries("streams");
    declared.values().keySet().forEach(s -> streams.put(s, stream(s, declared.entries(s))));
    return new SourceFile(
        name,
        path,
        content.text("description", ""),
        type(content.text("type", "")),
        access(content),
        content.text("schema", DEFAULT_SCHEMAS.getOrDefault(content.text("type", ""), "")),
        streams,
        ProjectAssembly.constant(DriftPolicy.class, content.text("drift", "evolve")),
        extraction(content.text("type", ""), content.entries("extract")));
  }

  private static SourceFile.Access access(Value.Entries content) {
    return switch (content.text("type", "")) {
      case "files" -> AccessAssembly.folder(content);
      case "jdbc" -> AccessAssembly.url(content.entries("connection"));
      case "http" -> ApiAssembly.api(content);
      case "mariadb" -> connection(content.entries("connection"), "3306");
      case "postgres" -> connection(content.entries("connection"), DEFAULT_PORT);
      default ->
          new SourceFile.Plugin(
              content.text("type", ""), ApiAssembly.templates(content.entries("settings")));
    };
  }

  private static SourceFile.Type type(String word) {
    return SourceShapes.builtIn().containsKey(word)
        ? ProjectAssembly.constant(SourceFile.Type.class, word)
        : SourceFile.Type.PLUGIN;
  }

  private static SourceFile.Connection connection(Value.Entries content, String usualPort) {
    String port = content.number("port").map(number -> number.toPlainString()).orElse(usualPort);
    Map<String, Template> options = new LinkedHashMap<>();
    OPTIONS.forEach(
        key -> content.text(key).ifPresent(value -> options.put(key, new Template(value.text()))));
    return new SourceFile.Connection(
        new Template(content.text("host", "")),
        new Template(content.text("port", port)),
        new Template(content.text("database", "")),
        new Template(content.text("user", "")),
        content.text("password").map(password -> new Template(password.text())),
        options);
  }

  private static SourceFile.Stream stream(String name, Value.Entries content) {
    Map<String, SourceFile.Column> columns = new LinkedHashMap<>();
    Value.Entries declared = content.entries("columns");
    declared.values().keySet().forEach(c -> columns.put(c, column(c, declared.entries(c))));
    return new SourceFile.Stream(
        name,
        content.text("description", ""),
        ProjectAssembly.constant(SourceFile.Mode.class, content.text("mode", "full")),
        content.text("cursor").map(Value.Text::text),
        lookBack(content),
        content.text("deletes", "ignore").equals("detect"),
        flag(content, "history").orElse(false),
        content.items("primary_key").texts().stream().map(Value.Text::text).toList(),
        layout(content),
        columns);
  }

  /** How a table is to be laid out, as far as that is said. */
  static Layout layout(Value.Entries content) {
    return new Layout(
        content.text("partition").map(t -> Layout.partition(t.text())).orElse(List.of()),
        content.text("sort").map(t -> Layout.sort(t.text())).orElse(List.of()));
  }

  private static SourceFile.Column column(String name, Value.Entries content) {
    Optional<String> category = content.text("personal").map(Value.Text::text);
    Optional<Boolean> personal =
        category.isPresent() ? Optional.of(true) : flag(content, "personal");
    return new SourceFile.Column(name, content.text("description", ""), personal, category);
  }

  static Optional<Boolean> flag(Value.Entries content, String key) {
    return content
        .value(key)
        .filter(Value.Flag.class::isInstance)
        .map(flag -> ((Value.Flag) flag).flag());
  }

  /** A whole number as it is, a duration as ISO 8601 has it. */
  private static Optional<String> lookBack(Value.Entries content) {
    return content
        .number("look_back")
        .map(n -> n.toPlainString())
        .or(() -> content.text("look_back").map(t -> Format.duration(t.text()).toString()));
  }

  private static SourceFile.Extraction extraction(String type, Value.Entries content) {
    SourceFile.Extraction usual = SourceFile.Extraction.DEFAULT;
    return new SourceFile.Extraction(
        content
            .whole("connections")
            .orElse(USUAL_CONNECTIONS.getOrDefault(type, usual.connections())),
        duration(content, "statement_timeout", usual.statementTimeout()),
        duration(content, "lock_timeout", usual.lockTimeout()),
        duration(content, "connect_timeout", usual.connectTimeout()),
        content.number("max_slowdown").map(n -> n.intValue()),
        content.text("max_rate").map(t -> Format.bytes(t.text())),
        content.number("max_rejected").map(n -> n.longValue()).orElse(usual.maxRejected()),
        duration(content, "snapshot_life", usual.snapshotLife()),
        content.text("compare", "counts").equals("checksums"),
        content.text("row_security", "refuse").equals("apply"),
        content.has("hours") ? Optional.of(hours(content.entries("hours"))) : Optional.empty());
  }

  private static ReadingHours hours(Value.Entries content) {
    return new ReadingHours(
        LocalTime.parse(content.text("from", "")),
        LocalTime.parse(content.text("to", "")),
        ZoneId.of(content.text("timezone", "UTC")));
  }

  static Duration duration(Value.Entries content, String key, Duration otherwise) {
    return content.text(key).map(text -> Format.duration(text.text())).orElse(otherwise);
  }
}
