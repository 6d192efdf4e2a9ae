package io.ecluse.duckdb;

import io.ecluse.duckdb.ParsedQuery.Reference;
import io.ecluse.error.EcluseException;
import io.ecluse.error.EcluseException.Position;
import io.ecluse.error.ErrorCode;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.LongFunction;
import tools.jackson.databind.JsonNode;

/**
 * Finds the tables in DuckDB's tree of a statement. A name of one part is a WITH only where that
 * WITH is in scope, as SQL has it: in its own query, after it, and in what is nested there;
 * anywhere else DuckDB would take it for a file. The walk keeps no stack of Java's, so depth costs
 * nothing.
 */
final class QueryNames {
  /** Functions that make rows out of nothing but their arguments. */
  static final Set<String> TABLE_FUNCTIONS =
      Set.of(
          "range", "generate_series", "unnest", "repeat", "repeat_row", "json_each", "json_tree");

  /** Functions that tell of the machine or run a text as a query. */
  private static final Set<String> FORBIDDEN_FUNCTIONS =
      Set.of(
          "current_setting",
          "getenv",
          "getvariable",
          "json_serialize_plan",
          "json_execute_serialized_sql",
          "in_search_path",
          "current_schemas",
          "write_log");

  private static final String RECURSIVE = "RECURSIVE_CTE_NODE";

  private final LongFunction<Position> positions;
  private final List<Reference> references = new ArrayList<>();
  private final Deque<Place> open = new ArrayDeque<>();

  /** A part of the tree, and the WITHs that are in scope there. */
  private record Place(JsonNode node, Set<String> scope) {}

  private QueryNames(LongFunction<Position> positions) {
    this.positions = positions;
  }

  /**
   * The tables, in the order of the tree.
   *
   * @param positions from an offset to a place in the text
   * @throws EcluseException SQL_INVALID for what is no table
   */
  static List<Reference> in(JsonNode root, LongFunction<Position> positions) {
    QueryNames names = new QueryNames(positions);
    names.open.push(new Place(root, Set.of()));
    while (!names.open.isEmpty()) {
      names.visit(names.open.pop());
    }
    return names.references;
  }

  private void visit(Place place) {
    JsonNode node = place.node();
    if (node.isArray()) {
      List<Place> children = new ArrayList<>();
      node.forEach(child -> children.add(new Place(child, place.scope())));
      later(children);
    } else if (node.isObject()) {
      check(node, place.scope());
      later(children(node, place.scope()));
    }
  }

  private void later(List<Place> places) {
    for (int i = places.size() - 1; i >= 0; i--) {
      if (places.get(i).node().isContainer()) {
        open.push(places.get(i));
      }
    }
  }

  private static List<Place> children(JsonNode node, Set<String> outer) {
    List<Place> children = new ArrayList<>();
    Set<String> scope = outer;
    for (JsonNode named : node.path("cte_map").path("map")) {
      children.add(new Place(named.path("value"), scope));
      scope = with(scope, lower(named, "key"));
    }
    boolean recursive = node.path("type").asString("").equals(RECURSIVE);
    for (String field : node.propertyNames()) {
      if (field.equals("cte_map")) {
        continue;
      }
      Set<String> inside =
          recursive && field.equals("right") ? with(scope, lower(node, "cte_name")) : scope;
      children.add(new Place(node.path(field), inside));
    }
    return children;
  }

  private static Set<String> with(Set<String> scope, String name) {
    Set<String> wider = new HashSet<>(scope);
    wider.add(name);
    return wider;
  }

  private static String lower(JsonNode node, String field) {
    return node.path(field).asString("").toLowerCase(Locale.ROOT);
  }

  private void check(JsonNode node, Set<String> scope) {
    String type = node.path("type").asString("");
    if (type.equals("BASE_TABLE")) {
      table(node, scope);
    } else if (type.equals("TABLE_FUNCTION")) {
      tableFunction(node);
    } else if (type.equals("SHOW_REF")) {
      throw new EcluseException(
          ErrorCode.SQL_INVALID,
          "SHOW and DESCRIBE are not queries; ecluse ls tables and ecluse show table NAME tell",
          new Position(1, 1));
    } else if (node.has("function_name")
        && FORBIDDEN_FUNCTIONS.contains(lower(node, "function_name"))) {
      throw new EcluseException(
          ErrorCode.SQL_INVALID,
          "%s() cannot be used: queries read the tables of the warehouse only"
              .formatted(node.path("function_name").asString("")),
          at(node));
    }
  }

  private void table(JsonNode node, Set<String> scope) {
    Reference reference =
        new Reference(
            lower(node, "schema_name"),
            lower(node, "table_name"),
            at(node),
            new ParsedQuery.Written(
                node.path("catalog_name").asString(""),
                node.path("schema_name").asString(""),
                node.path("table_name").asString("")));
    if (!reference.schema().isEmpty() || !scope.contains(reference.name())) {
      references.add(reference);
    }
  }

  private void tableFunction(JsonNode node) {
    JsonNode function = node.path("function");
    if (!TABLE_FUNCTIONS.contains(lower(function, "function_name"))) {
      throw new EcluseException(
          ErrorCode.SQL_INVALID,
          "%s() cannot be used in FROM: queries read the tables of the warehouse only (ecluse ls tables)"
              .formatted(function.path("function_name").asString("")),
          at(node));
    }
  }

  private Position at(JsonNode node) {
    return positions.apply(node.path("query_location").asLong(0));
  }
}
