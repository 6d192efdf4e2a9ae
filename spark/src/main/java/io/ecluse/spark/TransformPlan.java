package io.ecluse.spark;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * What a {@link TransformApplication} is to do, as a JSON file says it:
 *
 * <pre>
 * { "tables": { "erp.students": { "iceberg": "/warehouse/dev/…/00003.metadata.json" },
 *               "erp.grades":   { "parquet": "/a/file/or/folder" } },
 *   "models": [ { "name": "core.average_grades", "sql": "SELECT …" } ],
 *   "output": "/folder" }
 * </pre>
 *
 * @param tables the tables that are there, by name
 * @param models what to build, each after those that it reads; a view is a model like another here
 * @param output folder that gets one folder of Parquet files per model, of the model's name
 */
public record TransformPlan(Map<String, Input> tables, List<Model> models, String output) {
  private static final Pattern NAME =
      Pattern.compile("[a-z_][a-z0-9_]*\\.[a-z_][a-z0-9_]*", Pattern.CASE_INSENSITIVE);

  public TransformPlan {
    tables = Map.copyOf(tables);
    models = List.copyOf(models);
    if (output.isBlank()) {
      throw new TransformException("The plan's output must be a folder");
    }
    Set<String> names = new HashSet<>();
    tables.keySet().forEach(name -> requireNew(name, names));
    models.forEach(model -> requireNew(model.name(), names));
  }

  /** Where the rows of a table are. */
  public sealed interface Input {
    /** One version of an Iceberg table: the location of its {@code metadata.json}. */
    record Iceberg(String metadata) implements Input {}

    /** A Parquet file, or a folder of them. */
    record Parquet(String location) implements Input {}
  }

  /** One SELECT that makes one table. */
  public record Model(String name, String sql) {}

  /**
   * Reads a plan.
   *
   * @throws TransformException if there is none, or it says something else than a plan
   */
  public static TransformPlan read(Path file) {
    try {
      JsonNode root = new ObjectMapper().readTree(file.toFile());
      requireKeys(root, "The plan", Set.of("tables", "models", "output"));
      Map<String, Input> tables = new LinkedHashMap<>();
      for (Map.Entry<String, JsonNode> table : required(root, "tables", "The plan").properties()) {
        tables.put(table.getKey(), input(table.getKey(), table.getValue()));
      }
      List<Model> models = new ArrayList<>();
      for (JsonNode model : required(root, "models", "The plan")) {
        requireKeys(model, "A model", Set.of("name", "sql"));
        models.add(new Model(text(model, "name", "A model"), text(model, "sql", "A model")));
      }
      return new TransformPlan(tables, models, text(root, "output", "The plan"));
    } catch (IOException e) {
      throw new TransformException(
          "The plan %s cannot be read: %s".formatted(file, e.getMessage()), e);
    }
  }

  private static Input input(String table, JsonNode node) {
    requireKeys(node, "Table " + table, Set.of("iceberg", "parquet"));
    if (node.size() != 1) {
      throw new TransformException("Table %s needs one of iceberg, parquet".formatted(table));
    }
    return node.has("iceberg")
        ? new Input.Iceberg(text(node, "iceberg", "Table " + table))
        : new Input.Parquet(text(node, "parquet", "Table " + table));
  }

  private static JsonNode required(JsonNode node, String key, String owner) {
    JsonNode value = node.get(key);
    if (value == null || value.isNull()) {
      throw new TransformException("%s needs the key %s".formatted(owner, key));
    }
    return value;
  }

  private static String text(JsonNode node, String key, String owner) {
    JsonNode value = required(node, key, owner);
    if (!value.isTextual()) {
      throw new TransformException("%s: %s must be a text".formatted(owner, key));
    }
    return value.textValue();
  }

  private static void requireKeys(JsonNode node, String owner, Set<String> keys) {
    if (!node.isObject()) {
      throw new TransformException("%s must be a JSON object".formatted(owner));
    }
    for (Map.Entry<String, JsonNode> property : node.properties()) {
      if (!keys.contains(property.getKey())) {
        throw new TransformException(
            "%s has the unknown key %s; allowed are %s"
                .formatted(
                    owner, property.getKey(), String.join(", ", keys.stream().sorted().toList())));
      }
    }
  }

  private static void requireNew(String name, Set<String> names) {
    if (!NAME.matcher(name).matches()) {
      throw new TransformException(
          "A table's name is schema.name, as in marts.students, but one is '%s'".formatted(name));
    }
    if (!names.add(name)) {
      throw new TransformException("The plan names %s twice".formatted(name));
    }
  }
}
