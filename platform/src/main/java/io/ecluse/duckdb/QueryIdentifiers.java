package io.ecluse.duckdb;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import tools.jackson.databind.JsonNode;

/** All names that may be of columns in DuckDB's tree of a statement, in lower case. */
final class QueryIdentifiers {
  private QueryIdentifiers() {}

  /**
   * @param serialized what DuckDB answered to {@link ParsedQuery#question}
   */
  static Set<String> in(String serialized) {
    Set<String> names = new TreeSet<>();
    Deque<JsonNode> open = new ArrayDeque<>();
    open.push(ParsedQuery.tree(serialized));
    while (!open.isEmpty()) {
      JsonNode node = open.pop();
      JsonNode parts = node.path("column_names");
      int first = parts.size() > 1 ? 1 : 0; // what stands before a dot names a table
      for (int i = first; i < parts.size(); i++) {
        add(parts.get(i), names);
      }
      node.path("using_columns").forEach(name -> add(name, names));
      node.forEach(open::push);
    }
    return names;
  }

  private static void add(JsonNode name, Set<String> names) {
    names.add(name.asString("").toLowerCase(Locale.ROOT));
  }
}
