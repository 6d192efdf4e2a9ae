package io.ecluse.warehouse;

import io.ecluse.error.EcluseException;
import io.ecluse.error.ErrorCode;
import io.ecluse.schema.TableName;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.SnapshotRef;
import org.apache.iceberg.TableMetadata;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;

/**
 * Makes what a run wrote visible, in one transaction, since the rows that say what is current are
 * all in one PostgreSQL. What they are to point to is there before: within the transaction, which
 * others wait for, rows are compared and moved, and nothing else.
 */
record Publisher(
    Jdbi jdbi,
    CatalogRows catalog,
    PublicationRows publications,
    ViewRows views,
    Snapshots snapshots,
    MetadataFiles files) {
  /**
   * What a run makes of a name.
   *
   * @param now where the table's metadata is that the next takes the place of
   * @param metadata of a table, in which what the run has written is current; empty for a view
   */
  private record Next(
      CatalogRows.StagedRow staged,
      Optional<String> now,
      Optional<TableMetadata> metadata,
      PublicationRows.PublishedRow row) {
    TableName table() {
      return row.table();
    }
  }

  private CatalogChange changes() {
    return new CatalogChange(jdbi, catalog);
  }

  Publication publish(String runId, Fence fence) {
    Optional<Publication> done = changes().before(runId, "published", () -> published(runId));
    if (done.isPresent()) {
      return done.get();
    }
    List<CatalogRows.StagedRow> staged =
        changes().before(runId, "published", () -> jdbi.withHandle(h -> catalog.staged(h, runId)));
    while (true) {
      try {
        Map<TableName, Current> now = changes().before(runId, "published", () -> current(staged));
        List<Next> all =
            staged.stream()
                .map(
                    row -> next(runId, row, now(row, Objects.requireNonNull(now.get(row.table())))))
                .toList();
        return publish(runId, fence, staged, all);
      } catch (CatalogChange.Outdated e) {
        continue; // old states were forgotten meanwhile, or it was published, which is seen now
      } catch (EcluseException e) {
        if (e.code() != ErrorCode.COMMIT_CONFLICT) {
          throw e;
        }
        return published(runId).orElseThrow(() -> e); // by another attempt
      }
    }
  }

  private Publication publish(
      String runId, Fence fence, List<CatalogRows.StagedRow> staged, List<Next> all) {
    Map<TableName, String> written = write(all);
    Instant at =
        changes()
            .make(
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
                    return publish(handle, runId, all, written);
                  }
                });
    return new Publication(runId, at, all.stream().map(Next::table).toList());
  }

  private Map<TableName, String> write(List<Next> all) {
    List<Next> tables = all.stream().filter(n -> n.metadata().isPresent()).toList();
    List<String> names = files.write(tables.stream().map(n -> n.metadata().orElseThrow()).toList());
    Map<TableName, String> written = new HashMap<>();
    for (int i = 0; i < names.size(); i++) {
      written.put(tables.get(i).table(), names.get(i));
    }
    return written;
  }

  /** Tables of a run that another run published since it began to write them. */
  List<TableName> overtaken(String runId) {
    List<CatalogRows.StagedRow> staged = jdbi.withHandle(h -> catalog.staged(h, runId));
    Map<TableName, Current> now = current(staged);
    return staged.stream()
        .filter(row -> now(row, Objects.requireNonNull(now.get(row.table()))).isEmpty())
        .map(CatalogRows.StagedRow::table)
        .toList();
  }

  /** What is published under a name. */
  private record Current(Optional<String> location, Optional<Long> view) {}

  private Map<TableName, Current> current(List<CatalogRows.StagedRow> staged) {
    List<TableName> names = staged.stream().map(CatalogRows.StagedRow::table).toList();
    return jdbi.withHandle(
        h -> {
          Map<TableName, String> locations = catalog.pointers(h, names);
          Map<TableName, Long> shown = new HashMap<>();
          views.published(h, names).forEach(v -> shown.put(v.table(), v.id()));
          return names.stream()
              .collect(
                  Collectors.toMap(
                      n -> n,
                      n ->
                          new Current(
                              Optional.ofNullable(locations.get(n)),
                              Optional.ofNullable(shown.get(n)))));
        });
  }

  /** What is published, if that is what the run has seen; old states may have been forgotten. */
  private Optional<Current> now(CatalogRows.StagedRow staged, Current now) {
    Optional<String> base = staged.base().location();
    return now.view().equals(staged.base().view()) && isSame(base, now.location())
        ? Optional.of(now)
        : Optional.empty();
  }

  private boolean isSame(Optional<String> base, Optional<String> now) {
    return now.equals(base) || base.flatMap(b -> now.flatMap(n -> rebased(b, n, b))).isPresent();
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
      throw ErrorCode.STAGE_CHANGED.error(
          "Tables of run %s were written while it was being published; nothing was published, try again"
              .formatted(runId));
    }
  }

  static EcluseException discarded(String runId) {
    return ErrorCode.CONFLICT.error(
        "Run %s cannot go on: it ended so long ago that what it had written was removed (staging.keep_batches); start a new run"
            .formatted(runId));
  }

  private Next next(String runId, CatalogRows.StagedRow staged, Optional<Current> seen) {
    CatalogRows.Base base = staged.base();
    Optional<String> now = seen.orElseThrow(() -> overtaken(staged.table())).location();
    if (staged.location().isPresent()) {
      TableMetadata metadata = snapshots.metadata(staged.location().get());
      TableMetadata over =
          now.equals(base.location())
              ? metadata
              : rebased(base.location().orElseThrow(), now.orElseThrow(), staged.location().get())
                  .orElseThrow(() -> overtaken(staged.table()));
      return new Next(
          staged,
          now,
          Optional.of(published(runId, over, now)),
          new PublicationRows.PublishedRow(
              staged.table(),
              new PublicationRows.State(
                  Optional.of(metadata.ref(Warehouse.branch(runId)).snapshotId()),
                  Optional.empty()),
              new PublicationRows.State(current(metadata), base.view())));
    }
    return new Next(
        staged,
        now,
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

  /** Metadata in which what the run has written is current. */
  private TableMetadata published(String runId, TableMetadata metadata, Optional<String> before) {
    SnapshotRef written = metadata.ref(Warehouse.branch(runId));
    return TimeOrder.change(
        metadata,
        from -> {
          TableMetadata.Builder builder =
              TableMetadata.buildFrom(from)
                  .removeRef(Warehouse.branch(runId))
                  .setBranchSnapshot(written.snapshotId(), SnapshotRef.MAIN_BRANCH);
          before.map(files::location).ifPresent(builder::setPreviousFileLocation);
          return builder.build();
        });
  }

  private Instant publish(
      Handle handle, String runId, List<Next> all, Map<TableName, String> written) {
    for (Next next : all) {
      TableName table = next.table();
      Optional<String> location = Optional.ofNullable(written.get(table));
      boolean same =
          views.current(handle, table).equals(next.staged().base().view())
              && (location.isPresent()
                  ? catalog.replace(handle, table, next.now(), location.get())
                  : catalog.lock(handle, table).equals(next.now()));
      if (!same) {
        throw new CatalogChange.Outdated();
      }
      views.point(handle, table, next.row().now().view());
      catalog.mark(handle, table, CatalogRows.Mark.of(next.row().now().view()));
      catalog.addNamespace(handle, table.schema());
    }
    Instant at = publications.publish(handle, runId, all.stream().map(Next::row).toList());
    catalog.unstage(handle, runId);
    return at;
  }

  private static EcluseException overtaken(TableName table) {
    return ErrorCode.COMMIT_CONFLICT.error(
        "%s was published by another run since this one began to write it; nothing of this run was published, run it again"
            .formatted(table));
  }

  /** Over what is published now, if old states were forgotten since the run began, but no more. */
  private Optional<TableMetadata> rebased(String base, String now, String staged) {
    return Expiry.rebase(
        snapshots.metadata(base), snapshots.metadata(now), snapshots.metadata(staged));
  }
}
