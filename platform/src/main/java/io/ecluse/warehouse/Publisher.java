package io.ecluse.warehouse;

import io.ecluse.error.EcluseException;
import io.ecluse.error.ErrorCode;
import io.ecluse.schema.TableName;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.iceberg.SnapshotRef;
import org.apache.iceberg.TableMetadata;
import org.jdbi.v3.core.ConnectionException;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.transaction.TransactionException;

/**
 * Makes what a run wrote visible, or invisible again: each in one transaction, since the rows that
 * say what is current are all in one PostgreSQL.
 */
final class Publisher {
  private final Jdbi jdbi;
  private final CatalogRows catalog;
  private final Snapshots snapshots;
  private final LocalFileIO io;

  Publisher(Jdbi jdbi, CatalogRows catalog, Snapshots snapshots, LocalFileIO io) {
    this.jdbi = jdbi;
    this.catalog = catalog;
    this.snapshots = snapshots;
    this.io = io;
  }

  /** A table's next metadata, written and waiting to be pointed to. */
  private record Next(
      CatalogRows.StagedRow staged,
      Optional<String> base,
      String location,
      CatalogRows.PublishedRow row) {
    TableName table() {
      return row.table();
    }
  }

  Publication publish(String runId) {
    Optional<Publication> done = published(runId);
    if (done.isPresent()) {
      return done.get();
    }
    List<CatalogRows.StagedRow> staged = jdbi.withHandle(h -> catalog.staged(h, runId));
    List<Next> tables = new ArrayList<>();
    for (CatalogRows.StagedRow row : staged) {
      tables.add(next(runId, row, snapshots.metadata(row.location()), row.base()));
    }
    Instant at =
        commit(
            runId,
            h -> {
              requireStaged(h, runId, staged);
              return publish(h, runId, tables);
            });
    return new Publication(runId, at, tables.stream().map(Next::table).toList());
  }

  private Optional<Publication> published(String runId) {
    return jdbi.withHandle(
        h ->
            catalog
                .publishedAt(h, runId)
                .map(
                    at ->
                        new Publication(
                            runId,
                            at,
                            catalog.publishedBy(h, runId).stream()
                                .map(CatalogRows.PublishedRow::table)
                                .toList())));
  }

  private void requireStaged(Handle handle, String runId, List<CatalogRows.StagedRow> staged) {
    if (catalog.isDiscarded(handle, runId)) {
      throw discarded(runId);
    }
    if (!catalog.lockStaged(handle, runId).equals(staged)) {
      throw new EcluseException(
          ErrorCode.COMMIT_CONFLICT,
          "Tables of run %s were written while it was being published; nothing was published, try again"
              .formatted(runId));
    }
  }

  static EcluseException discarded(String runId) {
    return new EcluseException(
        ErrorCode.CONFLICT,
        "Run %s cannot go on: it ended so long ago that what it had written was removed (staging.keep_batches); start a new run"
            .formatted(runId));
  }

  private Next next(
      String runId, CatalogRows.StagedRow staged, TableMetadata metadata, Optional<String> base) {
    SnapshotRef written = metadata.ref(Warehouse.branch(runId));
    Optional<Long> previous =
        Optional.ofNullable(metadata.currentSnapshot()).map(s -> s.snapshotId());
    TableMetadata.Builder builder =
        TableMetadata.buildFrom(metadata)
            .removeRef(Warehouse.branch(runId))
            .setBranchSnapshot(written.snapshotId(), SnapshotRef.MAIN_BRANCH);
    base.ifPresent(builder::setPreviousFileLocation);
    return new Next(
        staged,
        base,
        RunTableOperations.write(io, builder.build()),
        new CatalogRows.PublishedRow(staged.table(), written.snapshotId(), previous));
  }

  private Instant publish(Handle handle, String runId, List<Next> tables) {
    for (Next next : tables) {
      point(handle, runId, next);
      catalog.addNamespace(handle, next.table().schema());
    }
    Instant at = catalog.publish(handle, runId, tables.stream().map(Next::row).toList());
    catalog.unstage(handle, runId);
    return at;
  }

