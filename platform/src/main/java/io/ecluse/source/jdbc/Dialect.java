package io.ecluse.source.jdbc;

import io.ecluse.schema.DataType;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/** In what a database differs from what JDBC promises of all. */
interface Dialect {
  /** How the database is called in messages. */
  String product();

  /** Where a database of this kind is told what to read from, for messages. */
  String where(JdbcSettings settings);

  /**
   * What the driver is told beside what the settings say.
   *
   * @param silence after which an answer will not come any more
   */
  Map<String, String> properties(Duration silence);

  /**
   * Rows that the driver is told to fetch at a time, so that it holds no more.
   *
   * @param rows that are few enough, if none is longer than is known
   */
  int fetchSize(Connection connection, JdbcTable table, int rows) throws SQLException;

  /** Begins to read as of one moment, and tells which, in the database's own words. */
  String begin(Connection connection) throws SQLException;

  /**
   * Lets no commit pass until what is returned is closed, so that several connections begin at one
   * moment. On a connection of its own. When we stand still meanwhile, the database soon lets go,
   * and closing fails.
   *
   * @throws SQLException when the database cannot, or the user may not
   */
  AutoCloseable hold(Connection connection) throws SQLException;

  /** How to find out who is in the way when a lock is waited for. */
  String whoLocks();

  /** What the database's own statistics say of the tables, by name; empty if it has none. */
  Map<String, Facts> facts(Connection connection) throws SQLException;

  /**
   * What is known of a table without reading it.
   *
   * @param rows an estimate
   * @param bytes indexes left out
   * @param isolated whether a snapshot holds for it
   */
  record Facts(long rows, long bytes, boolean isolated) {}

  /** Whether a table's rows lie in the order of its key, so that a range of it is cheap to read. */
  boolean isInKeyOrder(Connection connection) throws SQLException;

  /**
   * A tiny question, by how long whose answer takes it is felt how the database is.
   *
   * @throws SQLException when there is no answer
   */
  void canary(Connection connection) throws SQLException;

  /** The count of bytes in {@link #cost}. */
  String BYTES = "bytes_sent";

  /** What the database has counted of this connection's own work since it began; empty if none. */
  Map<String, Long> cost(Connection connection) throws SQLException;

  /** What the database counts of everybody's work, ours included; empty if nothing. */
  Map<String, Long> load(Connection connection) throws SQLException;

  /** The type that a column lands with, where JDBC's own is not enough to know it. */
  Optional<DataType> type(JdbcType type);

  /** Reads a value, where the driver's own way would lose something; empty for the usual way. */
  Optional<JdbcValue> value(JdbcType type);

  /**
   * What is selected of a column, where the column as it is would come with something lost.
   *
   * @param quoted its name
   */
  String expression(JdbcType type, String quoted);

  /** A value as a statement's parameter, so that the database compares it as what it is. */
  Object parameter(Object value);

  /**
   * A column's type as the driver tells it.
   *
   * @param code of {@link java.sql.Types}
   * @param name in the database's own words
   * @param precision digits, characters or bytes
   */
  record JdbcType(int code, String name, int precision, int scale, Sign sign) {
    /** Whether a number may be less than zero. */
    enum Sign {
      SIGNED,
      UNSIGNED
    }
  }

  /** Reads the value of a column; empty for NULL. */
  interface JdbcValue {
    Optional<Object> read(ResultSet rows, int column) throws SQLException;
  }
}
