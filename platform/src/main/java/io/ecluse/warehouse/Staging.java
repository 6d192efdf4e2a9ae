package io.ecluse.warehouse;

import io.ecluse.error.ErrorCode;
import io.ecluse.schema.Column;
import io.ecluse.schema.Layout;
import io.ecluse.schema.TableName;
import io.ecluse.storage.Moved;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.apache.iceberg.TableMetadata;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.transaction.TransactionIsolationLevel;

/**
 * What runs write before anybody else sees it.
 *
 * @param fence lets a writer stage while it may
 */
record Staging(
    Jdbi jdbi, CatalogRows catalog, ViewRows views, Snapshots snapshots, Root root, Fence fence) {
  /** Where the files go. */
  record Root(WarehouseFolder folder, MetadataFiles files) {}

  Staging behind(Fence guard) {
    return new Staging(jdbi, catalog, views, snapshots, root, guard);
  }

  StagedTable table(String runId, TableName name, List<Column> columns, Layout layout) {
    root.folder().begin();
    StorageFileIO io = root.files().io();
    CatalogRows.Base base = jdbi.withHandle(h -> base(h, name));
    TableMetadata from =
        base.location()
            .map(b -> FirstMetadata.branched(snapshots.metadata(b), runId))
            .orElseGet(() -> FirstMetadata.created(io.root(), name, columns));
    TableMetadata begun = new Evolution(io).evolved(name, from, columns, layout);
    Drafts drafts = root.files().drafts();
    String data =
        "%s/data/%s-%s"
            .formatted(
                io.name(begun.location()), runId, UUID.randomUUID().toString().substring(0, 8));
    return new StagedTable(
        name,
        runId,
        RunTableOperations.changing(drafts, begun),
        new StagedTable.Place(io, drafts, drafts.folder(data)),
        metadata ->
            jdbi.useTransaction(
                h ->
                    stage(
                        h,
                        runId,
                        new CatalogRows.StagedRow(
                            name, base, Optional.of(metadata), Optional.empty()))));
  }

  void view(String runId, TableName name, List<Column> columns, ViewQuery query) {
    jdbi.useTransaction(
        h ->
            stage(
                h,
                runId,
                new CatalogRows.StagedRow(
                    name,
                    base(h, name),
                    Optional.empty(),
                    Optional.of(views.add(h, runId, name, columns, query)))));
  }

  Moment moment() {
    return jdbi.inTransaction(
        TransactionIsolationLevel.REPEATABLE_READ,
        h -> {
          Map<String, String> files = new HashMap<>();
          catalog.pointers(h).forEach(row -> files.put(row.table().toString(), row.location()));
          Map<String, Long> current = new HashMap<>();
          views.published(h).forEach(v -> current.put(v.table().toString(), v.id()));
          return new Moment(files, current);
        });
  }

  CatalogRows.Base base(Handle handle, TableName name) {
    return new CatalogRows.Base(
        Optional.ofNullable(catalog.pointers(handle, List.of(name)).get(name)),
        views.current(handle, name));
  }

  private void stage(Handle handle, String runId, CatalogRows.StagedRow row) {
    hold(handle, runId);
    catalog.stage(handle, runId, row);
  }

  /** Lets a run's writer stage until the transaction ends, if it may. */
  void hold(Handle handle, String runId) {
    fence.hold(handle.getConnection());
    if (catalog.isDiscarded(handle, runId)) {
      throw Publisher.discarded(runId);
    }
    try {
      catalog.requireHere(handle);
    } catch (Moved e) {
      throw ErrorCode.WAREHOUSE_MOVED.error(
          "The tables were taken to %s while run %s was writing; what it wrote is dropped, try again"
              .formatted(e.to(), runId),
          e);
    }
  }
}
