package io.ecluse.spark;

import io.ecluse.spark.RandomSql.Node.Kind;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;

/**
 * Expressions of what both engines have, at random: typed, of bounded depth, and the same again for
 * the same seed.
 */
final class RandomSql {
  private static final Map<Kind, List<String>> FORMS = new EnumMap<>(Kind.class);
  private static final List<String> TEXTS =
      List.of("'a'", "'Zoë'", "''", "'O''Hara'", "'Région 1'", "'x@y.example'", "'é'", "'12'");
  private static final List<String> DAYS =
      List.of("DATE '2021-09-01'", "DATE '2000-02-29'", "DATE '1999-12-31'", "DATE '2022-03-27'");

  static {
    // {w} whole, {d} double, {n} decimal, {t} text, {y} day, {b} boolean, {#} a small number from 1
    forms(
        Kind.WHOLE,
        "({w} + {w})",
        "({w} - {w})",
        "({w} * {#})",
        "mod({w}, {#})",
        "mod({w}, nullif({w}, 0))",
        "abs({w})",
        "-({w})",
        "length({t})",
        "instr({t}, {t})",
        "extract(year FROM {y})",
        "extract(month FROM {y})",
        "extract(doy FROM {y})",
        "extract(quarter FROM {y})",
        "extract(week FROM {y})",
        "day({y})",
        "CASE WHEN {b} THEN {w} ELSE {w} END",
        "CASE WHEN {b} THEN {w} END",
        "coalesce({w}, {w})",
        "nullif({w}, {w})",
        "greatest({w}, {w})",
        "least({w}, {w})",
        "CAST({y} - DATE '2020-01-01' AS integer)",
        "CAST(round({d}, 0) AS bigint)",
        "CAST(floor({d}) AS bigint)",
        "CAST(round({n}, 0) AS bigint)",
        "1 + CAST(mod(extract(dow FROM {y}) - extract(dow FROM DATE '2024-01-01') + 7, 7) AS integer)",
        "ascii({t})",
        "levenshtein({t}, {t})");
    forms(
        Kind.DOUBLE,
        "CAST({w} AS double)",
        "CAST({n} AS double)",
        "({d} + {d})",
        "({d} - {d})",
        "({d} * {#})",
        "CAST({w} AS double) / nullif({w}, 0)",
        "{d} / {#}",
        "abs({d})",
        "sqrt(abs({d}))",
        "round({d})",
        "coalesce({d}, {d})",
        "CASE WHEN {b} THEN {d} ELSE {d} END",
        "nullif({d}, {d})",
        "greatest({d}, {d})",
        "-({d})");
    forms(
        Kind.DECIMAL,
        "CAST({w} AS decimal(14, 2))",
        "CAST({d} AS decimal(18, 6))",
        "({n} + {n})",
        "({n} - {n})",
        "CAST({n} * {#} AS decimal(24, 6))",
        "abs({n})",
        "coalesce({n}, {n})",
        "CASE WHEN {b} THEN {n} ELSE {n} END",
        "CAST({n} AS decimal(20, 3))",
        "-({n})");
    forms(
        Kind.TEXT,
        "lower({t})",
        "upper({t})",
        "substr({t}, {#}, {#})",
        "substr({t}, {#})",
        "({t} || {t})",
        "trim({t})",
        "replace({t}, 'a', 'bc')",
        "coalesce({t}, {t})",
        "nullif({t}, {t})",
        "CASE WHEN {b} THEN {t} ELSE {t} END",
        "lpad({t}, {#}, '*')",
        "rpad({t}, {#}, '.-')",
        "left({t}, {#})",
        "right({t}, {#})",
        "split_part({t}, '@', {#})",
        "CAST({w} AS string)",
        "CAST({y} AS string)",
        "concat_ws('-', {t}, {t})",
        "regexp_extract({t}, '([a-z]+)', 1)",
        "regexp_extract({t}, '[0-9]+', 0)",
        "regexp_replace({t}, '^[A-Z]', '?')",
        "greatest({t}, {t})",
        "trim(BOTH 'a' FROM {t})",
        "translate({t}, 'aeo', 'xyz')",
        "repeat({t}, 2)",
        "md5({t})");
    forms(
        Kind.DAY,
        "({y} + {#})",
        "CAST({y} + INTERVAL 1 MONTH AS date)",
        "CAST({y} - INTERVAL 2 DAY AS date)",
        "CAST(date_trunc('month', {y}) AS date)",
        "CAST(date_trunc('week', {y}) AS date)",
        "last_day({y})",
        "coalesce({y}, {y})",
        "CASE WHEN {b} THEN {y} ELSE {y} END",
        "greatest({y}, {y})",
        "least({y}, {y})",
        "date_add({y}, {#})",
        "nullif({y}, {y})");
    forms(
        Kind.BOOLEAN,
        "{w} = {w}",
        "{w} < {w}",
        "{d} <= {d}",
        "{n} > {n}",
        "{t} = {t}",
        "{t} < {t}",
        "{y} < {y}",
        "{y} <> {y}",
        "{w} IS NULL",
        "{t} IS NOT NULL",
        "({b} AND {b})",
        "({b} OR {b})",
        "NOT ({b})",
        "{w} IN ({#}, {#}, NULL)",
        "{w} BETWEEN {#} AND {w}",
        "{t} LIKE '%a%'",
        "{t} ILIKE 's_%'",
        "{t} NOT LIKE 'P%'",
        "{w} IS DISTINCT FROM {w}",
        "{t} IS NOT DISTINCT FROM {t}",
        "({b}) IS TRUE",
        "({b}) IS NOT FALSE",
        "contains({t}, {t})",
        "{d} = {w}",
        "{n} = {w}");
  }

