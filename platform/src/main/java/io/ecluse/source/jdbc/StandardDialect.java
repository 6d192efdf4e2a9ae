package io.ecluse.source.jdbc;

import io.ecluse.schema.DataType;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What every driver can be asked for. */
record StandardDialect(Clock clock) implements Dialect {
  private static final String SQL_SERVER = "Microsoft SQL Server";

  /** SQLServerConnection.TRANSACTION_SNAPSHOT: a level that JDBC does not have. */
  private static final int SQL_SERVER_SNAPSHOT = 0x1000;

  /** Databases that hold a snapshot at repeatable read; at serializable, readers lock, or count. */
  private static final Set<String> SNAPSHOT_AT_REPEATABLE_READ =
      Set.of("MariaDB", "MySQL", "PostgreSQL");

  private static final Map<Integer, String> NAMES =
      Map.of(
          SQL_SERVER_SNAPSHOT,
          "snapshot",
          Connection.TRANSACTION_SERIALIZABLE,
          "serializable",
          Connection.TRANSACTION_REPEATABLE_READ,
          "repeatable read",
          Connection.TRANSACTION_READ_COMMITTED,
          "read committed");

  private static final List<Integer> STRICTEST_FIRST =
      List.of(
          Connection.TRANSACTION_SERIALIZABLE,
          Connection.TRANSACTION_REPEATABLE_READ,
          Connection.TRANSACTION_READ_COMMITTED);

  /** Products whose tables are trees of their whole-number key, unless told otherwise. */
  private static final Set<String> IN_KEY_ORDER = Set.of("H2", SQL_SERVER);

  private static final int WITHIN_SECONDS = 10;

  @Override
  public String product() {
    return "database";
  }

  @Override
  public String where(JdbcSettings settings) {
    return "connection.url";
  }

  @Override
  public Map<String, String> properties(Duration silence) {
    return Map.of();
  }

  /** MySQL's own driver reads all rows at once, unless it is told so to take one by one. */
  @Override
  public int fetchSize(Connection connection, JdbcTable table, int rows) throws SQLException {
    String driver = connection.getMetaData().getDriverName();
    return driver.startsWith("MySQL") ? Integer.MIN_VALUE : rows;
  }

  @Override
  public String whoLocks() {
    return "ask there who holds it";
  }

  /**
   * One transaction at the strictest isolation that the driver knows; at less where a snapshot
   * needs no more, since the strictest would have writers wait there.
   */
  @Override
  public String begin(Connection connection) throws SQLException {
    Optional<Integer> level = isolation(connection);
    if (level.isPresent()) {
      connection.setTransactionIsolation(level.get());
    }
    connection.setAutoCommit(false);
    return level
        .map(l -> "one transaction, %s, from %s".formatted(NAMES.get(l), clock.instant()))
        .orElseGet(() -> "no transaction, from %s".formatted(clock.instant()));
  }

  private static Optional<Integer> isolation(Connection connection) throws SQLException {
    DatabaseMetaData facts = connection.getMetaData();
    if (SNAPSHOT_AT_REPEATABLE_READ.contains(facts.getDatabaseProductName())) {
      return Optional.of(Connection.TRANSACTION_REPEATABLE_READ);
    } else if (facts.getDatabaseProductName().equals(SQL_SERVER) && hasSnapshots(connection)) {
      return Optional.of(SQL_SERVER_SNAPSHOT);
    }
    for (int level : STRICTEST_FIRST) {
      if (facts.supportsTransactionIsolationLevel(level)) {
        return Optional.of(level);
      }
    }
    return Optional.empty();
  }

  /** Microsoft's documentation, sys.databases: 1 if ALLOW_SNAPSHOT_ISOLATION is on. */
  private static boolean hasSnapshots(Connection connection) {
    try (Statement statement = connection.createStatement();
        ResultSet state =
            statement.executeQuery(
                "SELECT snapshot_isolation_state FROM sys.databases WHERE name = DB_NAME()")) {
      return state.next() && state.getInt(1) == 1;
    } catch (SQLException e) {
      return false;
    }
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
  public String expression(JdbcType type, String quoted) {
    return quoted;
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
