package io.ecluse.warehouse;

import io.ecluse.error.EcluseException;
import io.ecluse.error.ErrorCode;
import io.ecluse.schema.TableName;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.SnapshotRef;
import org.apache.iceberg.TableMetadata;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;

/**
 * Makes what a run wrote visible, or invisible again: each in one transaction, since the rows that
 * say what is current are all in one PostgreSQL.
 */
final class Publisher {
  private final Jdbi jdbi;
  private final CatalogRows catalog;
  private final PublicationRows publications;
  private final ViewRows views;
  private final Snapshots snapshots;
  private final MetadataFiles files;
  private final CatalogChange changes;

  Publisher(
      Jdbi jdbi,
      CatalogRows catalog,
      PublicationRows publications,
      ViewRows views,
      Snapshots snapshots,
      MetadataFiles files) {
    this.jdbi = jdbi;
    this.catalog = catalog;
    this.publications = publications;
    this.views = views;
    this.snapshots = snapshots;
    this.files = files;
    this.changes = new CatalogChange(jdbi, catalog);
  }

  /**
   * What a run makes of a name, ready to be pointed to.
   *
   * @param location of a table's next metadata, written already; empty for a view
   */
  private record Next(
      CatalogRows.StagedRow staged, Optional<String> location, PublicationRows.PublishedRow row) {
    TableName table() {
      return row.table();
    }
  }

  Publication publish(String runId, Fence fence) {
    Optional<Publication> done = changes.before(runId, "published", () -> published(runId));
    if (done.isPresent()) {
      return done.get();
    }
    List<CatalogRows.StagedRow> staged =
        changes.before(runId, "published", () -> jdbi.withHandle(h -> catalog.staged(h, runId)));
    List<Next> all = staged.stream().map(row -> next(runId, row)).toList();
    files.settle(all.stream().flatMap(n -> n.location().stream()).toList());
    Instant at =
        changes.make(
            runId,
            new CatalogChange.Change() {
              @Override
              public String word() {
                return "published";
              }

              @Override
              public Optional<Instant> done(Handle handle) {
                return publications.publishedAt(handle, runId);
              }

              @Override
              public Instant apply(Handle handle) {
                fence.hold(handle.getConnection());
                requireStaged(handle, runId, staged);
                return publish(handle, runId, all);
              }
            });
    return new Publication(runId, at, all.stream().map(Next::table).toList());
  }

  /** Tables of a run that another run published since it began to write them. */
  List<TableName> overtaken(String runId) {
    return jdbi.withHandle(
        h ->
            catalog.staged(h, runId).stream()
                .filter(
                    row ->
                        !views.current(h, row.table()).equals(row.base().view())
                            || !isSame(
                                row.base().location(),
                                Optional.ofNullable(
                                    catalog.pointers(h, List.of(row.table())).get(row.table()))))
                .map(CatalogRows.StagedRow::table)
                .toList());
  }

  private Optional<Publication> published(String runId) {
    return jdbi.withHandle(
        h ->
            publications
                .publishedAt(h, runId)
                .map(
                    at ->
                        new Publication(
                            runId,
                            at,
                            publications.publishedBy(h, runId).stream()
                                .map(PublicationRows.PublishedRow::table)
                                .toList())));
  }

