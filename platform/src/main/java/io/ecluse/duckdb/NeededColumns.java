package io.ecluse.duckdb;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/**
 * The names of columns that a statement may read, of whatever table: every name in it that can be
 * one. Where it may mean columns that it does not name (a star, a whole row, a position), all.
 */
final class NeededColumns {
  private static final Set<String> OF_ALL =
      Set.of("STAR", "POSITIONAL_REFERENCE", "PIVOT", "SHOW_REF", "COLUMN_DATA");

  private final Set<String> names = new HashSet<>();
  private final Set<String> rows = new HashSet<>();
  private final Set<String> alone = new HashSet<>();
  private boolean all;

  private NeededColumns() {}

  /** In lower case; empty if all are needed. */
  static Optional<Set<String>> in(JsonNode root) {
    NeededColumns needed = new NeededColumns();
    Deque<JsonNode> open = new ArrayDeque<>();
    open.push(root);
    while (!open.isEmpty() && !needed.all) {
      JsonNode node = open.pop();
      if (node.isObject()) {
        needed.look(node);
      }
      node.forEach(open::push);
    }
    needed.alone.retainAll(needed.rows);
    return needed.all || !needed.alone.isEmpty() ? Optional.empty() : Optional.of(needed.names);
  }

  private void look(JsonNode node) {
    String type = node.path("type").asString("");
    String kind = node.path("class").asString("");
    if (OF_ALL.contains(type) || OF_ALL.contains(kind)) {
      all = true;
    } else if (kind.equals("COLUMN_REF")) {
      JsonNode parts = node.path("column_names");
      parts.forEach(part -> names.add(lower(part)));
      if (parts.size() == 1) {
        alone.add(lower(parts.get(0)));
      }
    } else if (type.equals("JOIN")) {
      node.path("using_columns").forEach(column -> names.add(lower(column)));
      all |= node.path("ref_type").asString("").equals("NATURAL");
    } else if (type.equals("BASE_TABLE")) {
      rows.add(lower(node.path("table_name")));
      rows.add(lower(node.path("alias")));
      all |= node.path("column_name_alias").size() > 0;
    }
  }

  private static String lower(JsonNode text) {
    return text.asString("").toLowerCase(Locale.ROOT);
  }
}
