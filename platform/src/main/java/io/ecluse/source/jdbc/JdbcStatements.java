package io.ecluse.source.jdbc;

import io.ecluse.schema.DataType;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Asks tables: bounded in time, forward only. */
record JdbcStatements(JdbcSettings settings, JdbcErrors errors, JdbcWork work) {
  private static final Set<DataType.Kind> WHOLE =
      Set.of(DataType.Kind.INTEGER, DataType.Kind.BIGINT, DataType.Kind.DECIMAL);

  /** Rows that are worth a statement of their own. */
  private static final long ROWS_A_PIECE = 100_000;

  private static final long MOST_PIECES = 256;

  private PreparedStatement prepare(Connection connection, String sql) throws SQLException {
    PreparedStatement statement =
        connection.prepareStatement(sql, ResultSet.TYPE_FORWARD_ONLY, ResultSet.CONCUR_READ_ONLY);
    statement.setQueryTimeout((int) Math.max(1, settings.statementTimeout().toSeconds()));
    return statement;
  }

  /** The statement, with the table's condition as its parameters. */
  PreparedStatement prepare(Connection connection, String sql, JdbcTable table)
      throws SQLException {
    PreparedStatement statement = prepare(connection, sql);
    if (table.filter().isPresent()) {
      table.filter().get().set(statement);
    }
    return statement;
  }

  long count(Connection connection, JdbcTable table) {
    try {
      return one(connection, table.count(), table, rows -> rows.getLong(1));
    } catch (SQLException e) {
      throw errors.reading("counting table " + table.name(), e);
    }
  }

  /** Reads an answer. */
  interface Answer<T> {
    T of(ResultSet rows) throws SQLException;
  }

  /** Asks for one row of what a table's condition holds for. */
  <T> T one(Connection connection, String sql, JdbcTable table, Answer<T> answer)
      throws SQLException {
    try (PreparedStatement statement = prepare(connection, sql, table)) {
      return ask(
          statement,
          rows -> {
            rows.next();
            return answer.of(rows);
          });
    }
  }

  /** Asks for what needs no parameter. */
  <T> T ask(Connection connection, String sql, Answer<T> answer) throws SQLException {
    try (PreparedStatement statement = prepare(connection, sql)) {
      return ask(statement, answer);
    }
  }

  private <T> T ask(PreparedStatement statement, Answer<T> answer) throws SQLException {
    try (JdbcWork.Running running = work.begin(statement);
        ResultSet rows = statement.executeQuery()) {
      return answer.of(rows);
    }
  }

  private record Bounds(Optional<BigDecimal> low, Optional<BigDecimal> high) {}

  /**
   * The table in ranges of its key, each about as wide in values; the whole of it if it is small,
   * or its key is not one whole number. The first and the last are open: when they are read in a
   * later moment, keys may have come beyond those that were there.
   *
   * @param rows as counted
   */
  List<JdbcTable> ranges(Connection connection, JdbcTable table, long rows) throws SQLException {
    long pieces = Math.min(MOST_PIECES, rows / ROWS_A_PIECE);
    if (pieces < 2 || !hasWholeKey(table)) {
      return List.of(table);
    }
    String key = table.quoted(table.primaryKey().get(0));
    Bounds bounds =
        one(
            connection,
            table.select("MIN(%s), MAX(%s)".formatted(key, key)),
            table,
            row ->
                new Bounds(
                    Optional.ofNullable(row.getBigDecimal(1)),
                    Optional.ofNullable(row.getBigDecimal(2))));
    if (bounds.low().isEmpty() || bounds.high().isEmpty()) {
      return List.of(table); // emptied since it was counted, where nothing holds a moment
    }
    BigInteger low = bounds.low().get().toBigInteger();
    BigInteger high = bounds.high().get().toBigInteger();
    BigInteger width = high.subtract(low).divide(BigInteger.valueOf(pieces)).add(BigInteger.ONE);
    List<JdbcTable> ranges = new ArrayList<>();
    Optional<BigInteger> from = Optional.empty();
    for (BigInteger to = low.add(width); to.compareTo(high) <= 0; to = to.add(width)) {
      ranges.add(table.where(range(key, from, Optional.of(to))));
      from = Optional.of(to);
    }
    ranges.add(
        from.map(f -> table.where(range(key, Optional.of(f), Optional.empty()))).orElse(table));
    return ranges;
  }

  private static JdbcTable.Filter range(
      String key, Optional<BigInteger> from, Optional<BigInteger> to) {
    return new JdbcTable.Filter(
        Stream.of(from.map(f -> key + " >= ?"), to.map(t -> key + " < ?"))
            .flatMap(Optional::stream)
            .collect(Collectors.joining(" AND ")),
        Stream.of(from, to).flatMap(Optional::stream).map(JdbcStatements::parameter).toList());
  }

  /** A database compares whole numbers by their index; of decimals, not each of them knows how. */
  private static Object parameter(BigInteger number) {
    return number.bitLength() < Long.SIZE ? number.longValueExact() : new BigDecimal(number);
  }

  private static boolean hasWholeKey(JdbcTable table) {
    return table.primaryKey().size() == 1
        && table.columns().stream()
            .filter(c -> c.staged().column().name().equals(table.primaryKey().get(0)))
            .map(c -> c.staged().column().type())
            .anyMatch(t -> WHOLE.contains(t.kind()) && t.scale() == 0);
  }
}
