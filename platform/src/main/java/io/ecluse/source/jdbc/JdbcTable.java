package io.ecluse.source.jdbc;

import io.ecluse.staging.StagedColumn;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A table or view.
 *
 * @param name as the stream is called
 * @param from quoted, as SQL wants it after FROM
 * @param quote what stands around identifiers
 */
record JdbcTable(String name, String from, String quote, List<JdbcColumn> columns) {
  private static final long FETCH_BYTES = 4L << 20;
  private static final long MOST_ROWS = 10_000;

  JdbcTable {
    columns = List.copyOf(columns);
  }

  static String quoted(String quote, String identifier) {
    return quote.isBlank() ? identifier : quote + identifier.replace(quote, quote + quote) + quote;
  }

  JdbcTable named(String stream) {
    return new JdbcTable(stream, from, quote, columns);
  }

  List<StagedColumn> staged() {
    return columns.stream().map(JdbcColumn::staged).toList();
  }

  String select() {
    return columns.stream()
        .map(c -> quoted(quote, c.staged().column().name()))
        .collect(Collectors.joining(", ", "SELECT ", " FROM " + from));
  }

  String count() {
    return "SELECT COUNT(*) FROM " + from;
  }

  /** About how long a row is, at most. */
  long rowBytes() {
    return Math.max(1, columns.stream().mapToLong(JdbcColumn::bytes).sum());
  }

  /** Rows that a driver may hold at a time, so that they stay small however long each is. */
  int fetchSize() {
    return (int) Math.max(1, Math.min(MOST_ROWS, FETCH_BYTES / rowBytes()));
  }
}
