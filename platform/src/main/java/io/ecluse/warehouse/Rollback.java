package io.ecluse.warehouse;

import io.ecluse.error.EcluseException;
import io.ecluse.error.ErrorCode;
import io.ecluse.schema.TableName;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.SnapshotRef;
import org.apache.iceberg.TableMetadata;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;

/**
 * Makes what a run published invisible again, in one transaction. As with {@link Publisher}, what
 * rows are to point to is there before it begins.
 */
record Rollback(
    Jdbi jdbi,
    CatalogRows catalog,
    PublicationRows publications,
    ViewRows views,
    Snapshots snapshots,
    MetadataFiles files) {
  private static final String WORD = "rolled back";

  /**
   * What a name is to be again.
   *
   * @param now where the table's metadata is
   * @param metadata in which the state of before is current; empty if the table stays as it is
   */
  private record Back(
      PublicationRows.PublishedRow row, Optional<String> now, Optional<TableMetadata> metadata) {}

  private CatalogChange changes() {
    return new CatalogChange(jdbi, catalog);
  }

  Publication of(String runId) {
    List<PublicationRows.PublishedRow> rows =
        changes()
            .before(
                runId,
                WORD,
                () ->
                    jdbi.withHandle(
                        h ->
                            publications.publishedAt(h, runId).isPresent()
                                ? publications.publishedBy(h, runId)
                                : List.of()));
    if (rows.isEmpty() && !changes().before(runId, WORD, () -> isPublished(runId))) {
      throw ErrorCode.NOT_FOUND.error(
          "Run %s has published nothing that could be rolled back; ecluse ls runs shows which have"
              .formatted(runId));
    }
    Instant at = at(runId, rows);
    return new Publication(
        runId, at, rows.stream().map(PublicationRows.PublishedRow::table).toList());
  }

  private boolean isPublished(String runId) {
    return jdbi.withHandle(h -> publications.publishedAt(h, runId)).isPresent();
  }

  private Instant at(String runId, List<PublicationRows.PublishedRow> rows) {
    while (true) {
      try {
        List<Back> all =
            rows.stream().map(r -> changes().before(runId, WORD, () -> back(runId, r))).toList();
        return change(runId, all);
      } catch (CatalogChange.Outdated e) {
        continue; // somebody published, or old states were forgotten
      } catch (EcluseException e) {
        if (e.code() != ErrorCode.CONFLICT) {
          throw e;
        }
        return jdbi.withHandle(h -> publications.rolledBackAt(h, runId)).orElseThrow(() -> e);
      }
    }
  }

  private Instant change(String runId, List<Back> all) {
    List<String> written = files.write(all.stream().flatMap(b -> b.metadata().stream()).toList());
    return changes()
        .make(
            runId,
            new CatalogChange.Change() {
              @Override
              public String word() {
                return WORD;
              }

              @Override
              public Optional<Instant> done(Handle handle) {
                return publications.rolledBackAt(handle, runId);
              }

              @Override
              public Instant apply(Handle handle) {
                int next = 0;
                for (Back back : all) {
                  Optional<String> location =
                      back.metadata().isPresent()
                          ? Optional.of(written.get(next++))
                          : Optional.empty();
                  point(handle, back, location);
                }
                return publications.rollBack(handle, runId);
              }
            });
  }

  private void point(Handle handle, Back back, Optional<String> location) {
    TableName table = back.row().table();
    boolean same =
        views.current(handle, table).equals(back.row().now().view())
            && catalog.lock(handle, table).equals(back.now())
            && (location.isEmpty() || catalog.replace(handle, table, back.now(), location.get()));
    if (!same) {
      throw new CatalogChange.Outdated();
    }
    Optional<Long> view = back.row().before().view();
    views.point(handle, table, view);
    catalog.mark(handle, table, CatalogRows.Mark.of(view));
  }

  private Back back(String runId, PublicationRows.PublishedRow row) {
    Optional<TableSnapshot> view =
        jdbi.withHandle(h -> views.published(h, List.of(row.table()))).stream().findFirst();
    Optional<String> now =
        Optional.ofNullable(
            jdbi.withHandle(h -> catalog.pointers(h, List.of(row.table()))).get(row.table()));
    Optional<TableMetadata> table = now.map(snapshots::metadata);
    requireUnchanged(
        runId, row, view, table.flatMap(m -> Optional.ofNullable(m.currentSnapshot())));
    Optional<TableMetadata> before =
        row.now().snapshot().isEmpty()
            ? Optional.empty()
            : Optional.of(
                TimeOrder.change(
                    table.orElseThrow(),
                    m -> before(runId, row, m, files.location(now.orElseThrow()))));
    return new Back(row, now, before);
  }

  private static void requireUnchanged(
      String runId,
      PublicationRows.PublishedRow row,
      Optional<TableSnapshot> view,
      Optional<Snapshot> table) {
    boolean same =
        view.map(TableSnapshot::id).equals(row.now().view())
            && (view.isPresent() || table.map(Snapshot::snapshotId).equals(row.now().snapshot()));
    if (!same) {
      String later =
          view.flatMap(TableSnapshot::runId)
              .or(() -> table.map(s -> s.summary().get(Warehouse.RUN_ID)))
              .map(run -> "run " + run)
              .orElse("an earlier rollback");
      throw ErrorCode.CONFLICT.error(
          "%s was changed since by %s; roll that back first, or run the DAG again. Nothing was rolled back by %s"
              .formatted(row.table(), later, runId));
    }
  }

  private static TableMetadata before(
      String runId, PublicationRows.PublishedRow row, TableMetadata metadata, String base) {
    TableMetadata.Builder builder = TableMetadata.buildFrom(metadata);
    if (row.before().snapshot().isPresent()) {
      long previous = row.before().snapshot().get();
      if (metadata.snapshot(previous) != null) {
        builder.setBranchSnapshot(previous, SnapshotRef.MAIN_BRANCH);
        Integer schema = metadata.snapshot(previous).schemaId();
        if (schema != null) {
          builder.setCurrentSchema(schema);
          IcebergLayout.forget(builder, metadata, schema);
        }
      } else if (row.before().view().isEmpty()) {
        throw ErrorCode.CONFLICT.error(
            "What %s was before run %s has expired: warehouse.keep_snapshots says how long states are kept, the last %d always. Nothing was rolled back"
                .formatted(row.table(), runId, Retention.LEAST_STATES));
      } else {
        builder.removeRef(SnapshotRef.MAIN_BRANCH); // the view hides that there is none
      }
    } else {
      builder.removeRef(SnapshotRef.MAIN_BRANCH);
    }
    return builder.setPreviousFileLocation(base).build();
  }
}
