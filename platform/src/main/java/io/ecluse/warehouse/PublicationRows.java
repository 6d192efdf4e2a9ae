package io.ecluse.warehouse;

import io.ecluse.schema.TableName;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/**
 * What was published and rolled back, and when. Every method works in the transaction of its
 * handle.
 */
record PublicationRows(String environment) {
  /** Now, and after all that was published and rolled back, should the clock have gone back. */
  private static final String NEXT_TIME =
      """
      (SELECT greatest(clock_timestamp(), max(greatest(published_at, rolled_back_at)) + interval '1 microsecond')
       FROM publication WHERE environment = :environment)""";

  /** What a name is: a state of a table, or a view; of a view, also which state it hides. */
  record State(Optional<Long> snapshot, Optional<Long> view) {}

  /** One table of a publication. */
  record PublishedRow(TableName table, State now, State before) {}

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
    return time(handle, runId, "CASE WHEN rolled_back_at IS NULL THEN published_at END");
  }

  /** When a run was rolled back, if it is. */
  Optional<Instant> rolledBackAt(Handle handle, String runId) {
    return time(handle, runId, "rolled_back_at");
  }

  private Optional<Instant> time(Handle handle, String runId, String which) {
    return handle
        .createQuery(
            "SELECT %s FROM publication WHERE run_id = :run AND environment = :environment"
                .formatted(which))
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
                    new State(CatalogRows.number(rs, 3), CatalogRows.number(rs, 4)),
                    new State(CatalogRows.number(rs, 5), CatalogRows.number(rs, 6))))
        .list();
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
        .bind("at", at.atOffset(ZoneOffset.UTC))
        .bindArray("names", String.class, CatalogRows.names(tables))
        .map(
            (rs, c) ->
                Map.entry(
                    new TableName(rs.getString(1), rs.getString(2)),
                    new State(CatalogRows.number(rs, 3), CatalogRows.number(rs, 4))))
        .forEach(e -> states.put(e.getKey(), e.getValue()));
    return states;
  }
}
