package io.ecluse.warehouse;

import io.ecluse.schema.TableName;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/**
 * The rows of the catalog in PostgreSQL. {@code iceberg_tables} has the layout of Iceberg's
 * JdbcCatalog, the environment being the catalog's name, so other engines can join by that.
 */
final class CatalogRows {
  /** Now, and after all that was published and rolled back, should the clock have gone back. */
  private static final String NEXT_TIME =
      """
      (SELECT greatest(clock_timestamp(), max(greatest(published_at, rolled_back_at)) + interval '1 microsecond')
       FROM publication WHERE environment = :environment)""";

  private final String environment;

  CatalogRows(String environment) {
    this.environment = environment;
  }

  /** Where the metadata of a published table is. */
  record Row(TableName table, String location) {}

  /** What a name was when a run began: where the metadata was, and which view, if it was one. */
  record Base(Optional<String> location, Optional<Long> view) {}

  /**
   * What a run makes of a name: a table, or a view.
   *
   * @param location of the metadata that the run prepares
   */
  record StagedRow(TableName table, Base base, Optional<String> location, Optional<Long> view) {}

  /** What a name is: a state of a table, or a view; of a view, also which state it hides. */
  record State(Optional<Long> snapshot, Optional<Long> view) {}

  /** One table of a publication. */
  record PublishedRow(TableName table, State now, State before) {}

  List<Row> published(Handle handle) {
    return handle
        .createQuery(
            """
            SELECT table_namespace, table_name, metadata_location FROM iceberg_tables
            WHERE catalog_name = :environment AND coalesce(iceberg_type, 'TABLE') = 'TABLE'
            ORDER BY 1, 2
            """)
        .bind("environment", environment)
        .map((rs, c) -> new Row(new TableName(rs.getString(1), rs.getString(2)), rs.getString(3)))
        .list();
  }

  /** Where the metadata of every table is, also of those that a view hides. */
  List<Row> pointers(Handle handle) {
    return handle
        .createQuery(
            """
            SELECT table_namespace, table_name, metadata_location FROM iceberg_tables
            WHERE catalog_name = :environment AND coalesce(iceberg_type, 'TABLE') <> 'VIEW'
            ORDER BY 1, 2
            """)
        .bind("environment", environment)
        .map((rs, c) -> new Row(new TableName(rs.getString(1), rs.getString(2)), rs.getString(3)))
        .list();
  }

  /** As {@link #published(Handle, Collection)}, with those that a view hides. */
  Map<TableName, String> pointers(Handle handle, Collection<TableName> tables) {
    return locations(handle, tables, "<> 'VIEW'");
  }

  /** Has a view hide a table, or shows it again; nothing if there is no such table. */
  void mark(Handle handle, TableName table, Mark mark) {
    handle
        .createUpdate(
            """
            UPDATE iceberg_tables SET iceberg_type = :type
            WHERE catalog_name = :environment AND table_namespace = :schema AND table_name = :name
              AND iceberg_type IS DISTINCT FROM :type
            """)
        .bind("environment", environment)
        .bind("schema", table.schema())
        .bind("name", table.name())
        .bind("type", mark.name())
        .execute();
  }

  /** What a row of {@code iceberg_tables} is. */
  enum Mark {
    TABLE,
    /** Hidden by a view of the same name. */
    KEPT
  }

  /** Publications and rollbacks come one after the other. They are short. */
  void lockPublications(Handle handle) {
    handle.execute(
        "SELECT pg_advisory_xact_lock(hashtextextended('ecluse.publication.' || ?, 0))",
        environment);
  }

  Map<TableName, String> published(Handle handle, Collection<TableName> tables) {
    return locations(handle, tables, "= 'TABLE'");
  }

