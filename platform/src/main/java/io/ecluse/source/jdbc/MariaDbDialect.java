package io.ecluse.source.jdbc;

import io.ecluse.schema.DataType;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLDataException;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Types;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * MariaDB and MySQL. Their days that never were ({@code 0000-00-00}) are NULL to the driver, so
 * times are read as text; a TIMESTAMP is a moment, a DATETIME is not.
 */
record MariaDbDialect(Clock clock) implements Dialect {
  private static final int HOLD_WITHIN_SECONDS = 5;

  /** The server drops a connection that says nothing for so long while it holds commits. */
  private static final int HELD_SECONDS = 5;

  /** Longest that the server waits for us to take rows: writing what was read may take a while. */
  private static final int TAKES_WITHIN_SECONDS = 900;

  private static final int IDLE_SECONDS = 28_800;
  private static final int CANARY_SECONDS = 10;

  @Override
  public String product() {
    return "MariaDB";
  }

  @Override
  public String where(JdbcSettings settings) {
    return "connection.host, connection.port and connection.database";
  }

  @Override
  public Map<String, String> properties(Duration silence) {
    return Map.of("socketTimeout", String.valueOf(silence.toMillis()));
  }

  /** Rows come as the server sends them, whatever is fetched at a time; long ones, one by one. */
  @Override
  public int fetchSize(Connection connection, JdbcTable table, int rows) {
    return table.hasLongValues() ? 1 : rows;
  }

  @Override
  public String whoLocks() {
    return "SHOW FULL PROCESSLIST; and SELECT * FROM information_schema.innodb_trx;";
  }

  /** MariaDB documentation, START TRANSACTION: a snapshot that no writer waits for. */
  @Override
  public String begin(Connection connection) throws SQLException {
    connection.setAutoCommit(false);
    try (Statement statement = connection.createStatement()) {
      statement.execute("SET SESSION TRANSACTION ISOLATION LEVEL REPEATABLE READ");
      statement.execute("SET SESSION time_zone = '+00:00'");
      staysOpen(connection, statement);
      statement.execute("START TRANSACTION WITH CONSISTENT SNAPSHOT");
      return "consistent snapshot of " + clock.instant() + binlog(statement);
    }
  }

  /** Whatever the server's usual patience with a client that reads slowly, or waits for others. */
  private static void staysOpen(Connection connection, Statement statement) throws SQLException {
    statement.execute(
        "SET SESSION net_write_timeout = %d, SESSION wait_timeout = %d"
            .formatted(TAKES_WITHIN_SECONDS, IDLE_SECONDS));
    if (isMariaDb(connection)) {
      statement.execute(
          "SET SESSION idle_transaction_timeout = 0, SESSION idle_readonly_transaction_timeout = 0");
    }
  }

  private static boolean isMariaDb(Connection connection) throws SQLException {
    return connection.getMetaData().getDatabaseProductName().equalsIgnoreCase("MariaDB");
  }

  private static String binlog(Statement statement) throws SQLException {
    try (ResultSet rows = statement.executeQuery("SHOW STATUS LIKE 'binlog_snapshot_%'")) {
      StringBuilder position = new StringBuilder();
      while (rows.next()) {
        String value = String.valueOf(rows.getString(2));
        boolean tells = rows.getString(1).toLowerCase(Locale.ROOT).matches(".*_(file|position)");
        position.append(tells && !value.isBlank() && !value.equals("0") ? " " + value : "");
      }
      return position.toString();
    }
  }

  /**
   * MariaDB documentation, BACKUP STAGE: commits wait, reading and writing go on. MySQL knows FLUSH
   * TABLES WITH READ LOCK only, which lets writers wait too. Both need the right RELOAD, and both
   * give up soon if somebody else's long statement stands in the way.
   */
  @Override
  public AutoCloseable hold(Connection connection) throws SQLException {
    connection.setReadOnly(false);
    try (Statement statement = connection.createStatement()) {
      statement.execute(
          "SET SESSION lock_wait_timeout = %d, SESSION wait_timeout = %d"
              .formatted(HOLD_WITHIN_SECONDS, HELD_SECONDS));
      if (isMariaDb(connection)) {
        statement.execute("BACKUP STAGE START");
        statement.execute("BACKUP STAGE BLOCK_COMMIT");
        return () -> execute(connection, "BACKUP STAGE END");
      }
      statement.execute("FLUSH TABLES WITH READ LOCK");
      return () -> execute(connection, "UNLOCK TABLES");
    }
  }

  @Override
  public Map<String, Facts> facts(Connection connection) throws SQLException {
    Map<String, Facts> facts = new HashMap<>();
    try (Statement statement = connection.createStatement();
        ResultSet rows =
            statement.executeQuery(
                "SELECT table_name, coalesce(table_rows, 0), coalesce(data_length, 0), coalesce(engine, '') FROM information_schema.tables WHERE table_schema = database()")) {
      while (rows.next()) {
        facts.put(
            rows.getString(1),
            new Facts(rows.getLong(2), rows.getLong(3), rows.getString(4).matches("(?i)innodb|")));
      }
    }
    return facts;
  }

