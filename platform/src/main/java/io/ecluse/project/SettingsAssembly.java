package io.ecluse.project;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalLong;

/**
 * Makes the {@link Settings} of each environment: its own value, else the project's, else the
 * default.
 */
record SettingsAssembly(Path folder, Value.Entries project) {
  Map<String, Settings> byEnvironment() {
    Value.Entries environments = project.entries("environments");
    Map<String, Settings> settings = new LinkedHashMap<>();
    for (String name : environments.values().keySet()) {
      settings.put(name, settings(name, environments.entries(name)));
    }
    if (settings.isEmpty()) {
      String name = Project.DEFAULT_ENVIRONMENT;
      settings.put(name, settings(name, Value.Entries.none(Position.START)));
    }
    return settings;
  }

  private Settings settings(String name, Value.Entries environment) {
    Value.Entries staging = over(environment, "staging");
    Value.Entries warehouse = over(environment, "warehouse");
    Value.Entries query = over(environment, "query");
    Value.Entries database = over(environment, "database");
    return new Settings(
        name,
        new Settings.Staging(
            store(staging.text("location", ".ecluse/staging")),
            staging.text("format", "parquet"),
            staging.duration("keep_batches", Settings.Staging.DEFAULT_KEEP_BATCHES),
            staging.bytes("cache").orElse(Settings.Staging.DEFAULT_CACHE_BYTES),
            staging),
        new Settings.Warehouse(
            store(warehouse.text("location", ".ecluse/warehouse")),
            warehouse.duration("keep_snapshots", Settings.Warehouse.DEFAULT_KEEP_SNAPSHOTS),
            warehouse.bytes("cache").orElse(Settings.Warehouse.DEFAULT_CACHE_BYTES),
            warehouse),
        new Settings.Query(
            query
                .text("memory_limit")
                .map(text -> OptionalLong.of(Format.bytes(text.text())))
                .orElse(OptionalLong.empty()),
            query.whole("threads"),
            query
                .number("max_rows")
                .map(rows -> rows.longValue())
                .orElse(Settings.Query.DEFAULT_MAX_ROWS),
            query.duration("timeout", Settings.Query.DEFAULT_TIMEOUT)),
        Compute.of(environment).over(Compute.of(project)),
        clusters(environment),
        database
            .template("url")
            .map(
                url ->
                    new Settings.Database(
                        url, database.template("user"), database.template("password"))));
  }

  private Map<String, Settings.Cluster> clusters(Value.Entries environment) {
    Value.Entries clusters = over(environment, "clusters");
    Map<String, Settings.Cluster> named = new LinkedHashMap<>();
    for (String name : clusters.values().keySet()) {
      Value.Entries content = clusters.entries(name);
      named.put(name, new Settings.Cluster(name, content.text("type", ""), content));
    }
    return named;
  }

  /** The project's section with the environment's keys over it. */
  private Value.Entries over(Value.Entries environment, String section) {
    Value.Entries base = project.entries(section);
    Map<String, Value> values = new LinkedHashMap<>(base.values());
    values.putAll(environment.entries(section).values());
    return new Value.Entries(base.at(), values, base.keys());
  }

  private String store(String text) {
    return text.matches("(?i)(s3|hdfs)://.*")
        ? text.replaceFirst("/+$", "")
        : location(text).toString();
  }

  private Path location(String text) {
    return folder.resolve(text.replaceFirst("^(?i:file):(//)?", "")).normalize();
  }
}
