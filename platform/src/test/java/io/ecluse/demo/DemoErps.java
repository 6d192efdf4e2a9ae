package io.ecluse.demo;

import io.ecluse.Servers;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/** Databases that hold an ERP, and questions to them. */
final class DemoErps {
  private DemoErps() {}

  /** A new database, filled by the generator. */
  static String generated(long seed, double scale) throws SQLException {
    String database = Servers.newDatabase();
    new ErpGenerator(new ErpFill.Generated(seed, scale))
        .fill(() -> Servers.server().connect(database), FillListener.SILENT);
    return database;
  }

  /** The one value that a query gives, as text. */
  static String value(String database, String sql) {
    try (Connection connection = Servers.server().connect(database);
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      rows.next();
      return String.valueOf(rows.getString(1));
    } catch (SQLException e) {
      throw new AssertionError(sql, e);
    }
  }

  static double number(String database, String sql) {
    return Double.parseDouble(value(database, sql));
  }
}