  private Map<TableName, String> locations(
      Handle handle, Collection<TableName> tables, String ofType) {
    Map<TableName, String> locations = new LinkedHashMap<>();
    handle
        .createQuery(
            """
            SELECT table_namespace, table_name, metadata_location FROM iceberg_tables
            WHERE catalog_name = :environment AND table_namespace || '.' || table_name = ANY (:names)
              AND coalesce(iceberg_type, 'TABLE')\s"""
                + ofType)
        .bind("environment", environment)
        .bindArray("names", String.class, names(tables))
        .map((rs, c) -> new Row(new TableName(rs.getString(1), rs.getString(2)), rs.getString(3)))
        .forEach(row -> locations.put(row.table(), row.location()));
    return locations;
  }

  Optional<String> lock(Handle handle, TableName table) {
    return handle
        .createQuery(
            """
            SELECT metadata_location FROM iceberg_tables
            WHERE catalog_name = :environment AND table_namespace = :schema AND table_name = :name
            FOR UPDATE
            """)
        .bind("environment", environment)
        .bind("schema", table.schema())
        .bind("name", table.name())
        .mapTo(String.class)
        .findOne();
  }

  /** Points the catalog to new metadata; false if somebody else was faster. */
  boolean replace(Handle handle, TableName table, Optional<String> base, String location) {
    String sql =
        base.isPresent()
            ? """
              UPDATE iceberg_tables
              SET metadata_location = :location, previous_metadata_location = :base
              WHERE catalog_name = :environment AND table_namespace = :schema
                AND table_name = :name AND metadata_location = :base
              """
            : """
              INSERT INTO iceberg_tables
                (catalog_name, table_namespace, table_name, metadata_location,
                 previous_metadata_location, iceberg_type)
              VALUES (:environment, :schema, :name, :location, :base, 'TABLE')
              ON CONFLICT DO NOTHING
              """;
    return handle
            .createUpdate(sql)
            .bind("environment", environment)
            .bind("schema", table.schema())
            .bind("name", table.name())
            .bind("location", location)
            .bindByType("base", base.orElse(null), String.class)
            .execute()
        == 1;
  }

  void addNamespace(Handle handle, String schema) {
    handle
        .createUpdate(
            """
            INSERT INTO iceberg_namespace_properties
              (catalog_name, namespace, property_key, property_value)
            VALUES (:environment, :schema, 'exists', 'true') ON CONFLICT DO NOTHING
            """)
        .bind("environment", environment)
        .bind("schema", schema)
        .execute();
  }

  List<StagedRow> staged(Handle handle, String runId) {
    return handle
        .createQuery(
            """
            SELECT namespace, name, base_metadata_location, base_view_id, metadata_location, view_id
            FROM staged_table WHERE run_id = :run AND environment = :environment ORDER BY 1, 2
            """)
        .bind("run", runId)
        .bind("environment", environment)
        .map(
            (rs, c) ->
                new StagedRow(
                    new TableName(rs.getString(1), rs.getString(2)),
                    new Base(Optional.ofNullable(rs.getString(3)), number(rs, 4)),
                    Optional.ofNullable(rs.getString(5)),
                    number(rs, 6)))
        .list();
  }

  /** As {@link #staged(Handle, String)}, and nobody may change them until the transaction ends. */
  List<StagedRow> lockStaged(Handle handle, String runId) {
    handle.execute(
        "SELECT 1 FROM staged_table WHERE run_id = ? AND environment = ? FOR UPDATE",
        runId,
        environment);
    return staged(handle, runId);
  }

  /** The runs that have written something and not published it. */
  List<String> stagingRuns(Handle handle) {
    return handle
        .createQuery(
            "SELECT DISTINCT run_id FROM staged_table WHERE environment = :environment ORDER BY 1")
        .bind("environment", environment)
        .mapTo(String.class)
        .list();
  }

  /** Forgets what a run has staged, and that for good: the run cannot go on. */
  void discard(Handle handle, String runId) {
    unstage(handle, runId);
    handle.execute(
        "INSERT INTO discarded_run (run_id, environment) VALUES (?, ?) ON CONFLICT DO NOTHING",
        runId,
        environment);
  }

