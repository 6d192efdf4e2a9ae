package io.ecluse.spark;

import io.ecluse.spark.RandomSql.Node;
import io.ecluse.spark.RandomSql.Node.Kind;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Whole queries over the tables of the demo's ERP, of {@link RandomSql}. */
final class RandomQuery {
  private static final List<Kind> VALUES =
      List.of(
          Kind.WHOLE,
          Kind.WHOLE,
          Kind.DOUBLE,
          Kind.DECIMAL,
          Kind.TEXT,
          Kind.TEXT,
          Kind.DAY,
          Kind.BOOLEAN);
  private static final int DEPTH = 3;

  /** Tables with few rows, which a join keeps few; {@code id} is unique in each. */
  private static final Map<String, Map<Kind, List<String>>> TABLES =
      Map.of(
          "erp.students",
          columns(
              "id campus_id",
              "first_name last_name personal_email gender promotion",
              "date_of_birth join_date left_date"),
          "erp.campuses",
          columns("id", "name city region zip", ""),
          "erp.events",
          columns("id campus_id", "type location description", "date"),
          "erp.lessons",
          columns("id professor_id campus_id", "subject_id", "date"),
          "erp.companies",
          columns("id", "name domain city", ""),
          "erp.apprenticeships",
          columns("id student_id company_id", "", "start_date end_date"));

  private final RandomSql sql;

  RandomQuery(Random random) {
    this.sql = new RandomSql(random);
  }

  private static Map<Kind, List<String>> columns(String whole, String texts, String days) {
    Map<Kind, List<String>> columns = new EnumMap<>(Kind.class);
    columns.put(Kind.WHOLE, List.of(whole.split(" ")));
    if (!texts.isEmpty()) {
      columns.put(Kind.TEXT, List.of(texts.split(" ")));
    }
    if (!days.isEmpty()) {
      columns.put(Kind.DAY, List.of(days.split(" ")));
    }
    return columns;
  }

  /**
   * What is read.
   *
   * @param columns in reach there, by kind
   * @param keys that tell its rows apart
   */
  private record From(Node clause, Map<Kind, List<String>> columns, List<String> keys) {}

  Node next() {
    return switch (sql.upTo(10)) {
      case 1, 2, 3 -> rows(kinds(), from());
      case 4, 5, 6 -> groups(from());
      case 7, 8 -> windows(from());
      case 9 -> together();
      default -> nested();
    };
  }

  private List<Kind> kinds() {
    return IntStream.range(0, sql.upTo(4)).mapToObj(i -> sql.one(VALUES)).toList();
  }

  private static Map<Kind, List<String>> of(String alias, Map<Kind, List<String>> columns) {
    Map<Kind, List<String>> named = new EnumMap<>(Kind.class);
    columns.forEach(
        (kind, names) -> named.put(kind, names.stream().map(n -> alias + "." + n).toList()));
    return named;
  }

  private From from() {
    List<String> names = TABLES.keySet().stream().sorted().toList();
    String left = sql.one(names);
    Map<Kind, List<String>> columns = of("a", TABLES.get(left));
    if (sql.chance(50)) {
      return new From(Node.leaf(Kind.CLAUSE, left + " a"), columns, List.of("a.id"));
    }
    String right = sql.one(names);
    Map<Kind, List<String>> others = of("b", TABLES.get(right));
    Map<Kind, List<String>> both = new EnumMap<>(columns);
    others.forEach(
        (kind, more) ->
            both.merge(
                kind,
                more,
                (x, y) -> java.util.stream.Stream.concat(x.stream(), y.stream()).toList()));
    String join = sql.one(List.of("JOIN", "LEFT JOIN", "RIGHT JOIN", "FULL JOIN"));
    String on = sql.one(columns.get(Kind.WHOLE)) + " = b.id";
    Node and =
        sql.chance(40) && !join.startsWith("FULL")
            ? Node.clause(" AND {}", sql.value(Kind.BOOLEAN, 1, both))
            : Node.leaf(Kind.CLAUSE, "");
    return new From(
        Node.clause("%s a %s %s b ON %s{}".formatted(left, join, right, on), and),
        both,
        List.of("a.id", "b.id"));
  }

  private Node where(Map<Kind, List<String>> columns) {
    return sql.chance(60)
        ? Node.clause(" WHERE {}", sql.value(Kind.BOOLEAN, DEPTH - 1, columns))
        : Node.leaf(Kind.CLAUSE, "");
  }

  private Node list(List<Node> values) {
    String form =
        IntStream.range(0, values.size())
            .mapToObj(i -> "{} AS c" + i)
            .collect(Collectors.joining(", "));
    return new Node(Kind.CLAUSE, form, values);
  }

  private Node rows(List<Kind> kinds, From from) {
    List<Node> values = kinds.stream().map(k -> sql.value(k, DEPTH, from.columns())).toList();
    String distinct = sql.chance(20) ? "DISTINCT " : "";
    return Node.clause(
        "SELECT " + distinct + "{} FROM {}{}", list(values), from.clause(), where(from.columns()));
  }

