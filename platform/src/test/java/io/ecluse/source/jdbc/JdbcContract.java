package io.ecluse.source.jdbc;

import io.ecluse.source.Source;
import io.ecluse.source.SourceContract;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/** A database that JDBC reaches, with the streams of the contract. */
abstract class JdbcContract extends SourceContract {
  private static final int BATCH = 1_000;

  abstract String url();

  abstract String user();

  abstract String password();

  /** SQL that empties the database. */
  abstract String clean();

  JdbcSettings settings(String url, String password, Optional<Path> driver) {
    return new JdbcSettings(
        "school",
        url,
        Map.of("user", user(), "password", password),
        Optional.empty(),
        driver,
        Duration.ofMinutes(5));
  }

  Source source(JdbcSettings settings) {
    return JdbcSource.any(settings, stage());
  }

  Source at(String url, String password) {
    return source(settings(url, password, Optional.empty()));
  }

  @Override
  protected Source source() throws SQLException {
    execute(
        clean(),
        "CREATE TABLE people (id INTEGER PRIMARY KEY, name VARCHAR(100), born DATE, grade DECIMAL(10,2))",
        "CREATE TABLE empty (id INTEGER, name VARCHAR(100))",
        "CREATE TABLE marks (id INTEGER PRIMARY KEY, mark VARCHAR(100))");
    try (Connection connection = connect()) {
      connection.setAutoCommit(false);
      people(connection);
      marks(connection);
      connection.commit();
    }
    return at(url(), password());
  }

  private static void people(Connection connection) throws SQLException {
    try (PreparedStatement insert =
        connection.prepareStatement("INSERT INTO people VALUES (?, ?, ?, ?)")) {
      for (Person person : PEOPLE) {
        insert.setInt(1, person.id());
        insert.setString(2, orNull(person.name()));
        insert.setString(3, orNull(person.born()));
        insert.setString(4, orNull(person.grade()));
        insert.executeUpdate();
      }
    }
  }

  private static void marks(Connection connection) throws SQLException {
    try (PreparedStatement insert =
        connection.prepareStatement("INSERT INTO marks VALUES (?, ?)")) {
      for (int i = 0; i < MARKS; i++) {
        insert.setInt(1, i);
        insert.setString(2, mark(i));
        insert.addBatch();
        if (i % BATCH == BATCH - 1 || i == MARKS - 1) {
          insert.executeBatch();
        }
      }
    }
  }

  @SuppressWarnings("NullAway")
  private static String orNull(String text) {
    return text.isEmpty() ? null : text;
  }

  Connection connect() throws SQLException {
    return DriverManager.getConnection(url(), user(), password());
  }

  void execute(String... statements) throws SQLException {
    try (Connection connection = connect();
        Statement statement = connection.createStatement()) {
      for (String sql : statements) {
        statement.execute(sql);
      }
    }
  }
}
