package io.ecluse.warehouse;

import io.ecluse.schema.TableName;
import io.ecluse.storage.Moved;
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
 * The rows of the catalog in PostgreSQL, which name files from the root of the environment's
 * tables; what is not there is named by its whole location. Other engines join by the view {@code
 * iceberg_tables}, which has the layout of Iceberg's JdbcCatalog, the environment being the
 * catalog's name.
 */
final class CatalogRows {
  /** Where the tables are, beside what is read of them. */
  private static final String PLACE =
      ", (SELECT location FROM warehouse_folder WHERE environment = :environment) AS place";

  private final String environment;
  private volatile Optional<String> here = Optional.empty();

  CatalogRows(String environment) {
    this.environment = environment;
  }

  /** From now on, rows of tables that are not here any more are refused by {@link Moved}. */
  void settled(String place) {
    here = Optional.of(place);
  }

  private void requireHere(String place) {
    if (place != null && here.isPresent() && !place.equals(here.get())) {
      throw new Moved(place);
    }
  }

  /**
   * Lets nobody change rows of tables that were taken elsewhere, nor take them there until the
   * transaction ends.
   */
  void requireHere(Handle handle) {
    if (here.isPresent()) {
      handle
          .createQuery(
              "SELECT location FROM warehouse_folder WHERE environment = :environment FOR SHARE")
          .bind("environment", environment)
          .mapTo(String.class)
          .findOne()
          .ifPresent(this::requireHere);
    }
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

  List<Row> published(Handle handle) {
    return rows(handle, "= 'TABLE'");
  }

  /** Where the metadata of every table is, also of those that a view hides. */
  List<Row> pointers(Handle handle) {
    return rows(handle, "<> 'VIEW'");
  }

  private List<Row> rows(Handle handle, String ofType) {
    return handle
        .createQuery(
            """
            SELECT table_namespace, table_name, metadata_location%s FROM catalog_table
            WHERE catalog_name = :environment AND coalesce(iceberg_type, 'TABLE') %s
            ORDER BY 1, 2
            """
                .formatted(PLACE, ofType))
        .bind("environment", environment)
        .map((rs, c) -> row(rs))
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
            UPDATE catalog_table SET iceberg_type = :type
            WHERE catalog_name = :environment AND table_namespace = :schema AND table_name = :name
              AND iceberg_type IS DISTINCT FROM :type
            """)
        .bind("environment", environment)
        .bind("schema", table.schema())
        .bind("name", table.name())
        .bind("type", mark.name())
        .execute();
  }

  /** What a row of {@code catalog_table} is. */
  enum Mark {
    TABLE,
    /** Hidden by a view of the same name. */
    KEPT;

    /**
     * @param view that the name is, if it is one
     */
    static Mark of(Optional<Long> view) {
      return view.isPresent() ? KEPT : TABLE;
    }
  }

  /** Publications and rollbacks come one after the other. They are short. */
  void lockPublications(Handle handle) {
    handle.execute(
        "SELECT pg_advisory_xact_lock(hashtextextended('ecluse.publication.' || ?, 0))",
        environment);
    requireHere(handle);
  }

  private Row row(ResultSet rs) throws SQLException {
    requireHere(rs.getString(4));
    return new Row(new TableName(rs.getString(1), rs.getString(2)), rs.getString(3));
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
            SELECT table_namespace, table_name, metadata_location%s FROM catalog_table
            WHERE catalog_name = :environment AND table_namespace || '.' || table_name = ANY (:names)
              AND coalesce(iceberg_type, 'TABLE') %s"""
                .formatted(PLACE, ofType))
        .bind("environment", environment)
        .bindArray("names", String.class, names(tables))
        .map((rs, c) -> row(rs))
        .forEach(row -> locations.put(row.table(), row.location()));
    return locations;
  }

  Optional<String> lock(Handle handle, TableName table) {
    return handle
        .createQuery(
            """
            SELECT metadata_location FROM catalog_table
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
              UPDATE catalog_table
              SET metadata_location = :location, previous_metadata_location = :base
              WHERE catalog_name = :environment AND table_namespace = :schema
                AND table_name = :name AND metadata_location = :base
              """
            : """
              INSERT INTO catalog_table
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
            SELECT namespace, name, base_metadata_location, base_view_id, metadata_location, view_id%s
            FROM staged_table WHERE run_id = :run AND environment = :environment ORDER BY 1, 2
            """
                .formatted(PLACE))
        .bind("run", runId)
        .bind("environment", environment)
        .map(
            (rs, c) -> {
              requireHere(rs.getString(7));
              return new StagedRow(
                  new TableName(rs.getString(1), rs.getString(2)),
                  new Base(Optional.ofNullable(rs.getString(3)), number(rs, 4)),
                  Optional.ofNullable(rs.getString(5)),
                  number(rs, 6));
            })
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

  /** Notes that engines of others have written all that they write in a run. */
  void written(Handle handle, String runId) {
    handle.execute(
        "INSERT INTO written_run (run_id, environment) VALUES (?, ?) ON CONFLICT DO NOTHING",
        runId,
        environment);
  }

  boolean isWritten(Handle handle, String runId) {
    return handle
        .createQuery(
            "SELECT EXISTS (SELECT 1 FROM written_run WHERE run_id = :run AND environment = :environment)")
        .bind("run", runId)
        .bind("environment", environment)
        .mapTo(Boolean.class)
        .one();
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
    requireHere(handle);
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

  /**
   * Stages over what was seen staged of the name.
   *
   * @param seen empty if nothing was
   * @return false if somebody else has staged meanwhile
   */
  boolean restage(Handle handle, String runId, Optional<StagedRow> seen, StagedRow row) {
    List<StagedRow> now = lockStaged(handle, runId);
    boolean same = now.stream().filter(r -> r.table().equals(row.table())).findFirst().equals(seen);
    if (same) {
      stage(handle, runId, row);
    }
    return same;
  }

  /** Forgets one name that a run has staged; false if it is not as it was seen. */
  boolean unstage(Handle handle, String runId, StagedRow seen) {
    boolean same = lockStaged(handle, runId).contains(seen);
    if (same) {
      handle.execute(
          "DELETE FROM staged_table WHERE run_id = ? AND environment = ? AND namespace = ? AND name = ?",
          runId,
          environment,
          seen.table().schema(),
          seen.table().name());
    }
    return same;
  }

  void unstage(Handle handle, String runId) {
    handle.execute("DELETE FROM made_request WHERE run_id = ?", runId);
    for (String each : List.of("run_namespace", "written_run", "draft_folder")) {
      handle.execute(
          "DELETE FROM " + each + " WHERE run_id = ? AND environment = ?", runId, environment);
    }
    handle
        .createUpdate("DELETE FROM staged_table WHERE run_id = :run AND environment = :environment")
        .bind("run", runId)
        .bind("environment", environment)
        .execute();
  }

  static Optional<Long> number(ResultSet rs, int column) throws SQLException {
    long number = rs.getLong(column);
    return rs.wasNull() ? Optional.empty() : Optional.of(number);
  }

  static Object[] names(Collection<TableName> tables) {
    List<String> names = new ArrayList<>();
    tables.forEach(t -> names.add(t.toString()));
    return names.toArray();
  }
}
