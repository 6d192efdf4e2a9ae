package io.ecluse.source.jdbc;

import io.ecluse.source.jdbc.Dialect.JdbcType;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** The tables and views of a schema, as the driver tells them. */
record JdbcCatalog(Connection connection, JdbcAccess access) {
  private static final String[] KINDS = {"TABLE", "BASE TABLE", "PARTITIONED TABLE", "VIEW"};

  /**
   * A table or view.
   *
   * @param schema that holds it, if the database has any
   * @param from what stands after FROM
   * @param kind in the driver's words, VIEW for a view
   * @param remark in the database's own words; may be empty
   */
  record Name(Optional<String> schema, String name, String from, String kind, String remark) {
    boolean isView() {
      return kind.equals("VIEW");
    }
  }

  /** The tables and views, by name. */
  Map<String, Name> names(Optional<String> schema) throws SQLException {
    DatabaseMetaData facts = connection.getMetaData();
    Optional<String> wanted = schema.or(this::ownSchema).filter(s -> !s.isEmpty());
    String pattern = wanted.map(s -> escaped(facts, s)).orElse(null);
    String quote = quote();
    Map<String, Name> names = new TreeMap<>();
    try (ResultSet tables = facts.getTables(connection.getCatalog(), pattern, "%", KINDS)) {
      while (tables.next()) {
        String name = tables.getString("TABLE_NAME");
        Optional<String> in = Optional.ofNullable(tables.getString("TABLE_SCHEM"));
        names.put(
            name,
            new Name(
                in,
                name,
                in.map(s -> JdbcTable.quoted(quote, s) + ".").orElse("")
                    + JdbcTable.quoted(quote, name),
                String.valueOf(tables.getString("TABLE_TYPE")),
                Optional.ofNullable(tables.getString("REMARKS")).orElse("")));
      }
    }
    return names;
  }

  /** The one that a stream means; its case may be another, if only one is like it. */
  static Optional<Name> find(Map<String, Name> there, String stream) {
    List<String> like =
        there.containsKey(stream)
            ? List.of(stream)
            : there.keySet().stream().filter(stream::equalsIgnoreCase).toList();
    return like.size() == 1 ? Optional.ofNullable(there.get(like.get(0))) : Optional.empty();
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

  JdbcTable table(Name name) throws SQLException {
    List<JdbcColumn> columns =
        access
            .statements()
            .ask(
                connection,
                "SELECT * FROM " + name.from() + " WHERE 1 = 0",
                none -> columns(none.getMetaData()));
    return new JdbcTable(
        name.name(), name.from(), quote(), columns, primaryKey(name), Optional.empty());
  }

  private List<JdbcColumn> columns(ResultSetMetaData facts) throws SQLException {
    List<JdbcColumn> columns = new ArrayList<>();
    for (int i = 1; i <= facts.getColumnCount(); i++) {
      columns.add(JdbcColumn.of(facts.getColumnLabel(i), type(facts, i), access.dialect()));
    }
    return columns;
  }

  /** Columns that are the first of an index. */
  Set<String> indexed(Name name) throws SQLException {
    Set<String> columns = new TreeSet<>();
    try (ResultSet indexes =
        connection
            .getMetaData()
            .getIndexInfo(
                connection.getCatalog(), name.schema().orElse(null), name.name(), false, true)) {
      while (indexes.next()) {
        if (indexes.getInt("ORDINAL_POSITION") == 1) {
          columns.add(indexes.getString("COLUMN_NAME"));
        }
      }
    }
    return columns;
  }

  private List<String> primaryKey(Name name) throws SQLException {
    Map<Integer, String> columns = new TreeMap<>();
    try (ResultSet keys =
        connection
            .getMetaData()
            .getPrimaryKeys(connection.getCatalog(), name.schema().orElse(null), name.name())) {
      while (keys.next()) {
        columns.put(keys.getInt("KEY_SEQ"), keys.getString("COLUMN_NAME"));
      }
    } catch (SQLFeatureNotSupportedException e) {
      return List.of(); // the project may say it
    }
    return List.copyOf(columns.values());
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

  private String quote() throws SQLException {
    return Optional.ofNullable(connection.getMetaData().getIdentifierQuoteString()).orElse("");
  }
}
