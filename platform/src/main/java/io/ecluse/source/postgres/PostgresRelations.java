package io.ecluse.source.postgres;

import io.ecluse.source.postgres.PostgresRelation.CommentedColumn;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Reads all that the catalog says of a schema, in four queries whatever its size. Sizes are those
 * of the last ANALYZE: asking for the present ones would lock each table for a moment.
 */
record PostgresRelations(Connection connection, String schema) {
  private static final String RELATIONS =
      """
      SELECT c.oid, c.relname, c.relkind, c.relpersistence, c.reltuples::bigint, c.relpages,
             coalesce(obj_description(c.oid, 'pg_class'), ''), pg_get_userbyid(c.relowner),
             has_table_privilege(c.oid, 'SELECT') OR NOT EXISTS (
               SELECT FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attnum > 0
                 AND NOT a.attisdropped AND NOT has_column_privilege(c.oid, a.attnum, 'SELECT')),
             row_security_active(c.oid),
             (SELECT e.extname FROM pg_depend d JOIN pg_extension e ON e.oid = d.refobjid
              WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e' LIMIT 1),
             current_setting('block_size')::bigint
      FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
      WHERE n.nspname = ? AND c.relkind IN ('r', 'p', 'v', 'm', 'f') AND NOT c.relispartition
      ORDER BY c.relname
      """;

  private static final String PARTITIONS =
      """
      WITH RECURSIVE tree (root, oid) AS (
        SELECT c.oid, c.oid FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
        WHERE n.nspname = ? AND c.relkind = 'p' AND NOT c.relispartition
        UNION ALL
        SELECT t.root, i.inhrelid FROM tree t JOIN pg_inherits i ON i.inhparent = t.oid)
      SELECT t.root, count(*), bool_or(c.reltuples > 0), sum(greatest(c.reltuples, 0))::bigint,
             sum(c.relpages::bigint)
      FROM tree t JOIN pg_class c ON c.oid = t.oid WHERE c.relkind <> 'p' GROUP BY t.root
      """;

  private record Sizes(int partitions, boolean counted, long rows, long pages) {}

  /** By name. */
  List<PostgresRelation> all() throws SQLException {
    Map<String, List<String>> keys = PostgresCatalog.primaryKeys(connection, schema);
    Map<String, List<CommentedColumn>> columns = PostgresCatalog.columns(connection, schema);
    Map<Long, Sizes> partitions = new HashMap<>();
    PostgresCatalog.each(
        connection,
        PARTITIONS,
        schema,
        r ->
            partitions.put(
                r.getLong(1), new Sizes(r.getInt(2), r.getBoolean(3), r.getLong(4), r.getLong(5))));
    List<PostgresRelation> relations = new ArrayList<>();
    PostgresCatalog.each(
        connection,
        RELATIONS,
        schema,
        r -> {
          long oid = r.getLong(1);
          // before PostgreSQL 14, 0 rows may mean that nobody ever counted
          Sizes sizes =
              partitions.getOrDefault(
                  oid, new Sizes(0, r.getLong(5) > 0, r.getLong(5), r.getLong(6)));
          relations.add(
              new PostgresRelation(
                  oid,
                  r.getString(2),
                  r.getString(3).charAt(0),
                  r.getString(4).charAt(0),
                  sizes.counted() ? Optional.of(sizes.rows()) : Optional.empty(),
                  sizes.pages() * r.getLong(12),
                  sizes.partitions(),
                  r.getString(7),
                  r.getString(8),
                  r.getBoolean(9),
                  r.getBoolean(10),
                  Optional.ofNullable(r.getString(11)),
                  keys.getOrDefault(r.getString(2), List.of()),
                  columns.getOrDefault(r.getString(2), List.of())));
        });
    return relations;
  }

  /** Schemas that hold tables, and how many; PostgreSQL's own left out. */
  static Map<String, Long> schemas(Connection connection) throws SQLException {
    Map<String, Long> schemas = new LinkedHashMap<>();
    try (PreparedStatement statement =
            connection.prepareStatement(
                """
                SELECT n.nspname, count(c.oid) FROM pg_namespace n
                LEFT JOIN pg_class c ON c.relnamespace = n.oid AND c.relkind IN ('r', 'p') AND NOT c.relispartition
                WHERE n.nspname NOT LIKE 'pg\\_%' AND n.nspname <> 'information_schema'
                GROUP BY n.nspname ORDER BY n.nspname
                """);
        ResultSet rows = statement.executeQuery()) {
      while (rows.next()) {
        schemas.put(rows.getString(1), rows.getLong(2));
      }
    }
    return schemas;
  }
}
