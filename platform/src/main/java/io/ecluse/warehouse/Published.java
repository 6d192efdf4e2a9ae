package io.ecluse.warehouse;

import io.ecluse.schema.TableName;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.apache.iceberg.TableMetadata;
import org.jdbi.v3.core.Jdbi;

/** What readers see: tables and views with what there is to tell of them. */
record Published(Jdbi jdbi, CatalogRows catalog, ViewRows views, Snapshots snapshots) {
  /** All, by name. */
  List<PublishedTable> all() {
    List<PublishedTable> lines = new ArrayList<>();
    jdbi.withHandle(catalog::published).forEach(row -> line(row).ifPresent(lines::add));
    for (TableSnapshot v : jdbi.withHandle(h -> views.published(h))) {
      lines.add(
          new PublishedTable(v.table(), PublishedTable.Kind.VIEW, 0, 0, 0, v.at(), v.runId()));
    }
    lines.sort(Comparator.comparing(PublishedTable::name));
    return lines;
  }

  private Optional<PublishedTable> line(CatalogRows.Row row) {
    TableMetadata metadata = snapshots.metadata(row.location());
    return Optional.ofNullable(metadata.currentSnapshot())
        .map(
            s ->
                new PublishedTable(
                    row.table(),
                    PublishedTable.Kind.TABLE,
                    Snapshots.rows(s),
                    Snapshots.count(s, "total-files-size"),
                    Snapshots.count(s, "total-data-files"),
                    Instant.ofEpochMilli(metadata.lastUpdatedMillis()),
                    Optional.ofNullable(s.summary().get(Warehouse.RUN_ID))));
  }

  Optional<TableSnapshot> view(TableName name) {
    return jdbi.withHandle(h -> views.published(h, List.of(name))).stream().findFirst();
  }

  Optional<List<TableColumn>> columns(TableName name) {
    return view(name)
        .map(TableSnapshot::columns)
        .or(
            () ->
                table(name)
                    .map(snapshots::metadata)
                    .filter(m -> m.currentSnapshot() != null)
                    .map(
                        m ->
                            IcebergTypes.columns(
                                Objects.requireNonNull(
                                    m.schemasById().get(m.currentSnapshot().schemaId())))));
  }

  List<TableVersion> history(TableName name) {
    return table(name).map(snapshots::history).orElse(List.of());
  }

  private Optional<String> table(TableName name) {
    return jdbi.withHandle(h -> Optional.ofNullable(catalog.published(h, List.of(name)).get(name)));
  }
}