  private void requireStaged(Handle handle, String runId, List<CatalogRows.StagedRow> staged) {
    if (catalog.isDiscarded(handle, runId)) {
      throw discarded(runId);
    }
    if (!catalog.lockStaged(handle, runId).equals(staged)) {
      throw new EcluseException(
          ErrorCode.STAGE_CHANGED,
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

  private Next next(String runId, CatalogRows.StagedRow staged) {
    CatalogRows.Base base = staged.base();
    if (staged.location().isPresent()) {
      TableMetadata metadata = snapshots.metadata(staged.location().get());
      return new Next(
          staged,
          Optional.of(write(runId, metadata, base.location())),
          new PublicationRows.PublishedRow(
              staged.table(),
              new PublicationRows.State(
                  Optional.of(metadata.ref(Warehouse.branch(runId)).snapshotId()),
                  Optional.empty()),
              new PublicationRows.State(current(metadata), base.view())));
    }
    return new Next(
        staged,
        Optional.empty(),
        new PublicationRows.PublishedRow(
            staged.table(),
            new PublicationRows.State(Optional.empty(), staged.view()),
            new PublicationRows.State(
                base.location().map(snapshots::metadata).flatMap(Publisher::current),
                base.view())));
  }

  private static Optional<Long> current(TableMetadata metadata) {
    return Optional.ofNullable(metadata.currentSnapshot()).map(Snapshot::snapshotId);
  }

  /** Writes metadata in which what the run has written is current. */
  private String write(String runId, TableMetadata metadata, Optional<String> base) {
    SnapshotRef written = metadata.ref(Warehouse.branch(runId));
    return files.write(
        TimeOrder.change(
            metadata,
            from -> {
              TableMetadata.Builder builder =
                  TableMetadata.buildFrom(from)
                      .removeRef(Warehouse.branch(runId))
                      .setBranchSnapshot(written.snapshotId(), SnapshotRef.MAIN_BRANCH);
              base.ifPresent(builder::setPreviousFileLocation);
              return builder.build();
            }));
  }

  private Instant publish(Handle handle, String runId, List<Next> all) {
    for (Next next : all) {
      Optional<Long> view = next.staged().base().view();
      if (!views.current(handle, next.table()).equals(view)) {
        throw overtaken(next.table());
      }
      if (next.location().isPresent()) {
        point(handle, runId, next.staged(), next.location().get());
      } else {
        requireSameTable(handle, next.staged());
      }
      show(handle, next.table(), next.row().now().view());
      catalog.addNamespace(handle, next.table().schema());
    }
    Instant at = publications.publish(handle, runId, all.stream().map(Next::row).toList());
    catalog.unstage(handle, runId);
    return at;
  }

  /** Makes a name the view, or the table that it is without one. */
  private void show(Handle handle, TableName table, Optional<Long> view) {
    views.point(handle, table, view);
    catalog.mark(handle, table, view.isPresent() ? CatalogRows.Mark.KEPT : CatalogRows.Mark.TABLE);
  }

  private static EcluseException overtaken(TableName table) {
    return new EcluseException(
        ErrorCode.COMMIT_CONFLICT,
        "%s was published by another run since this one began to write it; nothing of this run was published, run it again"
            .formatted(table));
  }

  private void point(Handle handle, String runId, CatalogRows.StagedRow staged, String location) {
    Optional<String> base = staged.base().location();
    if (catalog.replace(handle, staged.table(), base, location)) {
      return;
    }
    Optional<String> now = catalog.lock(handle, staged.table());
    TableMetadata rebased =
        base.flatMap(b -> now.flatMap(n -> rebased(b, n, staged.location().orElseThrow())))
            .orElseThrow(() -> overtaken(staged.table()));
    String anew = write(runId, rebased, now);
    files.settle(List.of(anew));
    if (!catalog.replace(handle, staged.table(), now, anew)) {
      throw new AssertionError("The row of " + staged.table() + " is locked");
    }
  }

  /** Over what is published now, if old states were forgotten since the run began, but no more. */
  private Optional<TableMetadata> rebased(String base, String now, String staged) {
    return Expiry.rebase(
        snapshots.metadata(base), snapshots.metadata(now), snapshots.metadata(staged));
  }

  /** The table that a view is going to hide is the one that the run has seen. */
  private void requireSameTable(Handle handle, CatalogRows.StagedRow staged) {
    Optional<String> base = staged.base().location();
    if (!isSame(base, catalog.lock(handle, staged.table()))) {
      throw overtaken(staged.table());
    }
  }

  private boolean isSame(Optional<String> base, Optional<String> now) {
    return now.equals(base) || base.flatMap(b -> now.flatMap(n -> rebased(b, n, b))).isPresent();
  }

  Publication rollBack(String runId) {
    if (changes.before(runId, "rolled back", () -> published(runId)).isEmpty()) {
      throw new EcluseException(
          ErrorCode.NOT_FOUND,
          "Run %s has published nothing that could be rolled back; ecluse ls runs shows which have"
              .formatted(runId));
    }
    List<PublicationRows.PublishedRow> rows =
        jdbi.withHandle(h -> publications.publishedBy(h, runId));
    Instant at =
        changes.make(
            runId,
            new CatalogChange.Change() {
              @Override
              public String word() {
                return "rolled back";
              }

              @Override
              public Optional<Instant> done(Handle handle) {
                return publications.rolledBackAt(handle, runId);
              }

              @Override
              public Instant apply(Handle handle) {
                rollBack(handle, runId, rows);
                return publications.rollBack(handle, runId);
              }
            });
    return new Publication(
        runId, at, rows.stream().map(PublicationRows.PublishedRow::table).toList());
  }

  private void rollBack(Handle handle, String runId, List<PublicationRows.PublishedRow> rows) {
    List<String> written = new ArrayList<>();
    for (PublicationRows.PublishedRow row : rows) {
      requireUnchanged(handle, runId, row);
      if (row.now().snapshot().isPresent()) {
        written.add(pointBack(handle, runId, row));
      }
      show(handle, row.table(), row.before().view());
    }
    files.settle(written);
  }

  private void requireUnchanged(Handle handle, String runId, PublicationRows.PublishedRow row) {
    Optional<TableSnapshot> view =
        views.published(handle, List.of(row.table())).stream().findFirst();
    Optional<Snapshot> table =
        catalog
            .lock(handle, row.table())
            .map(l -> snapshots.metadata(l))
            .flatMap(m -> Optional.ofNullable(m.currentSnapshot()));
    boolean same =
        view.map(TableSnapshot::id).equals(row.now().view())
            && (view.isPresent() || table.map(Snapshot::snapshotId).equals(row.now().snapshot()));
    if (!same) {
      String later =
          view.flatMap(TableSnapshot::runId)
              .or(() -> table.map(s -> s.summary().get(Warehouse.RUN_ID)))
              .map(run -> "run " + run)
              .orElse("an earlier rollback");
      throw new EcluseException(
          ErrorCode.CONFLICT,
          "%s was changed since by %s; roll that back first, or run the DAG again. Nothing was rolled back by %s"
              .formatted(row.table(), later, runId));
    }
  }

  private String pointBack(Handle handle, String runId, PublicationRows.PublishedRow row) {
    String base = catalog.lock(handle, row.table()).orElseThrow();
    String location =
        files.write(TimeOrder.change(snapshots.metadata(base), m -> before(runId, row, m, base)));
    if (!catalog.replace(handle, row.table(), Optional.of(base), location)) {
      throw new AssertionError("The row of " + row.table() + " is locked");
    }
    return location;
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
        throw new EcluseException(
            ErrorCode.CONFLICT,
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
