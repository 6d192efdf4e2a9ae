package io.ecluse.decode;

import io.ecluse.duckdb.DuckDbSession;
import io.ecluse.error.EcluseException;
import io.ecluse.error.ErrorCode;
import io.ecluse.schema.Column;
import io.ecluse.schema.DataType;
import io.ecluse.source.FileDecoder;
import io.ecluse.source.FileFormat.Kind;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The columns of a file, each with the narrowest type that gives back every value as it is written:
 * a number with a zero in front or with more digits than a double gives back stays text. All of the
 * file is looked at, a few rows first, so that what is not a number there need not be tried again.
 *
 * @param empty columns without any value
 * @param wide columns of whole numbers that a double would round
 */
record FileColumns(
    Map<String, DataType> types, Set<String> empty, Set<String> wide, FileScan scan, long rows) {
  private static final int FIRST_ROWS = 5_000;

  /** Types in the order of preference, each with what a text must look like to be one. */
  private enum Guess {
    BOOLEAN(DataType.Kind.BOOLEAN, "lower(%1$s) IN ('true', 'false')"),
    BIGINT(
        DataType.Kind.BIGINT,
        "regexp_full_match(%1$s, '-?(0|[1-9][0-9]{0,18})') AND try_cast(%1$s AS BIGINT) IS NOT NULL"),
    DOUBLE(
        DataType.Kind.DOUBLE,
        // 15 digits always come back; up to 17 if they are the shortest that tell the double
        "(regexp_full_match(%1$s, '-?(0|[1-9][0-9]{0,14})([.][0-9]{1,15})?([eE][+-]?[0-9]{1,2})?') AND length(ltrim(%1$s, '-')) <= 16)"
            + " OR (regexp_full_match(%1$s, '-?[0-9]{1,17}[.][0-9]{1,20}(e[+-][0-9]{1,2})?') AND CAST(try_cast(%1$s AS DOUBLE) AS VARCHAR) = %1$s)"),
    DATE(
        DataType.Kind.DATE,
        "regexp_full_match(%1$s, '[0-9]{4}-[0-9]{2}-[0-9]{2}') AND try_cast(%1$s AS DATE) IS NOT NULL"),
    TIMESTAMP(
        DataType.Kind.TIMESTAMP,
        "regexp_full_match(%1$s, '[0-9]{4}-[0-9]{2}-[0-9]{2}([ T][0-9]{2}:[0-9]{2}:[0-9]{2}([.][0-9]{1,6})?)?') AND try_cast(%1$s AS TIMESTAMP) IS NOT NULL"),
    TIMESTAMPTZ(
        DataType.Kind.TIMESTAMPTZ,
        "regexp_full_match(%1$s, '[0-9]{4}-[0-9]{2}-[0-9]{2}[ T][0-9]{2}:[0-9]{2}:[0-9]{2}([.][0-9]{1,6})?(Z|[+-][0-9]{2}(:[0-9]{2})?)') AND try_cast(%1$s AS TIMESTAMPTZ) IS NOT NULL");

    private final DataType.Kind kind;
    private final String test;

    Guess(DataType.Kind kind, String test) {
      this.kind = kind;
      this.test = test;
    }
  }

  private record Try(String column, Guess guess) {}

  static FileColumns find(DuckDbSession session, FileScan scan) {
    Map<String, DataType> types = new LinkedHashMap<>();
    Set<String> empty = new HashSet<>();
    Set<String> wide = new HashSet<>();
    if (scan.format().kind() == Kind.PARQUET || scan.types().isEmpty()) {
      scan.types().forEach((column, type) -> types.put(column, FileTypes.of(type)));
      return new FileColumns(types, empty, wide, scan, count(session, scan.relation()));
    }
    List<Try> all = new ArrayList<>();
    for (String column : scan.types().keySet()) {
      EnumSet.allOf(Guess.class).forEach(g -> all.add(new Try(column, g)));
    }
    String first = "(FROM " + scan.relation() + " LIMIT " + FIRST_ROWS + ")";
    Outcome sample = attempt(session, scan, first, all);
    List<Try> alive = all.stream().filter(t -> !sample.failed.contains(t)).toList();
    Outcome whole = attempt(session, scan, scan.relation(), alive);
    for (String column : scan.types().keySet()) {
      DataType type = DataType.VARCHAR;
      for (Guess guess : Guess.values()) {
        if (type.equals(DataType.VARCHAR) && whole.passed.contains(new Try(column, guess))) {
          type = new DataType(guess.kind, 0, 0);
        }
      }
      types.put(column, type);
      if (type.equals(DataType.BIGINT) && !whole.passed.contains(new Try(column, Guess.DOUBLE))) {
        wide.add(column);
      }
      if (whole.values.getOrDefault(column, 0L) == 0) {
        empty.add(column);
      }
    }
    return new FileColumns(types, empty, wide, scan, whole.rows);
  }

  private static final class Outcome {
    private final Set<Try> passed = new HashSet<>();
    private final Set<Try> failed = new HashSet<>();
    private final Map<String, Long> values = new LinkedHashMap<>();
    private long rows;
  }

  private static Outcome attempt(
      DuckDbSession session, FileScan scan, String relation, List<Try> tries) {
    List<String> columns = List.copyOf(scan.types().keySet());
    List<String> asked = new ArrayList<>(List.of("count(*)"));
    columns.forEach(c -> asked.add("count(nullif(" + scan.text(c) + ", ''))"));
    tries.forEach(t -> asked.add("bool_and(" + test(scan, t) + ")"));
    return session.query(
        "SELECT " + String.join(", ", asked) + " FROM " + relation,
        0,
        rows -> {
          rows.next();
          Outcome outcome = new Outcome();
          outcome.rows = rows.getLong(1);
          for (int i = 0; i < columns.size(); i++) {
            outcome.values.put(columns.get(i), rows.getLong(2 + i));
          }
          for (int i = 0; i < tries.size(); i++) {
            boolean passed = rows.getBoolean(2 + columns.size() + i);
            if (!rows.wasNull()) {
              (passed ? outcome.passed : outcome.failed).add(tries.get(i));
            }
          }
          return outcome;
        });
  }

  private static String test(FileScan scan, Try attempt) {
    String text = "nullif(" + scan.text(attempt.column) + ", '')";
    String test = attempt.guess.test.formatted(text);
    if (scan.format().kind() == Kind.CSV) {
      return test;
    }
    // JSON says itself what is a text: "12" is one
    String sort = attempt.guess.compareTo(Guess.DATE) >= 0 ? "" : "NOT ";
    return "CASE WHEN %s IS NOT NULL THEN %s%s AND (%s) END"
        .formatted(text, sort, scan.isQuoted(attempt.column), test);
  }

  private static long count(DuckDbSession session, String relation) {
    return session.query(
        "SELECT count(*) FROM " + relation,
        0,
        rows -> {
          rows.next();
          return rows.getLong(1);
        });
  }

  /** The columns as they land. */
  List<FileDecoder.Seen> seen(Map<String, DataType> known) {
    return types.entrySet().stream()
        .map(
            c ->
                new FileDecoder.Seen(
                    new Column(c.getKey(), known.getOrDefault(c.getKey(), c.getValue())),
                    sourceType(c.getKey())))
        .toList();
  }

  private String sourceType(String column) {
    return switch (scan.format().kind()) {
      case PARQUET -> scan.types().getOrDefault(column, "");
      case CSV, JSON, NDJSON, XLSX -> {
        String text = wide.contains(column) ? FileDecoder.LONG_NUMBERS : "text";
        yield empty.contains(column) ? FileDecoder.NOTHING : text;
      }
    };
  }

  /**
   * Makes sure that declared types hold every value.
   *
   * @throws EcluseException DATA_INVALID, naming the first row that does not fit
   */
  void check(DuckDbSession session, FileScan scan, String name, Map<String, DataType> known) {
    for (Map.Entry<String, DataType> declared : known.entrySet()) {
      if (types.containsKey(declared.getKey())
          && declared.getValue().kind() != DataType.Kind.VARCHAR) {
        check(session, scan, name, new Column(declared.getKey(), declared.getValue()));
      }
    }
  }

  private static void check(DuckDbSession session, FileScan scan, String name, Column column) {
    String text = "nullif(" + scan.text(column.name()) + ", '')";
    String sql =
        "SELECT n FROM (SELECT row_number() OVER () AS n, %s AS t FROM %s) WHERE t IS NOT NULL AND NOT (%s) LIMIT 1"
            .formatted(text, scan.relation(), LosslessCast.holds(column.type(), "t"));
    long row = session.query(sql, 0, rows -> rows.next() ? rows.getLong(1) : 0L);
    if (row > 0) {
      throw ErrorCode.DATA_INVALID.error(
          "%s, row %d: column %s is to be %s, but what stands there is not; correct the file, or the type in the source's streams"
              .formatted(name, row, column.name(), column.type().sql()));
    }
  }
}
