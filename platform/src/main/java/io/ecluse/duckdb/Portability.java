package io.ecluse.duckdb;

import io.ecluse.duckdb.PortableKinds.Kind;
import io.ecluse.error.EcluseException.Position;
import io.ecluse.schema.PortabilityRules;
import io.ecluse.schema.SqlParser.Unportable;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongFunction;
import tools.jackson.databind.JsonNode;

/**
 * Finds in DuckDB's tree of a statement what Spark would answer otherwise, or not at all. What is
 * not known to be the same is refused: functions, types and joins by a list of those that are. The
 * walk keeps no stack of Java's.
 */
final class Portability {
  static final Set<String> INTERVALS =
      Set.of(
          "to_years",
          "to_quarters",
          "to_months",
          "to_weeks",
          "to_days",
          "to_hours",
          "to_minutes",
          "to_seconds",
          "to_milliseconds",
          "to_microseconds",
          "to_decades");

  private static final Set<String> JOINS = Set.of("INNER", "LEFT", "RIGHT", "FULL", "SEMI", "ANTI");
  private static final Set<String> WORDS = Set.of("localtimestamp", "localtime", "current_time");
  private static final Set<Kind> NUMBERS = Set.of(Kind.WHOLE, Kind.DECIMAL, Kind.DOUBLE, Kind.REAL);
  private static final int NEAR = 200;

  private final LongFunction<Position> positions;
  private final List<Unportable> found = new ArrayList<>();
  private final Deque<Place> open = new ArrayDeque<>();

  /** A part of the tree, and what it is a part of. */
  record Place(JsonNode node, Optional<Place> outer) {
    String type() {
      return node.path("type").asString("");
    }

    /** The function's name, if it is one. */
    String function() {
      return node.path("function_name").asString("").toLowerCase(Locale.ROOT);
    }

    /** The expression around it. */
    JsonNode around() {
      return outer.map(Place::node).orElse(node);
    }
  }

  private Portability(LongFunction<Position> positions) {
    this.positions = positions;
  }

  /**
   * All that differs, in no order.
   *
   * @param positions from an offset to a place in the text
   */
  static List<Unportable> in(JsonNode root, LongFunction<Position> positions) {
    Portability portability = new Portability(positions);
    portability.later(root, Optional.empty());
    while (!portability.open.isEmpty()) {
      portability.visit(portability.open.pop());
    }
    return portability.found;
  }

  private void later(JsonNode node, Optional<Place> outer) {
    if (node.isArray()) {
      node.forEach(child -> later(child, outer));
    } else if (node.isObject()) {
      open.push(new Place(node, outer));
    }
  }

  private void visit(Place place) {
    if (place.node().has("class")) {
      if (!expression(place)) {
        return;
      }
    } else {
      clause(place);
    }
    place
        .node()
        .properties()
        .forEach(
            field -> {
              if (!field.getKey().equals("cast_type")) {
                later(field.getValue(), Optional.of(place));
              }
            });
  }

  /** Whether what is inside is to be looked at too. */
  private boolean expression(Place place) {
    JsonNode node = place.node();
    switch (node.path("class").asString("")) {
      case "FUNCTION" -> {
        return new PortableFunctions(this, place).check();
      }
      case "CAST" -> {
        return new PortableCasts(this, place).check();
      }
      case "WINDOW" -> new PortableFunctions(this, place).checkWindow();
      case "CONSTANT" -> constant(place);
      case "OPERATOR" -> operator(place);
      case "COMPARISON" -> comparison(place);
      case "CASE" -> {
        for (JsonNode check : node.path("case_checks")) {
          if (PortableKinds.of(check.path("when_expr")) == Kind.NOTHING) {
            tell("nothing-compared", "NULL", place);
          }
        }
      }
      case "STAR" -> star(place);
      case "COLUMN_REF" -> column(place);
      case "COLLATE" -> tell("collate", "COLLATE", place);
      case "POSITIONAL_REFERENCE" -> tell("positional", "#", place);
      default -> {}
    }
    return true;
  }

