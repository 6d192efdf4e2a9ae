package io.ecluse.duckdb;

import io.ecluse.schema.TableName;
import io.ecluse.warehouse.RowCondition.Test;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/**
 * What every row of a table must be for a query to see it, at one place where the query names the
 * table: comparisons of a column with constants that its WHERE joins by AND. Conditions that are
 * not understood are left out, so there may be rows that meet all and are not seen; never others.
 *
 * @param table in lower case
 * @param conditions none, if all rows may be seen
 */
public record AskedRows(TableName table, List<Condition> conditions) {
  /** From the left to the right of a comparison, and from the right to the left. */
  private static final Map<String, List<Test>> COMPARISONS =
      Map.of(
          "COMPARE_EQUAL", List.of(Test.EQUAL, Test.EQUAL),
          "COMPARE_LESSTHAN", List.of(Test.LESS, Test.GREATER),
          "COMPARE_GREATERTHAN", List.of(Test.GREATER, Test.LESS),
          "COMPARE_LESSTHANOREQUALTO", List.of(Test.AT_MOST, Test.AT_LEAST),
          "COMPARE_GREATERTHANOREQUALTO", List.of(Test.AT_LEAST, Test.AT_MOST));

  private static final Set<String> INTEGERS = Set.of("TINYINT", "SMALLINT", "INTEGER", "BIGINT");

  public AskedRows {
    conditions = List.copyOf(conditions);
  }

  /**
   * A condition on one column.
   *
   * @param column in lower case
   */
  public record Condition(String column, Test test, List<Constant> constants) {}

  /**
   * A value as the query has it.
   *
   * @param type INTEGER, VARCHAR, DATE or TIMESTAMP
   * @param text of an INTEGER its digits
   */
  public record Constant(String type, String text) {}

  /** Of all places where a query names a table. */
  static List<AskedRows> in(JsonNode root) {
    List<AskedRows> found = new ArrayList<>();
    Set<JsonNode> done = Collections.newSetFromMap(new IdentityHashMap<>());
    Deque<JsonNode> open = new ArrayDeque<>(List.of(root));
    while (!open.isEmpty()) {
      JsonNode node = open.pop(); // a SELECT before the tables that it names
      String type = node.path("type").asString("");
      if (type.equals("SELECT_NODE") && isMissing(node.path("sample"))) {
        ofSelect(node, found, done);
      } else if (type.equals("BASE_TABLE") && !done.contains(node)) {
        table(node).ifPresent(name -> found.add(new AskedRows(name, List.of())));
      }
      node.forEach(open::push);
    }
    return found;
  }

  private static boolean isMissing(JsonNode node) {
    return node.isNull() || node.isMissingNode();
  }

  private static void ofSelect(JsonNode select, List<AskedRows> found, Set<JsonNode> done) {
    JsonNode from = select.path("from_table");
    boolean alone = from.path("type").asString("").equals("BASE_TABLE");
    Deque<JsonNode> open = new ArrayDeque<>(List.of(from));
    while (!open.isEmpty()) {
      JsonNode node = open.pop();
      if (isInner(node)) {
        open.push(node.path("left"));
        open.push(node.path("right"));
      } else if (node.path("type").asString("").equals("BASE_TABLE") && isPlain(node)) {
        List<Condition> conditions = conditions(select.path("where_clause"), node, alone);
        table(node).ifPresent(name -> found.add(new AskedRows(name, conditions)));
        done.add(node);
      }
    }
  }

  /** Of other joins a row's partner may be another once some are not there. */
  private static boolean isInner(JsonNode node) {
    return node.path("type").asString("").equals("JOIN")
        && node.path("join_type").asString("").equals("INNER")
        && Set.of("REGULAR", "CROSS").contains(node.path("ref_type").asString(""));
  }

  private static boolean isPlain(JsonNode table) {
    return isMissing(table.path("sample"))
        && isMissing(table.path("at_clause"))
        && table.path("column_name_alias").isEmpty();
  }

  private static Optional<TableName> table(JsonNode node) {
    String schema = lower(node.path("schema_name"));
    return schema.isEmpty() // of a WITH
        ? Optional.empty()
        : Optional.of(new TableName(schema, lower(node.path("table_name"))));
  }

  private static List<Condition> conditions(JsonNode where, JsonNode table, boolean alone) {
    List<Condition> conditions = new ArrayList<>();
    Deque<JsonNode> open = new ArrayDeque<>(List.of(where));
    while (!open.isEmpty()) {
      JsonNode node = open.pop();
      String type = node.path("type").asString("");
      if (type.equals("CONJUNCTION_AND")) {
        node.path("children").forEach(open::push);
      } else if (type.equals("COMPARE_BETWEEN")) {
        JsonNode column = node.path("input");
        add(conditions, column(column, table, alone), Test.AT_LEAST, List.of(node.path("lower")));
        add(conditions, column(column, table, alone), Test.AT_MOST, List.of(node.path("upper")));
      } else if (type.equals("COMPARE_IN")) {
        List<JsonNode> parts = node.path("children").valueStream().toList();
        Optional<String> column = column(parts.get(0), table, alone);
        add(conditions, column, Test.ONE_OF, parts.subList(1, parts.size()));
      } else if (COMPARISONS.containsKey(type)) {
        List<Test> tests = COMPARISONS.get(type);
        JsonNode left = node.path("left");
        JsonNode right = node.path("right");
        add(conditions, column(left, table, alone), tests.get(0), List.of(right));
        add(conditions, column(right, table, alone), tests.get(1), List.of(left));
      }
    }
    return conditions;
  }

  private static void add(
      List<Condition> conditions, Optional<String> column, Test test, List<JsonNode> values) {
    List<Constant> constants = values.stream().flatMap(v -> constant(v).stream()).toList();
    if (column.isPresent() && !values.isEmpty() && constants.size() == values.size()) {
      conditions.add(new Condition(column.get(), test, constants));
    }
  }

  /** The column of the table that an expression is, and nothing but that. */
  private static Optional<String> column(JsonNode node, JsonNode table, boolean alone) {
    JsonNode parts = node.path("column_names");
    if (!node.path("class").asString("").equals("COLUMN_REF")) {
      return Optional.empty();
    }
    String alias = lower(table.path("alias"));
    String named = alias.isEmpty() ? lower(table.path("table_name")) : alias;
    boolean isOfTable =
        (parts.size() == 1 && alone) || (parts.size() == 2 && lower(parts.get(0)).equals(named));
    return isOfTable ? Optional.of(lower(parts.get(parts.size() - 1))) : Optional.empty();
  }

  private static Optional<Constant> constant(JsonNode node) {
    if (node.path("type").asString("").equals("OPERATOR_CAST")) {
      String to = node.path("cast_type").path("id").asString("");
      return constant(node.path("child"))
          .filter(c -> c.type().equals("VARCHAR") && Set.of("DATE", "TIMESTAMP").contains(to))
          .map(c -> new Constant(to, c.text()));
    }
    JsonNode value = node.path("value");
    String type = value.path("type").path("id").asString("");
    if (!node.path("type").asString("").equals("VALUE_CONSTANT")
        || value.path("is_null").asBoolean(true)) {
      return Optional.empty();
    } else if (INTEGERS.contains(type)) {
      return Optional.of(new Constant("INTEGER", String.valueOf(value.path("value").asLong())));
    }
    return type.equals("VARCHAR")
        ? Optional.of(new Constant(type, value.path("value").asString("")))
        : Optional.empty();
  }

  private static String lower(JsonNode text) {
    return text.asString("").toLowerCase(Locale.ROOT);
  }
}
