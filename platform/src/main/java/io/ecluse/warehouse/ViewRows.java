package io.ecluse.warehouse;

import io.ecluse.schema.Column;
import io.ecluse.schema.DataType;
import io.ecluse.schema.TableName;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/** The rows of views in PostgreSQL. Every method works in the transaction of its handle. */
record ViewRows(String environment) {
  private static final String COLUMNS =
      "v.id, v.namespace, v.name, v.run_id, v.sql, v.column_names, v.column_types, v.upstream, v.created_at";

  /** Writes down a view that nobody sees yet, and returns its id. */
  long add(Handle handle, String runId, TableName name, List<Column> columns, ViewQuery query) {
    return handle
        .createQuery(
            """
            INSERT INTO view_version
              (environment, namespace, name, run_id, sql, column_names, column_types, upstream)
            VALUES (:environment, :schema, :name, :run, :sql, :names, :types, :upstream)
            RETURNING id
            """)
        .bind("environment", environment)
        .bind("schema", name.schema())
        .bind("name", name.name())
        .bind("run", runId)
        .bind("sql", query.sql())
        .bindArray("names", String.class, columns.stream().map(Column::name).toArray())
        .bindArray("types", String.class, columns.stream().map(c -> c.type().sql()).toArray())
        .bindArray(
            "upstream", String.class, query.upstream().stream().map(Object::toString).toArray())
        .mapTo(Long.class)
        .one();
  }

  /** Keeps how an engine of others wrote a view, in Iceberg's JSON. */
  void keep(Handle handle, long id, String metadata) {
    handle.execute("UPDATE view_version SET metadata = ? WHERE id = ?", metadata, id);
  }

  /** The same view under another name; returns its id. */
  long named(Handle handle, long id, TableName name) {
    return handle
        .createQuery(
            """
            INSERT INTO view_version
              (environment, namespace, name, run_id, sql, column_names, column_types, upstream, metadata)
            SELECT environment, :schema, :name, run_id, sql, column_names, column_types, upstream, metadata
            FROM view_version WHERE id = :id RETURNING id
            """)
        .bind("schema", name.schema())
        .bind("name", name.name())
        .bind("id", id)
        .mapTo(Long.class)
        .one();
  }

  /** What was {@linkplain #keep kept}; empty for what a model has made. */
  Optional<String> metadata(Handle handle, long id) {
    return handle
        .createQuery("SELECT metadata FROM view_version WHERE id = :id AND metadata IS NOT NULL")
        .bind("id", id)
        .mapTo(String.class)
        .findOne();
  }

  /** Those of the names that are views now. */
  List<TableSnapshot> published(Handle handle, Collection<TableName> names) {
    return handle
        .createQuery(
            "SELECT "
                + COLUMNS
                + """
                 FROM published_view p JOIN view_version v ON v.id = p.view_id
                WHERE p.environment = :environment AND p.namespace || '.' || p.name = ANY (:names)
                """)
        .bind("environment", environment)
        .bindArray("names", String.class, names.stream().map(TableName::toString).toArray())
        .map((rs, c) -> view(rs))
        .list();
  }

  /** All names that are views now. */
  List<TableSnapshot> published(Handle handle) {
    return handle
        .createQuery(
            "SELECT "
                + COLUMNS
                + " FROM published_view p JOIN view_version v ON v.id = p.view_id WHERE p.environment = :environment")
        .bind("environment", environment)
        .map((rs, c) -> view(rs))
        .list();
  }

  List<TableSnapshot> find(Handle handle, Collection<Long> ids) {
    return ids.isEmpty()
        ? List.of()
        : handle
            .createQuery("SELECT " + COLUMNS + " FROM view_version v WHERE v.id = ANY (:ids)")
            .bindArray("ids", Long.class, ids.toArray())
            .map((rs, c) -> view(rs))
            .list();
  }

  private static TableSnapshot view(ResultSet rs) throws SQLException {
    String[] names = (String[]) rs.getArray(6).getArray();
    String[] types = (String[]) rs.getArray(7).getArray();
    List<TableColumn> columns = new ArrayList<>();
    for (int i = 0; i < names.length; i++) {
      DataType type = DataType.parse(types[i]).orElseThrow();
      columns.add(new TableColumn(i + 1, new Column(names[i], type)));
    }
    List<TableName> upstream = new ArrayList<>();
    for (String name : (String[]) rs.getArray(8).getArray()) {
      upstream.add(TableName.parse(name));
    }
    return new TableSnapshot(
        new TableName(rs.getString(2), rs.getString(3)),
        rs.getLong(1),
        rs.getTimestamp(9).toInstant(),
        Optional.of(rs.getString(4)),
        Optional.empty(),
        columns,
        List.of(),
        Optional.of(new ViewQuery(rs.getString(5), upstream)));
  }

  /** Which view a name is now. */
  Optional<Long> current(Handle handle, TableName name) {
    return handle
        .createQuery(
            """
            SELECT view_id FROM published_view
            WHERE environment = :environment AND namespace = :schema AND name = :name
            """)
        .bind("environment", environment)
        .bind("schema", name.schema())
        .bind("name", name.name())
        .mapTo(Long.class)
        .findOne();
  }

  /** Makes a name this view, or none. */
  void point(Handle handle, TableName name, Optional<Long> view) {
    String sql =
        view.isPresent()
            ? """
              INSERT INTO published_view (environment, namespace, name, view_id)
              VALUES (:environment, :schema, :name, :view)
              ON CONFLICT (environment, namespace, name) DO UPDATE SET view_id = excluded.view_id
              """
            : """
              DELETE FROM published_view
              WHERE environment = :environment AND namespace = :schema AND name = :name
                AND CAST(:view AS bigint) IS NULL
              """;
    handle
        .createUpdate(sql)
        .bind("environment", environment)
        .bind("schema", name.schema())
        .bind("name", name.name())
        .bindByType("view", view.orElse(null), Long.class)
        .execute();
  }
}
