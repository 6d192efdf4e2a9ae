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
import java.util.Set;

/** Asks tables: bounded in time, forward only. */
final class JdbcStatements {
  private static final Set<DataType.Kind> WHOLE =
      Set.of(DataType.Kind.INTEGER, DataType.Kind.BIGINT, DataType.Kind.DECIMAL);

  /** Rows that are worth a statement of their own. */
  private static final long ROWS_A_PIECE = 100_000;

  private static final long MOST_PIECES = 256;

  private final JdbcSettings settings;
  private final JdbcErrors errors;

  JdbcStatements(JdbcSettings settings, JdbcErrors errors) {
    this.settings = settings;
    this.errors = errors;
  }

  PreparedStatement prepare(Connection connection, String sql, JdbcTable table)
      throws SQLException {
    PreparedStatement statement =
        connection.prepareStatement(sql, ResultSet.TYPE_FORWARD_ONLY, ResultSet.CONCUR_READ_ONLY);
    statement.setQueryTimeout((int) Math.max(1, settings.statementTimeout().toSeconds()));
    if (table.filter().isPresent()) {
      table.filter().get().set(statement);
    }
    return statement;
  }

  long count(Connection connection, JdbcTable table) {
    try (PreparedStatement statement = prepare(connection, table.count(), table);
        ResultSet rows = statement.executeQuery()) {
      rows.next();
      return rows.getLong(1);
    } catch (SQLException e) {
      throw errors.reading("counting table " + table.name(), e);
    }
  }

  /**
   * The table in ranges of its key, each about as wide in values; the whole of it if it is small,
   * or its key is not one whole number.
   *
   * @param rows as counted
   */
  List<JdbcTable> ranges(Connection connection, JdbcTable table, long rows) throws SQLException {
    long pieces = Math.min(MOST_PIECES, rows / ROWS_A_PIECE);
    if (pieces < 2 || !hasWholeKey(table)) {
      return List.of(table);
    }
    String key = table.quoted(table.primaryKey().get(0));
    String sql = "SELECT MIN(%s), MAX(%s) FROM %s".formatted(key, key, table.from());
    BigInteger low;
    BigInteger high;
    try (PreparedStatement statement = connection.prepareStatement(sql);
        ResultSet bounds = statement.executeQuery()) {
      bounds.next();
      low = bounds.getBigDecimal(1).toBigInteger();
      high = bounds.getBigDecimal(2).toBigInteger();
    }
    BigInteger width = high.subtract(low).divide(BigInteger.valueOf(pieces)).add(BigInteger.ONE);
    List<JdbcTable> ranges = new ArrayList<>();
    for (BigInteger from = low; from.compareTo(high) <= 0; from = from.add(width)) {
      ranges.add(
          table.where(
              new JdbcTable.Filter(
                  "%s >= ? AND %s < ?".formatted(key, key),
                  List.of(new BigDecimal(from), new BigDecimal(from.add(width))))));
    }
    return ranges;
  }

  private static boolean hasWholeKey(JdbcTable table) {
    return table.primaryKey().size() == 1
        && table.columns().stream()
            .filter(c -> c.staged().column().name().equals(table.primaryKey().get(0)))
            .map(c -> c.staged().column().type())
            .anyMatch(t -> WHOLE.contains(t.kind()) && t.scale() == 0);
  }
}
