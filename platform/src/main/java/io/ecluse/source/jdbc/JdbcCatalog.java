package io.ecluse.source.jdbc;

import io.ecluse.source.jdbc.Dialect.JdbcType;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The tables and views of a schema, as the driver tells them. */
final class JdbcCatalog {
  private static final String[] KINDS = {"TABLE", "BASE TABLE", "PARTITIONED TABLE", "VIEW"};

  private final Connection connection;
  private final Dialect dialect;
  private final String quote;

  JdbcCatalog(Connection connection, Dialect dialect) throws SQLException {
    this.connection = connection;
    this.dialect = dialect;
    this.quote =
        Optional.ofNullable(connection.getMetaData().getIdentifierQuoteString()).orElse("");
  }

  /** What stands after FROM, by name. */
  Map<String, String> names(Optional<String> schema) throws SQLException {
    DatabaseMetaData facts = connection.getMetaData();
    Optional<String> wanted = schema.or(this::ownSchema).filter(s -> !s.isEmpty());
    String pattern = wanted.map(s -> escaped(facts, s)).orElse(null);
    Map<String, String> names = new TreeMap<>();
    try (ResultSet tables = facts.getTables(connection.getCatalog(), pattern, "%", KINDS)) {
      while (tables.next()) {
        String name = tables.getString("TABLE_NAME");
        Optional<String> in = Optional.ofNullable(tables.getString("TABLE_SCHEM"));
        names.put(
            name,
            in.map(s -> JdbcTable.quoted(quote, s) + ".").orElse("")
                + JdbcTable.quoted(quote, name));
      }
    }
    return names;
  }

  private Optional<String> ownSchema() {
    try {
      return Optional.ofNullable(connection.getSchema());
    } catch (SQLException | AbstractMethodError e) {
      return Optional.empty(); // a driver that knows no such thing shows all that there is
    }
  }

  private static @Nullable String escaped(DatabaseMetaData facts, String schema) {
    try {
      String escape = Optional.ofNullable(facts.getSearchStringEscape()).orElse("");
      return escape.isEmpty()
          ? schema
          : schema
              .replace(escape, escape + escape)
              .replace("_", escape + "_")
              .replace("%", escape + "%");
    } catch (SQLException e) {
      return schema;
    }
  }

  JdbcTable table(String name, String from) throws SQLException {
    List<JdbcColumn> columns = new ArrayList<>();
    try (Statement statement = connection.createStatement();
        ResultSet none = statement.executeQuery("SELECT * FROM " + from + " WHERE 1 = 0")) {
      ResultSetMetaData facts = none.getMetaData();
      for (int i = 1; i <= facts.getColumnCount(); i++) {
        columns.add(JdbcColumn.of(facts.getColumnLabel(i), type(facts, i), dialect));
      }
    }
    return new JdbcTable(name, from, quote, columns);
  }

  private static JdbcType type(ResultSetMetaData facts, int column) throws SQLException {
    return new JdbcType(
        facts.getColumnType(column),
        String.valueOf(facts.getColumnTypeName(column)),
        precision(facts, column),
        facts.getScale(column),
        facts.isSigned(column) ? JdbcType.Sign.SIGNED : JdbcType.Sign.UNSIGNED);
  }

  private static int precision(ResultSetMetaData facts, int column) throws SQLException {
    try {
      return facts.getPrecision(column);
    } catch (SQLFeatureNotSupportedException | NumberFormatException e) {
      return 0; // longer than the driver can say
    }
  }
}