  boolean isDiscarded(Handle handle, String runId) {
    return handle
        .createQuery("SELECT EXISTS (SELECT 1 FROM discarded_run WHERE run_id = :run)")
        .bind("run", runId)
        .mapTo(Boolean.class)
        .one();
  }

  /** True for the first of all processes that ask within a time. */
  boolean claimMaintenance(Handle handle, Instant now, Instant notSince) {
    return handle
            .createUpdate(
                """
                INSERT INTO maintenance (environment, started_at) VALUES (:environment, :now)
                ON CONFLICT (environment) DO UPDATE SET started_at = excluded.started_at
                WHERE maintenance.started_at <= :notSince OR maintenance.started_at > :now
                """)
            .bind("environment", environment)
            .bind("now", now.atOffset(java.time.ZoneOffset.UTC))
            .bind("notSince", notSince.atOffset(java.time.ZoneOffset.UTC))
            .execute()
        == 1;
  }

  void stage(Handle handle, String runId, StagedRow row) {
    handle
        .createUpdate(
            """
            INSERT INTO staged_table
              (run_id, environment, namespace, name, base_metadata_location, base_view_id,
               metadata_location, view_id)
            VALUES (:run, :environment, :schema, :name, :base, :baseView, :location, :view)
            ON CONFLICT (run_id, namespace, name) DO UPDATE
            SET base_metadata_location = excluded.base_metadata_location,
                base_view_id = excluded.base_view_id,
                metadata_location = excluded.metadata_location,
                view_id = excluded.view_id
            """)
        .bind("run", runId)
        .bind("environment", environment)
        .bind("schema", row.table().schema())
        .bind("name", row.table().name())
        .bindByType("base", row.base().location().orElse(null), String.class)
        .bindByType("baseView", row.base().view().orElse(null), Long.class)
        .bindByType("location", row.location().orElse(null), String.class)
        .bindByType("view", row.view().orElse(null), Long.class)
        .execute();
  }

  void unstage(Handle handle, String runId) {
    handle
        .createUpdate("DELETE FROM staged_table WHERE run_id = :run AND environment = :environment")
        .bind("run", runId)
        .bind("environment", environment)
        .execute();
  }

  /** Writes down a publication and returns its time. */
  Instant publish(Handle handle, String runId, List<PublishedRow> rows) {
    Instant at =
        handle
            .createQuery(
                """
                INSERT INTO publication (run_id, environment, published_at)
                VALUES (:run, :environment, """
                    + NEXT_TIME
                    + """
                )
                ON CONFLICT (run_id) DO UPDATE
                SET published_at = excluded.published_at, rolled_back_at = NULL
                RETURNING published_at
                """)
            .bind("run", runId)
            .bind("environment", environment)
            .mapTo(Instant.class)
            .one();
    handle.execute("DELETE FROM publication_table WHERE run_id = ?", runId);
    for (PublishedRow row : rows) {
      handle
          .createUpdate(
              """
              INSERT INTO publication_table
                (run_id, namespace, name, snapshot_id, view_id, previous_snapshot_id,
                 previous_view_id)
              VALUES (:run, :schema, :name, :snapshot, :view, :previous, :previousView)
              """)
          .bind("run", runId)
          .bind("schema", row.table().schema())
          .bind("name", row.table().name())
          .bindByType("snapshot", row.now().snapshot().orElse(null), Long.class)
          .bindByType("view", row.now().view().orElse(null), Long.class)
          .bindByType("previous", row.before().snapshot().orElse(null), Long.class)
          .bindByType("previousView", row.before().view().orElse(null), Long.class)
          .execute();
    }
    return at;
  }

  List<Instant> publicationTimes(Handle handle) {
    return handle
        .createQuery("SELECT published_at FROM publication WHERE environment = ? ORDER BY 1")
        .bind(0, environment)
        .mapTo(Instant.class)
        .list();
  }

