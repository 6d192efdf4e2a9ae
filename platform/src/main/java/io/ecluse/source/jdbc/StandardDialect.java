package io.ecluse.source.jdbc;

import io.ecluse.schema.DataType;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What every driver can be asked for. */
final class StandardDialect implements Dialect {
  private static final Map<Integer, String> NAMES =
      Map.of(
          Connection.TRANSACTION_SERIALIZABLE, "serializable",
          Connection.TRANSACTION_REPEATABLE_READ, "repeatable read",
          Connection.TRANSACTION_READ_COMMITTED, "read committed");

  private static final List<Integer> STRICTEST_FIRST =
      List.of(
          Connection.TRANSACTION_SERIALIZABLE,
          Connection.TRANSACTION_REPEATABLE_READ,
          Connection.TRANSACTION_READ_COMMITTED);

  /** Products whose tables are trees of their whole-number key, unless told otherwise. */
  private static final Set<String> IN_KEY_ORDER = Set.of("H2", "Microsoft SQL Server");

  private static final int WITHIN_SECONDS = 10;

  private final Clock clock;

  StandardDialect(Clock clock) {
    this.clock = clock;
  }

  @Override
  public String product() {
    return "database";
  }

  @Override
  public String where(JdbcSettings settings) {
    return "connection.url";
  }

  /** One transaction at the strictest isolation that the driver knows. */
  @Override
  public String begin(Connection connection) throws SQLException {
    connection.setAutoCommit(false);
    for (int level : STRICTEST_FIRST) {
      if (connection.getMetaData().supportsTransactionIsolationLevel(level)) {
        connection.setTransactionIsolation(level);
        return "one transaction, %s, from %s".formatted(NAMES.get(level), clock.instant());
      }
    }
    return "no transaction, from %s".formatted(clock.instant());
  }

  @Override
  public AutoCloseable hold(Connection connection) throws SQLException {
    throw new SQLFeatureNotSupportedException("no way that all databases share");
  }

  @Override
  public Map<String, Facts> facts(Connection connection) {
    return Map.of();
  }

  @Override
  public boolean isInKeyOrder(Connection connection) throws SQLException {
    return IN_KEY_ORDER.contains(connection.getMetaData().getDatabaseProductName());
  }

  /** Whether it is there, which JDBC lets ask of every database. */
  @Override
  public void canary(Connection connection) throws SQLException {
    if (!connection.isValid(WITHIN_SECONDS)) {
      throw new SQLException("no answer");
    }
  }

  @Override
  public Map<String, Long> cost(Connection connection) {
    return Map.of();
  }

  @Override
  public Map<String, Long> load(Connection connection) {
    return Map.of();
  }

  @Override
  public Object parameter(Object value) {
    return value instanceof Instant moment ? moment.atOffset(ZoneOffset.UTC) : value;
  }

  @Override
  public Optional<DataType> type(JdbcType type) {
    return Optional.empty();
  }

  @Override
  public Optional<JdbcValue> value(JdbcType type) {
    return Optional.empty();
  }
}