  private Node groups(From from) {
    List<Node> keys = new ArrayList<>();
    for (int i = sql.upTo(2); i > 0; i--) {
      keys.add(
          sql.value(
              sql.one(List.of(Kind.WHOLE, Kind.TEXT, Kind.DAY, Kind.BOOLEAN)), 1, from.columns()));
    }
    List<Node> values = new ArrayList<>(keys);
    for (int i = sql.upTo(3); i > 0; i--) {
      values.add(aggregate(from.columns()));
    }
    Node having =
        sql.chance(30)
            ? Node.clause(" HAVING {} > 1", Node.leaf(Kind.WHOLE, "count(*)"))
            : Node.leaf(Kind.CLAUSE, "");
    String numbers =
        IntStream.rangeClosed(1, keys.size())
            .mapToObj(String::valueOf)
            .collect(Collectors.joining(", "));
    String grouped = sql.chance(25) ? null : numbers;
    if (grouped != null) {
      return Node.clause(
          "SELECT {} FROM {}{} GROUP BY " + grouped + "{}",
          list(values),
          from.clause(),
          where(from.columns()),
          having);
    }
    // grouping sets want plain columns; of no rows at all, Spark has no total
    Node inner = rows(List.of(Kind.WHOLE, Kind.TEXT, Kind.WHOLE), from);
    String sets =
        sql.one(List.of("ROLLUP (c0, c1)", "CUBE (c0, c1)", "GROUPING SETS ((c0), (c1), ())"));
    return Node.clause(
        "SELECT c0, c1, count(*) AS n, sum(c2) AS s, grouping(c0) AS g FROM ({}) q GROUP BY "
            + sets
            + " HAVING count(*) > 0",
        inner);
  }

  private Node aggregate(Map<Kind, List<String>> columns) {
    Kind kind = sql.one(List.of(Kind.WHOLE, Kind.DECIMAL, Kind.TEXT, Kind.DAY, Kind.DOUBLE));
    Node value = sql.value(kind, DEPTH - 1, columns);
    return switch (sql.upTo(7)) {
      case 1 -> Node.leaf(Kind.WHOLE, "count(*)");
      case 2 -> Node.clause("count({})", value);
      case 3 -> Node.clause("count(DISTINCT {})", value);
      case 4 -> Node.clause("min({})", value);
      case 5 -> Node.clause("max({})", value);
      case 6 -> Node.clause("avg(CAST({} AS double))", sql.value(Kind.WHOLE, DEPTH - 1, columns));
      default ->
          Node.clause(
              "sum({})", sql.value(sql.chance(50) ? Kind.WHOLE : Kind.DECIMAL, DEPTH - 1, columns));
    };
  }

  private Node windows(From from) {
    List<Node> values = new ArrayList<>();
    from.keys().forEach(key -> values.add(Node.leaf(Kind.WHOLE, key)));
    String keys =
        from.keys().stream().map(k -> k + " NULLS LAST").collect(Collectors.joining(", "));
    for (int i = sql.upTo(2); i > 0; i--) {
      Node part =
          sql.value(sql.one(List.of(Kind.WHOLE, Kind.TEXT, Kind.BOOLEAN)), 1, from.columns());
      Node order = sql.value(sql.one(List.of(Kind.WHOLE, Kind.TEXT, Kind.DAY)), 1, from.columns());
      String direction =
          sql.one(List.of("ASC NULLS LAST", "DESC NULLS LAST", "NULLS FIRST", "DESC"));
      Node over =
          Node.clause("PARTITION BY {} ORDER BY {} " + direction + ", " + keys, part, order);
      values.add(Node.clause(window(), sql.value(Kind.WHOLE, 1, from.columns()), over));
    }
    return Node.clause("SELECT {} FROM {}{}", list(values), from.clause(), where(from.columns()));
  }

  private String window() {
    String value = "coalesce({}, 0)";
    return sql.one(
        List.of(
            "abs(" + value + ") + row_number() OVER ({})",
            "sum(" + value + ") OVER ({})",
            "max(" + value + ") OVER ({} ROWS BETWEEN 2 PRECEDING AND CURRENT ROW)",
            "lag(" + value + ") OVER ({})",
            "lead(" + value + ", 2, 0) OVER ({})",
            "first_value(" + value + ") OVER ({})",
            "count(" + value + ") OVER ({})",
            "min(" + value + ") OVER ({} ROWS BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING)"));
  }

  private Node together() {
    List<Kind> kinds = kinds();
    String how = sql.one(List.of("UNION ALL", "UNION", "EXCEPT", "INTERSECT", "EXCEPT ALL"));
    return Node.clause("{} " + how + " {}", rows(kinds, from()), rows(kinds, from()));
  }

  /** A query over the columns of another. */
  private Node nested() {
    List<Kind> kinds = kinds();
    Map<Kind, List<String>> columns = new EnumMap<>(Kind.class);
    for (int i = 0; i < kinds.size(); i++) {
      columns.merge(
          kinds.get(i),
          List.of("q.c" + i),
          (x, y) -> java.util.stream.Stream.concat(x.stream(), y.stream()).toList());
    }
    Node inner = rows(kinds, from());
    List<Node> values = kinds().stream().map(k -> sql.value(k, 2, columns)).toList();
    return Node.clause("WITH q AS ({}) SELECT {} FROM q{}", inner, list(values), where(columns));
  }
}
