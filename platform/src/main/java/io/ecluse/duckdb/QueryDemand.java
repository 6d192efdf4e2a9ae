package io.ecluse.duckdb;

import io.ecluse.engine.Demand;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/** Counts in a query, as DuckDB's parser has it, what needs memory for rows. */
final class QueryDemand {
  private static final String SORT = "ORDER_MODIFIER";
  private static final Set<String> GROUPS = Set.of("DISTINCT_MODIFIER", "SET_OPERATION_NODE");

  private QueryDemand() {}

  static Demand of(JsonNode serialized) {
    int joins = 0;
    int groups = 0;
    int sorts = 0;
    Deque<JsonNode> open = new ArrayDeque<>();
    open.add(serialized);
    while (!open.isEmpty()) {
      JsonNode node = open.remove();
      String type = node.path("type").asString("");
      joins += type.equals("JOIN") ? 1 : 0;
      groups += GROUPS.contains(type) || !node.path("group_expressions").isEmpty() ? 1 : 0;
      boolean isSorted = type.equals(SORT) && !node.path("orders").isEmpty(); // functions have none
      sorts += isSorted || node.path("class").asString("").equals("WINDOW") ? 1 : 0;
      node.forEach(open::add);
    }
    return new Demand(joins, groups, sorts);
  }
}