  /** What looks like a column, and is a word of the engine's. */
  private void column(Place place) {
    JsonNode names = place.node().path("column_names");
    String name = names.path(0).asString("").toLowerCase(Locale.ROOT);
    if (names.size() == 1 && WORDS.contains(name)) {
      tellFunction(name, place);
    }
  }

  private void constant(Place place) {
    JsonNode value = place.node().path("value");
    if (value.path("value").isString() && value.path("value").asString("").indexOf('\\') >= 0) {
      tell("backslash", "\\", place);
    }
    if (value.path("type").path("id").asString("").endsWith("HUGEINT")) {
      tell("large-number", "hugeint", place);
    }
  }

  private void operator(Place place) {
    switch (place.type()) {
      case "ARRAY_EXTRACT", "ARRAY_SLICE", "ARRAY_CONSTRUCTOR", "STRUCT_EXTRACT", "ARROW" ->
          tell("list", "[…]", place);
      case "OPERATOR_TRY" ->
          found.add(PortabilityRules.function("try", at(place).line(), at(place).column()));
      case "GROUPING_FUNCTION" -> {
        if (place.node().path("children").size() != 1) {
          tell("grouping", "grouping", place);
        }
      }
      default -> {}
    }
  }

  private void comparison(Place place) {
    Kind left = PortableKinds.of(place.node().path("left"));
    Kind right = PortableKinds.of(place.node().path("right"));
    if (left == Kind.REAL && right == Kind.DECIMAL || left == Kind.DECIMAL && right == Kind.REAL) {
      tell("real-decimal", "REAL", place);
    }
  }

  private void star(Place place) {
    JsonNode node = place.node();
    boolean isAll = !place.around().has("class") && place.around().has("null_order");
    if (node.path("columns").asBoolean(false) && !isAll
        || !node.path("exclude_list").isEmpty()
        || !node.path("qualified_exclude_list").isEmpty()
        || !node.path("replace_list").isEmpty()
        || !node.path("rename_list").isEmpty()) {
      tell("star", "*", place);
    }
  }

  private void clause(Place place) {
    JsonNode node = place.node();
    if (node.path("sample").isObject()) {
      tell("sample", "SAMPLE", place);
    }
    switch (place.type()) {
      case "SELECT_NODE" -> select(place);
      case "SET_OPERATION_NODE" -> {
        if (node.path("setop_type").asString("").equals("UNION_BY_NAME")) {
          tell("union-by-name", "UNION BY NAME", place);
        }
        union(place);
      }
      case "RECURSIVE_CTE_NODE" -> {
        if (!node.path("union_all").asBoolean(true)) {
          tell("recursive-union", "UNION", place);
        }
      }
      case "JOIN" -> {
        String kind = node.path("ref_type").asString("");
        boolean known = JOINS.contains(node.path("join_type").asString(""));
        if (kind.equals("ASOF") || kind.equals("POSITIONAL") || !known) {
          tell("join", kind, place);
        }
        lateral(place);
      }
      case "TABLE_FUNCTION" -> {
        if (!PortableKinds.isFunction(node.path("function"), "range")) {
          tell("range-table", node.path("function").path("function_name").asString(""), place);
        } else if (node.path("column_name_alias").isEmpty()) {
          tell("range-name", "range", place);
        }
      }
      case "DISTINCT_MODIFIER" -> {
        if (!node.path("distinct_on_targets").isEmpty()) {
          tell("distinct-on", "DISTINCT ON", place);
        }
      }
      case "LIMIT_PERCENT_MODIFIER" -> tell("limit-percent", "PERCENT", place);
      case "ORDER_DEFAULT", "ASCENDING" -> order(place);
      default -> {}
    }
  }

  private void union(Place place) {
    JsonNode left = place.node().path("left").path("select_list");
    JsonNode right = place.node().path("right").path("select_list");
    for (int i = 0; i < Math.min(left.size(), right.size()); i++) {
      Kind one = PortableKinds.of(left.path(i));
      Kind other = PortableKinds.of(right.path(i));
      if (one == Kind.TEXT && NUMBERS.contains(other)
          || other == Kind.TEXT && NUMBERS.contains(one)) {
        tell("union-types", "UNION", new Place(right.path(i), Optional.of(place)));
      }
    }
  }