  /**
   * MariaDB documentation, Server Status Variables. Times are counted only with {@code userstat =
   * ON}; they are left out when they are not.
   */
  @Override
  public Map<String, Long> cost(Connection connection) throws SQLException {
    Map<String, Long> cost = new HashMap<>();
    status(connection, "SESSION")
        .forEach(
            (name, value) -> {
              if (name.equals("bytes_sent")) {
                cost.put(BYTES, value.longValue());
              } else if (name.matches("handler_read_.*")) {
                cost.merge("server_rows_read", value.longValue(), Long::sum);
              } else if (name.matches("(cpu|busy)_time") && value.signum() > 0) {
                cost.put("server_" + name + "_ms", value.movePointRight(3).longValue());
              }
            });
    return cost;
  }

  @Override
  public Map<String, Long> load(Connection connection) throws SQLException {
    Map<String, BigDecimal> status = status(connection, "GLOBAL");
    Map<String, Long> load = new HashMap<>();
    Optional.ofNullable(status.get("innodb_buffer_pool_reads"))
        .ifPresent(n -> load.put("server_blocks_read", n.longValue()));
    Optional.ofNullable(status.get("innodb_buffer_pool_read_requests"))
        .ifPresent(n -> load.put("server_blocks_asked", n.longValue()));
    return load;
  }

  /** InnoDB's tables are trees of their key. */
  @Override
  public boolean isInKeyOrder(Connection connection) {
    return true;
  }

  /** What is in memory and takes no lock, but has to be gathered: a ping would feel the network. */
  @Override
  public void canary(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.setQueryTimeout(CANARY_SECONDS);
      try (ResultSet rows =
          statement.executeQuery("SELECT COUNT(*) FROM information_schema.collations")) {
        rows.next();
      }
    }
  }

  private static Map<String, BigDecimal> status(Connection connection, String scope)
      throws SQLException {
    Map<String, BigDecimal> status = new HashMap<>();
    try (Statement statement = connection.createStatement();
        ResultSet rows =
            statement.executeQuery(
                "SHOW %s STATUS WHERE Variable_name IN ('Bytes_sent', 'Cpu_time', 'Busy_time', 'Innodb_buffer_pool_reads', 'Innodb_buffer_pool_read_requests') OR Variable_name LIKE 'Handler_read%%'"
                    .formatted(scope))) {
      while (rows.next()) {
        status.put(
            rows.getString(1).toLowerCase(Locale.ROOT),
            new BigDecimal(String.valueOf(rows.getString(2))));
      }
    }
    return status;
  }

  private static void execute(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  /**
   * The server writes a FLOAT with six digits; the same as a DOUBLE, with all that it has. Not by
   * adding 0, which takes the sign off a zero.
   */
  @Override
  public String expression(JdbcType type, String quoted) {
    return type.code() == Types.REAL || type.name().toUpperCase(Locale.ROOT).startsWith("FLOAT")
        ? quoted + " * 1e0"
        : quoted;
  }

  /** Times as text: the session is in UTC, and the driver would reckon by the machine's zone. */
  @Override
  public Object parameter(Object value) {
    if (value instanceof Instant moment) {
      return LocalDateTime.ofInstant(moment, ZoneOffset.UTC).toString().replace('T', ' ');
    }
    return value instanceof LocalDateTime || value instanceof LocalDate
        ? value.toString().replace('T', ' ')
        : value;
  }

  @Override
  public Optional<DataType> type(JdbcType type) {
    boolean unsigned = type.sign() == JdbcType.Sign.UNSIGNED;
    String name = type.name().toUpperCase(Locale.ROOT);
    if (name.startsWith("BIGINT") && unsigned) {
      return Optional.of(DataType.decimal(20, 0));
    } else if (name.matches("(INT|INTEGER)( UNSIGNED)?.*") && unsigned) {
      return Optional.of(DataType.BIGINT);
    } else if (name.equals("TIMESTAMP")) {
      return Optional.of(DataType.TIMESTAMPTZ);
    } else if (name.equals("YEAR")) {
      return Optional.of(DataType.INTEGER);
    } else if (name.equals("BIT") && type.precision() > 1) {
      return Optional.of(DataType.BLOB);
    }
    return Optional.empty();
  }

  @Override
  public Optional<JdbcValue> value(JdbcType type) {
    return switch (type.name().toUpperCase(Locale.ROOT)) {
      case "DATE" -> Optional.of((rows, i) -> text(rows, i).map(MariaDbDialect::date));
      case "DATETIME" -> Optional.of((rows, i) -> text(rows, i).map(MariaDbDialect::time));
      case "TIMESTAMP" ->
          Optional.of((rows, i) -> text(rows, i).map(t -> time(t).toInstant(ZoneOffset.UTC)));
      default -> Optional.empty();
    };
  }

  private static Optional<String> text(ResultSet rows, int column) throws SQLException {
    Optional<String> text = Optional.ofNullable(rows.getString(column));
    if (text.isPresent() && neverWas(text.get())) {
      throw new SQLDataException("a day that never was", "22007");
    }
    return text;
  }

  /** Whether year, month or day of {@code yyyy-mm-dd…} is zero. */
  private static boolean neverWas(String text) {
    return text.startsWith("0000") || text.startsWith("00", 5) || text.startsWith("00", 8);
  }

  private static LocalDate date(String text) throws DateTimeParseException {
    return LocalDate.parse(text);
  }

  private static LocalDateTime time(String text) throws DateTimeParseException {
    return LocalDateTime.parse(text.replace(' ', 'T'));
  }
}