  /** When a run was published, if it is. */
  Optional<Instant> publishedAt(Handle handle, String runId) {
    return handle
        .createQuery(
            """
            SELECT published_at FROM publication
            WHERE run_id = :run AND environment = :environment AND rolled_back_at IS NULL
            """)
        .bind("run", runId)
        .bind("environment", environment)
        .mapTo(Instant.class)
        .findOne();
  }

  /** When a run was rolled back, if it is. */
  Optional<Instant> rolledBackAt(Handle handle, String runId) {
    return handle
        .createQuery(
            """
            SELECT rolled_back_at FROM publication
            WHERE run_id = :run AND environment = :environment AND rolled_back_at IS NOT NULL
            """)
        .bind("run", runId)
        .bind("environment", environment)
        .mapTo(Instant.class)
        .findOne();
  }

  /** Of these runs, those that published, and whether that stands. */
  Map<String, Boolean> publications(Handle handle, Collection<String> runs) {
    Map<String, Boolean> found = new LinkedHashMap<>();
    handle
        .createQuery(
            "SELECT run_id, rolled_back_at IS NULL FROM publication WHERE run_id = ANY (:runs)")
        .bindArray("runs", String.class, runs.toArray())
        .map((rs, c) -> Map.entry(rs.getString(1), rs.getBoolean(2)))
        .forEach(e -> found.put(e.getKey(), e.getValue()));
    return found;
  }

  List<PublishedRow> publishedBy(Handle handle, String runId) {
    return handle
        .createQuery(
            """
            SELECT namespace, name, snapshot_id, view_id, previous_snapshot_id, previous_view_id
            FROM publication_table WHERE run_id = :run ORDER BY 1, 2
            """)
        .bind("run", runId)
        .map(
            (rs, c) ->
                new PublishedRow(
                    new TableName(rs.getString(1), rs.getString(2)),
                    new State(number(rs, 3), number(rs, 4)),
                    new State(number(rs, 5), number(rs, 6))))
        .list();
  }

  private static Optional<Long> number(ResultSet rs, int column) throws SQLException {
    long number = rs.getLong(column);
    return rs.wasNull() ? Optional.empty() : Optional.of(number);
  }

  /** Writes down a rollback and returns its time. */
  Instant rollBack(Handle handle, String runId) {
    return handle
        .createQuery(
            "UPDATE publication SET rolled_back_at = "
                + NEXT_TIME
                + " WHERE run_id = :run RETURNING rolled_back_at")
        .bind("run", runId)
        .bind("environment", environment)
        .mapTo(Instant.class)
        .one();
  }

  /** What each name was at a moment, of those that were anything. */
  Map<TableName, State> publishedAt(Handle handle, Collection<TableName> tables, Instant at) {
    Map<TableName, State> states = new LinkedHashMap<>();
    handle
        .createQuery(
            """
            SELECT DISTINCT ON (t.namespace, t.name) t.namespace, t.name, t.snapshot_id, t.view_id
            FROM publication_table t JOIN publication p USING (run_id)
            WHERE p.environment = :environment AND p.published_at <= :at
              AND (p.rolled_back_at IS NULL OR p.rolled_back_at > :at)
              AND t.namespace || '.' || t.name = ANY (:names)
            ORDER BY t.namespace, t.name, p.published_at DESC
            """)
        .bind("environment", environment)
        .bind("at", at.atOffset(java.time.ZoneOffset.UTC))
        .bindArray("names", String.class, names(tables))
        .map(
            (rs, c) ->
                Map.entry(
                    new TableName(rs.getString(1), rs.getString(2)),
                    new State(number(rs, 3), number(rs, 4))))
        .forEach(e -> states.put(e.getKey(), e.getValue()));
    return states;
  }

  private static Object[] names(Collection<TableName> tables) {
    List<String> names = new ArrayList<>();
    tables.forEach(t -> names.add(t.toString()));
    return names.toArray();
  }
}