  /** A query in FROM that names what stands before it; whether LATERAL is said, the tree hides. */
  private void lateral(Place place) {
    JsonNode right = place.node().path("right");
    if (!right.path("type").asString("").equals("SUBQUERY")) {
      return;
    }
    Set<String> before = tables(place.node().path("left"));
    before.removeAll(tables(right.path("subquery")));
    for (JsonNode column : right.findParents("column_names")) {
      JsonNode names = column.path("column_names");
      if (names.size() > 1
          && before.contains(names.path(0).asString("").toLowerCase(Locale.ROOT))) {
        tell("lateral", names.path(0).asString(""), new Place(column, Optional.of(place)));
        return;
      }
    }
  }

  private static Set<String> tables(JsonNode from) {
    Set<String> names = new HashSet<>();
    for (JsonNode table : from.findParents("sample")) {
      String alias = table.path("alias").asString("");
      names.add(
          (alias.isEmpty() ? table.path("table_name").asString("") : alias)
              .toLowerCase(Locale.ROOT));
    }
    return names;
  }

  private void order(Place place) {
    boolean unsaid = place.node().path("null_order").asString("").equals("ORDER_DEFAULT");
    boolean isNeverNull =
        PortableKinds.isFunction(place.node().path("expression"), "count_star")
            || place
                .outer()
                .flatMap(Place::outer)
                .map(Place::function)
                .orElse("")
                .equals("quantile_cont");
    if (unsaid && !isNeverNull) {
      tell("order-nulls", "ORDER BY", place);
    }
  }

  private void select(Place place) {
    JsonNode node = place.node();
    if (node.path("qualify").isObject()) {
      tell("qualify", "QUALIFY", new Place(node.path("qualify"), Optional.of(place)));
    }
    if (node.path("group_sets").size() == 1
        && node.path("group_sets").path(0).isEmpty()
        && node.path("group_expressions").isEmpty()) {
      tell("group-by-nothing", "GROUP BY ()", place);
    }
    Set<String> named = new HashSet<>();
    for (JsonNode expression : node.path("select_list")) {
      String alias = expression.path("alias").asString("").toLowerCase(Locale.ROOT);
      if (!alias.isEmpty() && !columns(expression).contains(alias)) {
        named.add(alias);
      }
    }
    if (!named.isEmpty()) {
      for (JsonNode column : node.path("where_clause").findParents("column_names")) {
        String name = column.path("column_names").path(0).asString("").toLowerCase(Locale.ROOT);
        if (column.path("column_names").size() == 1 && named.contains(name)) {
          tell("alias-in-where", name, new Place(column, Optional.of(place)));
        }
      }
    }
  }

  private static Set<String> columns(JsonNode expression) {
    Set<String> columns = new HashSet<>();
    for (JsonNode names : expression.findValues("column_names")) {
      columns.add(names.path(names.size() - 1).asString("").toLowerCase(Locale.ROOT));
    }
    return columns;
  }

  void tell(String rule, String what, Place place) {
    Position at = at(place);
    found.add(PortabilityRules.broken(rule, what, at.line(), at.column()));
  }

  void tellFunction(String name, Place place) {
    Position at = at(place);
    found.add(PortabilityRules.function(name, at.line(), at.column()));
  }

  /** Where it is, else what is in it, else what it is in. */
  private Position at(Place place) {
    Optional<Place> next = Optional.of(place);
    while (next.isPresent()) {
      long offset = first(next.get().node());
      if (offset >= 0) {
        return positions.apply(offset);
      }
      next = next.get().outer();
    }
    return positions.apply(0);
  }

  private static long first(JsonNode node) {
    Deque<JsonNode> nodes = new ArrayDeque<>(List.of(node));
    for (int i = 0; i < NEAR && !nodes.isEmpty(); i++) {
      JsonNode next = nodes.poll();
      long offset = next.path("query_location").asLong(-1);
      if (offset >= 0) {
        return offset;
      }
      next.values().stream().filter(JsonNode::isContainer).forEach(nodes::add);
    }
    return -1;
  }
}