  private void point(Handle handle, String runId, Next next) {
    if (!replace(handle, next)) {
      Next again =
          rebased(handle, runId, next.staged())
              .orElseThrow(
                  () ->
                      new EcluseException(
                          ErrorCode.COMMIT_CONFLICT,
                          "%s was published by another run since this one began to write it; nothing of this run was published, run it again"
                              .formatted(next.table())));
      if (!replace(handle, again)) {
        throw new AssertionError("The row of " + next.table() + " is locked");
      }
    }
  }

  private boolean replace(Handle handle, Next next) {
    return catalog.replace(handle, next.table(), next.base(), next.location());
  }

  /** Over what is published now, if old states were forgotten since the run began, but no more. */
  private Optional<Next> rebased(Handle handle, String runId, CatalogRows.StagedRow staged) {
    Optional<String> now = catalog.lock(handle, staged.table());
    if (now.isEmpty() || staged.base().isEmpty()) {
      return Optional.empty();
    }
    return Expiry.rebase(
            snapshots.metadata(staged.base().get()),
            snapshots.metadata(now.get()),
            snapshots.metadata(staged.location()))
        .map(metadata -> next(runId, staged, metadata, now));
  }

  Publication rollBack(String runId) {
    if (published(runId).isEmpty()) {
      throw new EcluseException(
          ErrorCode.NOT_FOUND,
          "Run %s has published nothing that could be rolled back; ecluse ls runs shows which have"
              .formatted(runId));
    }
    List<CatalogRows.PublishedRow> rows = jdbi.withHandle(h -> catalog.publishedBy(h, runId));
    Instant at =
        commit(
            runId,
            h -> {
              for (CatalogRows.PublishedRow row : rows) {
                if (!replace(h, before(h, runId, row))) {
                  throw new AssertionError("The row of " + row.table() + " is locked");
                }
              }
              catalog.rollBack(h, runId);
              return Instant.now();
            });
    return new Publication(runId, at, rows.stream().map(CatalogRows.PublishedRow::table).toList());
  }

  private Next before(Handle handle, String runId, CatalogRows.PublishedRow row) {
    String base =
        catalog
            .lock(handle, row.table())
            .orElseThrow(
                () ->
                    new EcluseException(
                        ErrorCode.NOT_FOUND, row.table() + " is not in the catalog any more"));
    TableMetadata metadata = snapshots.metadata(base);
    if (metadata.currentSnapshot() == null
        || metadata.currentSnapshot().snapshotId() != row.snapshotId()) {
      String later =
          metadata.currentSnapshot() == null
              ? "an earlier rollback"
              : "run " + metadata.currentSnapshot().summary().get(Warehouse.RUN_ID);
      throw new EcluseException(
          ErrorCode.CONFLICT,
          "%s was changed since by %s; roll that back first, or run the DAG again. Nothing was rolled back by %s"
              .formatted(row.table(), later, runId));
    }
    TableMetadata.Builder builder = TableMetadata.buildFrom(metadata);
    if (row.previousSnapshotId().isPresent()) {
      long previous = row.previousSnapshotId().get();
      if (metadata.snapshot(previous) == null) {
        throw new EcluseException(
            ErrorCode.CONFLICT,
            "What %s was before run %s has expired: warehouse.keep_snapshots says how long states are kept, the last %d always. Nothing was rolled back"
                .formatted(row.table(), runId, Retention.LEAST_STATES));
      }
      builder.setBranchSnapshot(previous, SnapshotRef.MAIN_BRANCH);
      Integer schema = metadata.snapshot(previous).schemaId();
      if (schema != null) {
        builder.setCurrentSchema(schema);
      }
    } else {
      builder.removeRef(SnapshotRef.MAIN_BRANCH);
    }
    builder.setPreviousFileLocation(base);
    String location = RunTableOperations.write(io, builder.build());
    return new Next(
        new CatalogRows.StagedRow(row.table(), Optional.of(base), location),
        Optional.of(base),
        location,
        row);
  }

  private interface Work {
    Instant in(Handle handle);
  }

  /** Commits, and finds out what happened if the database goes away meanwhile. */
  private Instant commit(String runId, Work work) {
    try {
      return jdbi.inTransaction(work::in);
    } catch (TransactionException | ConnectionException e) {
      throw new EcluseException(
          ErrorCode.OUTCOME_UNKNOWN,
          "The metadata database was lost while run %s was being published; whether it is, ecluse show run %s tells"
              .formatted(runId, runId),
          e);
    }
  }
}
