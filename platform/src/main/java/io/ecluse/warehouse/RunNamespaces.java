package io.ecluse.warehouse;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.iceberg.exceptions.AlreadyExistsException;

/**
 * Schemas that a run makes before it has a table in them, and what engines of others say of schemas
 * within a run. They are gone with what the run stages; a schema is there for readers as soon as a
 * table or view of it is. Safe for use by several threads.
 */
public final class RunNamespaces {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final TypeReference<TreeMap<String, String>> PROPERTIES = new TypeReference<>() {};

  private final Staging staging;
  private final String environment;
  private final String runId;

  RunNamespaces(Staging staging, String environment, String runId) {
    this.staging = staging;
    this.environment = environment;
    this.runId = runId;
  }

  /** Those that the run has made, and what was said of each. */
  public SortedMap<String, Map<String, String>> made() {
    SortedMap<String, Map<String, String>> rows = new TreeMap<>();
    staging
        .jdbi()
        .useHandle(
            h ->
                h.createQuery(
                        "SELECT namespace, properties FROM run_namespace WHERE run_id = :run AND environment = :environment")
                    .bind("run", runId)
                    .bind("environment", environment)
                    .map((rs, c) -> Map.entry(rs.getString(1), read(rs.getString(2))))
                    .forEach(e -> rows.put(e.getKey(), e.getValue())));
    return rows;
  }

  /**
   * Makes a schema.
   *
   * @throws AlreadyExistsException if the run has made it
   */
  public void make(String name, Map<String, String> properties) {
    ForeignRules.checkName("schema", name);
    if (!keep(name, properties, "ON CONFLICT DO NOTHING")) {
      throw new AlreadyExistsException("Namespace already exists: %s", name);
    }
  }

  /** Says something else of a schema. */
  public void describe(String name, Map<String, String> properties) {
    keep(
        name,
        properties,
        "ON CONFLICT (run_id, namespace) DO UPDATE SET properties = excluded.properties");
  }

  private boolean keep(String name, Map<String, String> properties, String otherwise) {
    return staging
        .jdbi()
        .inTransaction(
            h -> {
              staging.hold(h, runId);
              return h.createUpdate(
                          "INSERT INTO run_namespace (run_id, environment, namespace, properties) VALUES (:run, :environment, :name, :properties) "
                              + otherwise)
                      .bind("run", runId)
                      .bind("environment", environment)
                      .bind("name", name)
                      .bind("properties", write(properties))
                      .execute()
                  == 1;
            });
  }

  /** Takes a schema back; false if the run has not made it. */
  public boolean drop(String name) {
    return staging
        .jdbi()
        .inTransaction(
            h -> {
              staging.hold(h, runId);
              return h.execute(
                      "DELETE FROM run_namespace WHERE run_id = ? AND environment = ? AND namespace = ?",
                      runId,
                      environment,
                      name)
                  == 1;
            });
  }

  private static Map<String, String> read(String json) {
    try {
      return JSON.readValue(json, PROPERTIES);
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String write(Map<String, String> properties) {
    try {
      return JSON.writeValueAsString(new TreeMap<>(properties));
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }
}
