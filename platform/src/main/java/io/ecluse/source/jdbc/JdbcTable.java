package io.ecluse.source.jdbc;

import io.ecluse.source.Throttle;
import io.ecluse.staging.StagedColumn;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A table or view.
 *
 * @param name as the stream is called
 * @param from quoted, as SQL wants it after FROM
 * @param quote what stands around identifiers
 * @param primaryKey empty if it has none
 * @param filter which rows are wanted; empty for all
 */
record JdbcTable(
    String name,
    String from,
    String quote,
    List<JdbcColumn> columns,
    List<String> primaryKey,
    Optional<Filter> filter) {
  private static final long FETCH_BYTES = 4L << 20;
  private static final long MOST_ROWS = 10_000;

  JdbcTable {
    columns = List.copyOf(columns);
    primaryKey = List.copyOf(primaryKey);
  }

  /** A condition with a parameter for each question mark. */
  record Filter(String sql, List<Object> parameters) {
    Filter {
      parameters = List.copyOf(parameters);
    }

    Filter and(Filter other) {
      return new Filter(
          "(" + sql + ") AND (" + other.sql + ")",
          Stream.concat(parameters.stream(), other.parameters.stream()).toList());
    }

    void set(PreparedStatement statement) throws SQLException {
      for (int i = 0; i < parameters.size(); i++) {
        statement.setObject(i + 1, parameters.get(i));
      }
    }
  }

  static String quoted(String quote, String identifier) {
    return quote.isBlank() ? identifier : quote + identifier.replace(quote, quote + quote) + quote;
  }

  JdbcTable named(String stream) {
    return new JdbcTable(stream, from, quote, columns, primaryKey, filter);
  }

  JdbcTable where(Filter condition) {
    Filter both = filter.map(f -> f.and(condition)).orElse(condition);
    return new JdbcTable(name, from, quote, columns, primaryKey, Optional.of(both));
  }

  /** Some columns of every row. */
  JdbcTable only(List<String> names) {
    List<JdbcColumn> some =
        names.stream()
            .flatMap(n -> columns.stream().filter(c -> c.staged().column().name().equals(n)))
            .toList();
    return new JdbcTable(name, from, quote, some, primaryKey, Optional.empty());
  }

  String quoted(String column) {
    return quoted(quote, column);
  }

  private String condition() {
    return filter.map(f -> " WHERE " + f.sql()).orElse("");
  }

  List<StagedColumn> staged() {
    return columns.stream().map(JdbcColumn::staged).toList();
  }

  String select() {
    return select(
        columns.stream()
            .map(c -> c.selected().apply(quoted(c.staged().column().name())))
            .collect(Collectors.joining(", ")));
  }

  /** What the expressions come to over the rows that are wanted. */
  String select(String expressions) {
    return "SELECT " + expressions + " FROM " + from + condition();
  }

  String count() {
    return select("COUNT(*)");
  }

  /** About how long a row is, at most. */
  long rowBytes() {
    return Math.max(1, columns.stream().mapToLong(JdbcColumn::bytes).sum());
  }

  /** Whether it has values of which nothing tells how long they are. */
  boolean hasLongValues() {
    return columns.stream().anyMatch(JdbcColumn::isLong);
  }

  /** Rows that a driver may hold at a time, so that they stay small however long each is. */
  int fetchSize(Throttle throttle) {
    return (int) Math.max(1, Math.min(MOST_ROWS, throttle.mostAtOnce(FETCH_BYTES) / rowBytes()));
  }
}
