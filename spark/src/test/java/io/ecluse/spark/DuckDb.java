package io.ecluse.spark;

import java.math.BigDecimal;
import java.math.MathContext;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/** A DuckDB with the settings of the platform's engine. */
final class DuckDb implements AutoCloseable {
  private static final MathContext DIGITS = new MathContext(9);

  private final Connection connection;

  private DuckDb(Connection connection) {
    this.connection = connection;
  }

  /** What a query gives: its columns' names in order, its rows as text, sorted. */
  record Result(List<String> columns, List<String> rows) {}

  static DuckDb open() throws SQLException {
    DuckDb duckDb = new DuckDb(DriverManager.getConnection("jdbc:duckdb:"));
    duckDb.execute("SET threads = 2");
    duckDb.execute("SET TimeZone = 'UTC'");
    duckDb.execute("SET default_null_order = 'nulls_last'");
    duckDb.execute("SET ieee_floating_point_ops = false");
    return duckDb;
  }

  Connection connection() {
    return connection;
  }

  void execute(String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  /** The types of a query's columns, in DuckDB's words. */
  List<String> types(String sql) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet columns = statement.executeQuery("DESCRIBE (\n" + sql + "\n)")) {
      List<String> types = new ArrayList<>();
      while (columns.next()) {
        types.add(columns.getString(2));
      }
      return types;
    }
  }

  /** The rows of a query in words, in its order. */
  List<List<String>> rows(String sql, List<String> types) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery(sql)) {
      List<List<String>> rows = new ArrayList<>();
      while (result.next()) {
        rows.add(TableTypes.words(result, types));
      }
      return rows;
    }
  }

  Result query(String sql) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery(sql)) {
      List<String> columns = new ArrayList<>();
      for (int i = 1; i <= result.getMetaData().getColumnCount(); i++) {
        columns.add(result.getMetaData().getColumnName(i));
      }
      List<String> rows = new ArrayList<>();
      while (result.next()) {
        List<String> values = new ArrayList<>();
        for (int i = 1; i <= columns.size(); i++) {
          values.add(text(result.getObject(i)));
        }
        rows.add(String.join(" | ", values));
      }
      return new Result(columns, rows.stream().sorted().toList());
    }
  }

  /** Sums of doubles depend on their order, so nine digits must do. */
  private static String text(Object value) {
    if (value instanceof Number number) {
      return new BigDecimal(number.toString()).round(DIGITS).stripTrailingZeros().toPlainString();
    }
    return String.valueOf(value);
  }

  @Override
  public void close() throws SQLException {
    connection.close();
  }
}