  private final Random random;

  RandomSql(Random random) {
    this.random = random;
  }

  /**
   * A part of a query.
   *
   * @param form with {@code {}} for each of its parts
   */
  record Node(Kind kind, String form, List<Node> parts) {
    enum Kind {
      WHOLE('w', "1"),
      DOUBLE('d', "CAST(1 AS double)"),
      DECIMAL('n', "CAST(1 AS decimal(14, 2))"),
      TEXT('t', "'a'"),
      DAY('y', "DATE '2021-09-01'"),
      BOOLEAN('b', "TRUE"),
      /** What is no value: a clause, a whole query. */
      CLAUSE('q', "");

      private final char letter;
      private final String simplest;

      Kind(char letter, String simplest) {
        this.letter = letter;
        this.simplest = simplest;
      }
    }

    Node {
      parts = List.copyOf(parts);
    }

    static Node leaf(Kind kind, String sql) {
      return new Node(kind, sql, List.of());
    }

    static Node clause(String form, Node... parts) {
      return new Node(Kind.CLAUSE, form, List.of(parts));
    }

    String sql() {
      StringBuilder sql = new StringBuilder();
      int from = 0;
      for (Node part : parts) {
        int at = form.indexOf("{}", from);
        sql.append(form, from, at).append(part.sql());
        from = at + 2;
      }
      return sql.append(form.substring(from)).toString();
    }

    /** Smaller ones of the same kind: a part for the whole, or a part of it made smaller. */
    Stream<Node> smaller() {
      Stream<Node> simplest =
          kind == Kind.CLAUSE || parts.isEmpty()
              ? Stream.of()
              : Stream.of(leaf(kind, kind.simplest));
      Stream<Node> inside =
          kind == Kind.CLAUSE ? Stream.of() : parts.stream().filter(part -> part.kind == kind);
      List<Stream<Node>> changed = new ArrayList<>();
      for (int i = 0; i < parts.size(); i++) {
        int place = i;
        changed.add(parts.get(i).smaller().map(part -> with(place, part)));
        if (parts.get(i).kind == Kind.CLAUSE
            && !parts.get(i).form.isEmpty()
            && parts.get(i).form.startsWith(" ")) {
          changed.add(Stream.of(with(i, leaf(Kind.CLAUSE, "")))); // a clause that may be left out
        }
      }
      return Stream.concat(Stream.concat(simplest, inside), changed.stream().flatMap(s -> s));
    }

    private Node with(int place, Node part) {
      List<Node> others = new ArrayList<>(parts);
      others.set(place, part);
      return new Node(kind, form, others);
    }
  }

  private static void forms(Kind kind, String... forms) {
    FORMS.put(kind, List.of(forms));
  }

  <T> T one(List<T> of) {
    return of.get(random.nextInt(of.size()));
  }

  boolean chance(int percent) {
    return random.nextInt(100) < percent;
  }

  int upTo(int most) {
    return 1 + random.nextInt(most);
  }

  /**
   * A value of a kind.
   *
   * @param columns those in reach, by kind
   */
  Node value(Kind kind, int depth, Map<Kind, List<String>> columns) {
    List<String> known = columns.getOrDefault(kind, List.of());
    if (depth <= 0 || chance(15)) {
      return Node.leaf(kind, known.isEmpty() || chance(20) ? constant(kind) : one(known));
    }
    String form = one(FORMS.get(kind));
    StringBuilder bare = new StringBuilder();
    List<Node> parts = new ArrayList<>();
    for (int i = 0; i < form.length(); i++) {
      if (form.charAt(i) != '{') {
        bare.append(form.charAt(i));
        continue;
      }
      char letter = form.charAt(i + 1);
      if (letter == '#') {
        bare.append(upTo(9));
      } else {
        bare.append("{}");
        parts.add(value(ofLetter(letter), depth - 1, columns));
      }
      i += 2;
    }
    return new Node(kind, bare.toString(), parts);
  }

  private static Kind ofLetter(char letter) {
    return Stream.of(Kind.values()).filter(k -> k.letter == letter).findFirst().orElseThrow();
  }

  private String constant(Kind kind) {
    return switch (kind) {
      case WHOLE -> String.valueOf(random.nextInt(25) - 4);
      case DOUBLE -> (random.nextInt(40) - 10) + "." + random.nextInt(10) + "e0";
      case DECIMAL ->
          "CAST(%d.%d AS decimal(14, 2))".formatted(random.nextInt(40) - 10, random.nextInt(10));
      case TEXT -> one(TEXTS);
      case DAY -> one(DAYS);
      case BOOLEAN -> chance(50) ? "TRUE" : "FALSE";
      case CLAUSE -> "";
    };
  }
}
