package io.ecluse.source.postgres;

import io.ecluse.source.postgres.PostgresRelation.CommentedColumn;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads what tables there are, in the transaction of the given connection. */
final class PostgresCatalog {
  private static final Pattern PLAN_ROWS = Pattern.compile("\"Plan Rows\": (\\d+)");

  private static final String COLUMNS =
      """
      SELECT c.relname, a.attname, coalesce(b.typname, t.typname),
             CASE WHEN t.typtype = 'd' THEN t.typtypmod ELSE a.atttypmod END,
             format_type(a.atttypid, a.atttypmod), coalesce(col_description(c.oid, a.attnum), '')
      FROM pg_class c
      JOIN pg_namespace n ON n.oid = c.relnamespace
      JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
      JOIN pg_type t ON t.oid = a.atttypid
      LEFT JOIN pg_type b ON t.typtype = 'd' AND b.oid = t.typbasetype
      WHERE n.nspname = ? AND c.relkind IN ('r', 'p', 'v', 'm', 'f') AND NOT c.relispartition
      ORDER BY c.relname, a.attnum
      """;

  private static final String SIZES =
      """
      SELECT c.relname, c.reltuples::bigint,
             CASE WHEN c.relkind IN ('r', 'm') THEN pg_relation_size(c.oid) / 8192 ELSE 0 END
      FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
      WHERE n.nspname = ? AND c.relkind IN ('r', 'p', 'v', 'm', 'f') AND NOT c.relispartition
      ORDER BY c.relname
      """;

  private static final String PRIMARY_KEYS =
      """
      SELECT c.relname, a.attname
      FROM pg_index i
      JOIN pg_class c ON c.oid = i.indrelid
      JOIN pg_namespace n ON n.oid = c.relnamespace
      CROSS JOIN LATERAL unnest(i.indkey) WITH ORDINALITY k(attnum, place)
      JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = k.attnum
      WHERE n.nspname = ? AND i.indisprimary
      ORDER BY c.relname, k.place
      """;

  private static final String FILTERED =
      """
      SELECT c.relname
      FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
      WHERE n.nspname = ? AND c.relkind IN ('r', 'p') AND row_security_active(c.oid)
      """;

  private PostgresCatalog() {}

  /** Hears of a row of the catalog. */
  interface Reader {
    void row(ResultSet row) throws SQLException;
  }

  /** Asks the catalog something of a schema. */
  static void each(Connection connection, String sql, String schema, Reader reader)
      throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      statement.setString(1, schema);
      try (ResultSet rows = statement.executeQuery()) {
        while (rows.next()) {
          reader.row(rows);
        }
      }
    }
  }

  /** The tables of which row-level policies may hide rows from us. */
  static Set<String> filtered(Connection connection, String schema) throws SQLException {
    Set<String> tables = new HashSet<>();
    each(connection, FILTERED, schema, row -> tables.add(row.getString(1)));
    return tables;
  }

  /** The columns of each table's primary key, for tables that have one. */
  static Map<String, List<String>> primaryKeys(Connection connection, String schema)
      throws SQLException {
    Map<String, List<String>> keys = new HashMap<>();
    each(
        connection,
        PRIMARY_KEYS,
        schema,
        row ->
            keys.computeIfAbsent(row.getString(1), t -> new ArrayList<>()).add(row.getString(2)));
    return keys;
  }

  /** The columns of each table, and of what looks like one, that has any. */
  static Map<String, List<CommentedColumn>> columns(Connection connection, String schema)
      throws SQLException {
    Map<String, List<CommentedColumn>> columns = new HashMap<>();
    each(
        connection,
        COLUMNS,
        schema,
        row ->
            columns
                .computeIfAbsent(row.getString(1), t -> new ArrayList<>())
                .add(
                    new CommentedColumn(
                        PostgresColumn.of(
                            row.getString(2), row.getString(3), row.getInt(4), row.getString(5)),
                        row.getString(6))));
    return columns;
  }

  static List<PostgresTable> tables(Connection connection, String schema) throws SQLException {
    Map<String, List<CommentedColumn>> columns = columns(connection, schema);
    List<PostgresTable> tables = new ArrayList<>();
    each(
        connection,
        SIZES,
        schema,
        row -> {
          List<PostgresColumn> here =
              columns.getOrDefault(row.getString(1), List.of()).stream()
                  .map(CommentedColumn::column)
                  .toList();
          if (!here.isEmpty()) {
            tables.add(
                new PostgresTable(
                    schema,
                    row.getString(1),
                    here,
                    row.getLong(2),
                    row.getLong(3),
                    Optional.empty()));
          }
        });
    return tables;
  }

  /** About how many rows are to be read: by the statistics, or else as the planner expects. */
  static long estimate(Connection connection, PostgresTable table, PostgresErrors errors) {
    if (table.estimatedRows() >= 0) {
      return table.estimatedRows();
    }
    try {
      String plan = text(connection, "EXPLAIN (FORMAT JSON) SELECT" + table.from(Optional.empty()));
      Matcher rows = PLAN_ROWS.matcher(plan);
      return rows.find() ? Long.parseLong(rows.group(1)) : 0;
    } catch (SQLException e) {
      throw errors.reading("reading table " + table.name(), e);
    }
  }

  /** The first value of the first row. */
  static String text(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      rows.next();
      return rows.getString(1);
    }
  }
}
