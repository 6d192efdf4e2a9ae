package io.ecluse.duckdb;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.MissingNode;

/**
 * The names of columns that a statement may read, of whatever table: every name in it that can be
 * one. Where it may mean columns that it does not name (a star, a whole row, a position), all.
 */
final class NeededColumns {
  private static final Set<String> OF_ALL =
      Set.of("STAR", "POSITIONAL_REFERENCE", "PIVOT", "SHOW_REF", "COLUMN_DATA");

  private static final Set<String> EXISTS = Set.of("EXISTS", "NOT_EXISTS");

  /** The queries of which only is asked whether they have a row. */
  private final List<JsonNode> asked = new ArrayList<>();

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
      JsonNode unread = needed.unread(node);
      node.forEach(
          child -> {
            if (child != unread) {
              open.push(child);
            }
          });
    }
    needed.alone.retainAll(needed.rows);
    return needed.all || !needed.alone.isEmpty() ? Optional.empty() : Optional.of(needed.names);
  }

  /**
   * What a SELECT names of which only counts whether there is a row: a star there means nothing.
   */
  private JsonNode unread(JsonNode node) {
    if (EXISTS.contains(node.path("subquery_type").asString(""))) {
      asked.add(node.path("subquery").path("node"));
    }
    JsonNode list = node.path("select_list");
    boolean isStar =
        list.size() == 1
            && list.path(0).path("class").asString("").equals("STAR")
            && !list.path(0).path("columns").asBoolean(false)
            && list.path(0).valueStream().allMatch(JsonNode::isEmpty); // nothing left out
    return isStar && node.path("modifiers").isEmpty() && asked.stream().anyMatch(a -> a == node)
        ? list
        : MissingNode.getInstance();
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
