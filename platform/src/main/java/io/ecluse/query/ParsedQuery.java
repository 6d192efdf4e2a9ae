package io.ecluse.query;

import io.ecluse.error.EcluseException;
import io.ecluse.error.EcluseException.Position;
import io.ecluse.error.ErrorCode;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * One SELECT as DuckDB's own parser sees it: which tables it reads. What is not a single SELECT, or
 * reaches for files, is refused here, before anything runs.
 */
record ParsedQuery(List<Reference> references) {
  /** A table named in FROM, lower case, and where in the text. */
  record Reference(String schema, String name, Position position) {}

  /** Functions that make rows out of nothing but their arguments. */
  static final Set<String> TABLE_FUNCTIONS =
      Set.of(
          "range", "generate_series", "unnest", "repeat", "repeat_row", "json_each", "json_tree");

  static ParsedQuery of(String sql, String serialized) {
    JsonNode root = JsonMapper.shared().readTree(serialized);
    if (root.path("error").asBoolean()) {
      throw refused(sql, root);
    }
    if (root.path("statements").size() != 1) {
      throw new EcluseException(
          ErrorCode.SQL_INVALID,
          "Exactly one SELECT can be run at a time, but there are %d statements"
              .formatted(root.path("statements").size()));
    }
    Walk walk = new Walk(sql);
    walk.visit(root);
    List<Reference> tables =
        walk.references.stream()
            .filter(r -> !r.schema().isEmpty() || !walk.ctes.contains(r.name()))
            .toList();
    return new ParsedQuery(tables);
  }

  private static EcluseException refused(String sql, JsonNode root) {
    String message = root.path("error_message").asString("");
    if (message.startsWith("Only SELECT")) {
      return new EcluseException(
          ErrorCode.SQL_INVALID,
          "Only SELECT can be run here; tables are made by loads and models",
          new Position(1, 1));
    }
    if (root.has("position")) {
      int offset = Integer.parseInt(root.path("position").asString());
      return new EcluseException(ErrorCode.SQL_INVALID, message, position(sql, offset));
    }
    return new EcluseException(ErrorCode.SQL_INVALID, message);
  }

  /** Line and column of a byte of the text in UTF-8, as DuckDB counts. */
  static Position position(String sql, long offset) {
    byte[] bytes = sql.getBytes(StandardCharsets.UTF_8);
    int end = (int) Math.max(0, Math.min(offset, bytes.length));
    String before = new String(Arrays.copyOf(bytes, end), StandardCharsets.UTF_8);
    int line = 1 + (int) before.chars().filter(c -> c == '\n').count();
    return new Position(line, before.length() - before.lastIndexOf('\n'));
  }

  private static final class Walk {
    final String sql;
    final List<Reference> references = new ArrayList<>();
    final Set<String> ctes = new HashSet<>();

    Walk(String sql) {
      this.sql = sql;
    }

    void visit(JsonNode node) {
      if (node.isObject()) {
        JsonNode ctes = node.path("cte_map").path("map");
        ctes.forEach(e -> this.ctes.add(e.path("key").asString("").toLowerCase(Locale.ROOT)));
        String type = node.path("type").asString("");
        if (type.equals("BASE_TABLE")) {
          table(node);
        } else if (type.equals("TABLE_FUNCTION")) {
          function(node);
        } else if (type.equals("SHOW_REF")) {
          throw new EcluseException(
              ErrorCode.SQL_INVALID,
              "SHOW and DESCRIBE are not queries; ecluse ls tables and ecluse show table NAME tell",
              new Position(1, 1));
        }
      }
      for (JsonNode child : node) {
        visit(child);
      }
    }

    private void table(JsonNode node) {
      Position at = position(sql, node.path("query_location").asLong(0));
      String catalog = node.path("catalog_name").asString("");
      if (!catalog.isEmpty()) {
        throw new EcluseException(
            ErrorCode.SQL_INVALID,
            "A table has two names, as in erp.students, but here are three: %s.%s.%s"
                .formatted(
                    catalog,
                    node.path("schema_name").asString(""),
                    node.path("table_name").asString("")),
            at);
      }
      references.add(
          new Reference(
              node.path("schema_name").asString("").toLowerCase(Locale.ROOT),
              node.path("table_name").asString("").toLowerCase(Locale.ROOT),
              at));
    }

    private void function(JsonNode node) {
      String name = node.path("function").path("function_name").asString("");
      if (!TABLE_FUNCTIONS.contains(name.toLowerCase(Locale.ROOT))) {
        throw new EcluseException(
            ErrorCode.SQL_INVALID,
            "%s() cannot be used in FROM: queries read the tables of the warehouse only (ecluse ls tables)"
                .formatted(name),
            position(sql, node.path("query_location").asLong(0)));
      }
    }
  }
}
