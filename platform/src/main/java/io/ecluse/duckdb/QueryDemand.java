package io.ecluse.duckdb;

import io.ecluse.engine.Demand;
import io.ecluse.schema.TableName;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.StreamSupport;
import tools.jackson.databind.JsonNode;

/** Finds in a query, as DuckDB's parser has it, what needs memory for rows. */
final class QueryDemand {
  private static final String SORT = "ORDER_MODIFIER";
  private static final String UNION = "SET_OPERATION_NODE";
  private static final String DISTINCT = "DISTINCT_MODIFIER";
  private static final Set<String> ENDS = Set.of("LIMIT_MODIFIER", "LIMIT_PERCENT_MODIFIER");

  private final List<Part> parts = new ArrayList<>();
  private final Deque<Open> open = new ArrayDeque<>();
  private int joins;
  private int groups;
  private int sorts;

  private QueryDemand() {}

  /** Rows that are joined with each other. */
  private static final class Part {
    private final List<Demand.Reading> readings = new ArrayList<>();
    private int groups;
    private int sorts;
  }

  /** What is still to be looked at. */
  private record Open(JsonNode node, Part part, List<Set<String>> conditions) {}

  static Demand of(JsonNode serialized) {
    QueryDemand found = new QueryDemand();
    found.open.add(new Open(serialized, found.part(), List.of()));
    while (!found.open.isEmpty()) {
      Open next = found.open.remove();
      found.look(next.node, next.part, next.conditions);
    }
    List<Demand.Part> parts =
        found.parts.stream()
            .map(part -> new Demand.Part(part.readings, part.groups, part.sorts))
            .toList();
    return new Demand(found.joins, found.groups, found.sorts, parts, NeededColumns.in(serialized));
  }

  private Part part() {
    parts.add(new Part());
    return parts.get(parts.size() - 1);
  }

  private void look(JsonNode node, Part part, List<Set<String>> around) {
    String type = node.path("type").asString("");
    String kind = node.path("class").asString("");
    boolean ends =
        StreamSupport.stream(node.path("modifiers").spliterator(), false)
            .anyMatch(m -> ENDS.contains(m.path("type").asString("")));
    joins += type.equals("JOIN") || kind.equals("SUBQUERY") ? 1 : 0;
    boolean groupsRows =
        type.equals(DISTINCT) || type.equals(UNION) || !node.path("group_expressions").isEmpty();
    groups += groupsRows ? 1 : 0;
    part.groups += groupsRows ? 1 : 0;
    boolean isWindow = kind.equals("WINDOW");
    boolean isSorted = type.equals(SORT) && !node.path("orders").isEmpty(); // functions have none
    sorts += isSorted || isWindow ? 1 : 0;
    part.sorts += isWindow ? 1 : 0;
    if (type.equals("BASE_TABLE") && !node.path("schema_name").asString("").isEmpty()) {
      part.readings.add(new Demand.Reading(name(node), around));
    }
    List<Set<String>> conditions =
        type.equals("SELECT_NODE") ? conditions(node.path("where_clause")) : around;
    boolean isApart = type.equals(UNION) || (type.equals("SUBQUERY") && kind.isEmpty());
    for (String key : node.propertyNames()) {
      JsonNode child = node.get(key);
      boolean own = (isApart && child.isObject()) || key.equals("query"); // of WITH
      if (child.isContainer()) {
        open.add(new Open(child, own ? part() : part, conditions));
      }
      part.sorts += key.equals("modifiers") && !ends && isSort(child) ? 1 : 0;
    }
    if (node.isArray()) {
      node.forEach(child -> open.add(new Open(child, part, conditions)));
    }
  }

  private static TableName name(JsonNode table) {
    return new TableName(
        table.path("schema_name").asString("").toLowerCase(Locale.ROOT),
        table.path("table_name").asString("").toLowerCase(Locale.ROOT));
  }

  private static boolean isSort(JsonNode modifiers) {
    return StreamSupport.stream(modifiers.spliterator(), false)
        .anyMatch(m -> m.path("type").asString("").equals(SORT) && !m.path("orders").isEmpty());
  }

  /** The columns of each condition that all rows must meet and that asks no other query. */
  private static List<Set<String>> conditions(JsonNode where) {
    List<Set<String>> conditions = new ArrayList<>();
    Deque<JsonNode> all = new ArrayDeque<>(List.of(where));
    while (!all.isEmpty()) {
      JsonNode one = all.remove();
      if (one.path("type").asString("").equals("CONJUNCTION_AND")) {
        one.path("children").forEach(all::add);
      } else if (!one.path("class").asString("").startsWith("CONJUNCTION")) {
        Set<String> columns = new HashSet<>();
        if (columns(one, columns) && !columns.isEmpty()) {
          conditions.add(columns);
        }
      }
    }
    return conditions;
  }

  /** Adds the columns of an expression; false if it asks another query. */
  private static boolean columns(JsonNode expression, Set<String> columns) {
    Deque<JsonNode> all = new ArrayDeque<>(List.of(expression));
    while (!all.isEmpty()) {
      JsonNode one = all.remove();
      String kind = one.path("class").asString("");
      if (kind.equals("SUBQUERY")) {
        return false;
      } else if (kind.equals("COLUMN_REF")) {
        JsonNode names = one.path("column_names");
        columns.add(names.path(names.size() - 1).asString("").toLowerCase(Locale.ROOT));
      }
      one.forEach(all::add);
    }
    return true;
  }
}
