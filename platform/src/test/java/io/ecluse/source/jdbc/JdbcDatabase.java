package io.ecluse.source.jdbc;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;

/** A database of a test: how it is reached, filled and read from. */
interface JdbcDatabase {
  String url();

  String user();

  String password();

  /** SQL that empties it. */
  String clean();

  default JdbcSettings settings() {
    return settings(url(), password());
  }

  default JdbcSettings settings(String url, String password) {
    return settings(url, user(), password);
  }

  default JdbcSettings settings(String url, String user, String password) {
    return Settings.plain(url, user, password);
  }

  default Connection connect() throws SQLException {
    return DriverManager.getConnection(url(), user(), password());
  }

  default void execute(String... statements) throws SQLException {
    try (Connection connection = connect();
        Statement statement = connection.createStatement()) {
      for (String sql : statements) {
        statement.execute(sql);
      }
    }
  }

  /** The same, in an empty database. */
  default void fill(String... statements) throws SQLException {
    execute(clean());
    execute(statements);
  }

  /** Ends every session but that of the statement. */
  default void endOtherSessions(Statement statement) throws SQLException {
    throw new AssertionError("no way to end sessions here");
  }

  /** Changes something, and then ends the sessions of the extract. */
  default void cutAfter(String... changes) throws SQLException {
    try (Connection connection = connect();
        Statement statement = connection.createStatement()) {
      for (String change : changes) {
        statement.execute(change);
      }
      endOtherSessions(statement);
    }
  }
}
