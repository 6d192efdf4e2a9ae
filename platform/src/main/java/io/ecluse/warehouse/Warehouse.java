package io.ecluse.warehouse;

import io.ecluse.error.EcluseException;
import io.ecluse.error.ErrorCode;
import io.ecluse.schema.Column;
import io.ecluse.schema.TableName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.apache.iceberg.BaseTable;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.Schema;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.SnapshotRef;
import org.apache.iceberg.TableMetadata;
import org.apache.iceberg.UpdateSchema;
import org.jdbi.v3.core.Jdbi;

/**
 * The Iceberg tables of one environment. A run writes on a branch of its own that only the run
 * sees; {@link Publisher} makes all tables of a run visible in one transaction.
 *
 * <p>Safe for use by several threads and processes.
 */
public final class Warehouse {
  /** The snapshot property that names the run which made it. */
  static final String RUN_ID = "ecluse.run-id";

  /** The snapshot property that names the engine which wrote its files. */
  static final String WRITER = "ecluse.writer";

  /** The value of {@link #WRITER} for files whose columns are just those of the table. */
  static final String DUCKDB = "duckdb";

  private static final Map<String, String> TABLE_PROPERTIES =
      Map.of(
          "format-version", "2",
          "write.parquet.compression-codec", "zstd",
          "write.metadata.previous-versions-max", "10",
          "commit.retry.num-retries", "0");

  private final Jdbi jdbi;
  private final CatalogRows catalog;
  private final Path location;
  private final LocalFileIO io = new LocalFileIO();
  private final Snapshots snapshots = new Snapshots(io);
  private final Publisher publisher;
  private final Expiry expiry;

  /**
   * @param jdbi the metadata database
   * @param environment whose tables these are
   * @param location absolute folder of this environment's tables; made when first written to
   */
  public Warehouse(Jdbi jdbi, String environment, Path location) {
    this.jdbi = jdbi;
    this.catalog = new CatalogRows(environment);
    this.location = location;
    this.publisher = new Publisher(jdbi, catalog, snapshots, io);
    this.expiry = new Expiry(jdbi, catalog, snapshots, io);
  }

  static String branch(String runId) {
    return "run_" + runId;
  }

  /**
   * Begins to write a table anew in a run. What this run had staged of it before is forgotten.
   *
   * <p>A column that keeps name and type keeps its field id; any other change drops the old column
   * and adds a new one.
   */
  public StagedTable stage(String runId, TableName name, List<Column> columns) {
    Optional<String> base =
        jdbi.withHandle(h -> Optional.ofNullable(catalog.published(h, List.of(name)).get(name)));
    RunTableOperations operations =
        base.map(b -> evolve(name, branched(snapshots.metadata(b), runId), columns))
            .orElseGet(() -> create(name, columns));
    Path folder =
        LocalFileIO.local(operations.current().location())
            .resolve("data")
            .resolve(runId + "-" + UUID.randomUUID().toString().substring(0, 8));
    try {
      Files.createDirectories(folder);
    } catch (IOException e) {
      throw new EcluseException(
          ErrorCode.DISK_FULL,
          "Could not make the folder %s for the files of %s: %s"
              .formatted(folder, name, e.getMessage()),
          e);
    }
    return new StagedTable(
        name,
        runId,
        operations,
        folder,
        metadata -> stage(runId, new CatalogRows.StagedRow(name, base, metadata)));
  }

  private void stage(String runId, CatalogRows.StagedRow row) {
    jdbi.useTransaction(
        h -> {
          if (catalog.isDiscarded(h, runId)) {
            throw Publisher.discarded(runId);
          }
          catalog.stage(h, runId, row);
        });
  }

  private RunTableOperations create(TableName name, List<Column> columns) {
    String folder =
        "%s/%s/%s-%s"
            .formatted(
                location, name.schema(), name.name(), UUID.randomUUID().toString().substring(0, 8));
    Schema schema = IcebergTypes.schema(columns);
    return new RunTableOperations(
        io,
        TableMetadata.newTableMetadata(
            schema, PartitionSpec.unpartitioned(), folder, TABLE_PROPERTIES));
  }

  /**
   * The run's branch begins where the table is: the totals of its snapshots count on from there.
   */
  private static TableMetadata branched(TableMetadata base, String runId) {
    Snapshot current = base.currentSnapshot();
    return current == null
        ? base
        : TableMetadata.buildFrom(base)
            .setBranchSnapshot(current.snapshotId(), branch(runId))
            .build();
  }

  private RunTableOperations evolve(TableName name, TableMetadata base, List<Column> columns) {
    RunTableOperations operations = new RunTableOperations(io, base);
    List<Column> old =
        IcebergTypes.columns(base.schema()).stream().map(TableColumn::column).toList();
    if (old.equals(columns)) {
      return operations;
    }
    UpdateSchema update = new BaseTable(operations, name.toString()).updateSchema();
    update.caseSensitive(true);
    for (Column column : old) {
      if (!columns.contains(column)) {
        update.deleteColumn(column.name());
      }
    }
    for (Column column : columns) {
      if (!old.contains(column)) {
        update.addColumn(column.name(), IcebergTypes.type(column.type()));
      }
    }
    for (int i = columns.size() - 1; i >= 0; i--) {
      update.moveFirst(columns.get(i).name());
    }
    update.commit();
    return operations;
  }

  /** The tables that a run has written and not yet published. */
  public List<TableName> staged(String runId) {
    return jdbi.withHandle(h -> catalog.staged(h, runId)).stream()
        .map(CatalogRows.StagedRow::table)
        .toList();
  }

  /**
   * Makes every table that the run has written visible, all in one transaction. Done twice, it does
   * nothing the second time.
   *
   * @throws EcluseException COMMIT_CONFLICT when a table was published by another run since this
   *     run began to write it; OUTCOME_UNKNOWN when the database was lost in the commit
   */
  public Publication publish(String runId) {
    return publisher.publish(runId);
  }

  /**
   * Makes the tables of a run what they were before it, all in one transaction.
   *
   * @throws EcluseException NOT_FOUND when the run published nothing, CONFLICT when a later run has
   *     published one of its tables
   */
  public Publication rollBack(String runId) {
    return publisher.rollBack(runId);
  }

  /** Whether the run's tables are what it published, or were at least made from it. */
  public boolean isPublished(String runId) {
    return jdbi.withHandle(h -> catalog.publishedAt(h, runId)).isPresent();
  }

  /** Which of these runs have published: true if it stands, false if it was rolled back. */
  public Map<String, Boolean> publications(Collection<String> runIds) {
    return jdbi.withHandle(h -> catalog.publications(h, runIds));
  }

  /** The runs that have written something which is not published. */
  public List<String> stagingRuns() {
    return jdbi.withHandle(catalog::stagingRuns);
  }

  /** True for the first of all processes that ask since a time: it shall tidy up, now. */
  public boolean claimMaintenance(Instant now, Instant notSince) {
    return jdbi.withHandle(h -> catalog.claimMaintenance(h, now, notSince));
  }

  /**
   * Forgets old states of tables and deletes files that nothing refers to. Runs may go on
   * meanwhile, in other processes too; and if it is cut off anywhere, the next does the rest.
   *
   * @throws EcluseException DATA_CORRUPT, before any file is deleted, when what a table refers to
   *     cannot be read
   */
  public Reclaimed reclaim(Retention retention) {
    if (retention.effect() == Retention.Effect.REMOVE) {
      retention.overRuns().forEach(run -> jdbi.useTransaction(h -> catalog.discard(h, run)));
    }
    Expiry.Outcome outcome = expiry.expire(retention);
    Sweep sweep = new Sweep(io, location);
    // first what is staged: what is published meanwhile is then found twice rather than never
    for (String run : stagingRuns()) {
      if (!retention.overRuns().contains(run)) {
        jdbi.withHandle(h -> catalog.staged(h, run)).forEach(row -> keep(sweep, run, row));
      }
    }
    for (CatalogRows.Row row : jdbi.withHandle(catalog::pointers)) {
      sweep.keep(row.location());
      TableMetadata told = outcome.told().get(row.table());
      sweep.keep(told == null ? snapshots.metadata(row.location()) : told);
    }
    Reclaimed rest = sweep.removeTheRest(retention);
    return new Reclaimed(outcome.expired(), rest.files(), rest.bytes());
  }

  private void keep(Sweep sweep, String runId, CatalogRows.StagedRow row) {
    TableMetadata metadata = snapshots.metadata(row.location());
    sweep.keep(row.location());
    row.base().ifPresent(sweep::keep);
    sweep.keep(metadata, metadata.snapshot(metadata.ref(branch(runId)).snapshotId()));
  }

  /** The state of one table; empty if there is none in this view. */
  public Optional<TableSnapshot> snapshot(TableName table, ReadView view) {
    return Optional.ofNullable(snapshots(List.of(table), view).get(table));
  }

  /**
   * The states of several tables, all at one moment; tables that are not there in this view are
   * left out.
   */
  public Map<TableName, TableSnapshot> snapshots(Collection<TableName> tables, ReadView view) {
    Map<TableName, TableSnapshot> found = new LinkedHashMap<>();
    if (view instanceof ReadView.AsOf asOf) {
      jdbi.useHandle(
          h -> {
            Map<TableName, Long> ids = catalog.publishedAt(h, tables, asOf.at());
            catalog
                .published(h, ids.keySet())
                .forEach((t, l) -> found.put(t, snapshots.plan(t, l, ids.get(t))));
          });
      return found;
    }
    jdbi.useHandle(
        h ->
            catalog
                .published(h, tables)
                .forEach((t, l) -> current(t, l, view).ifPresent(s -> found.put(t, s))));
    if (view instanceof ReadView.AtSnapshot at) {
      requireOneAt(at.snapshotId(), found.values());
    }
    if (view instanceof ReadView.OfRun run) {
      for (CatalogRows.StagedRow row : jdbi.withHandle(h -> catalog.staged(h, run.runId()))) {
        if (tables.contains(row.table())) {
          SnapshotRef ref = snapshots.metadata(row.location()).ref(branch(run.runId()));
          found.put(row.table(), snapshots.plan(row.table(), row.location(), ref.snapshotId()));
        }
      }
    }
    return found;
  }

  private static void requireOneAt(long snapshotId, Collection<TableSnapshot> found) {
    if (!found.isEmpty() && found.stream().noneMatch(s -> s.id() == snapshotId)) {
      throw new EcluseException(
          ErrorCode.NOT_FOUND,
          "No table of this query has a snapshot %d: it never had, or it has expired (warehouse.keep_snapshots); ecluse show table %s lists those there are"
              .formatted(snapshotId, found.iterator().next().table()));
    }
  }

  private Optional<TableSnapshot> current(TableName table, String metadataLocation, ReadView view) {
    TableMetadata metadata = snapshots.metadata(metadataLocation);
    if (view instanceof ReadView.AtSnapshot at && metadata.snapshot(at.snapshotId()) != null) {
      return Optional.of(snapshots.plan(table, metadataLocation, at.snapshotId()));
    }
    return Optional.ofNullable(metadata.currentSnapshot())
        .map(s -> snapshots.plan(table, metadataLocation, s.snapshotId()));
  }

  /** The tables that readers see, by name. */
  public List<PublishedTable> tables() {
    return jdbi.withHandle(catalog::published).stream().flatMap(row -> line(row).stream()).toList();
  }

  private Optional<PublishedTable> line(CatalogRows.Row row) {
    TableMetadata metadata = snapshots.metadata(row.location());
    return Optional.ofNullable(metadata.currentSnapshot())
        .map(
            s ->
                new PublishedTable(
                    row.table(),
                    Snapshots.count(s, "total-records"),
                    Snapshots.count(s, "total-files-size"),
                    Snapshots.count(s, "total-data-files"),
                    Instant.ofEpochMilli(metadata.lastUpdatedMillis()),
                    Optional.ofNullable(s.summary().get(RUN_ID))));
  }

  /** The columns of a published table; empty if there is no such table. */
  public Optional<List<TableColumn>> columns(TableName table) {
    return jdbi.withHandle(
            h -> Optional.ofNullable(catalog.published(h, List.of(table)).get(table)))
        .map(snapshots::metadata)
        .filter(m -> m.currentSnapshot() != null)
        .map(m -> IcebergTypes.columns(m.schemasById().get(m.currentSnapshot().schemaId())));
  }

  /** Every state of a published table that can still be read, the newest first. */
  public List<TableVersion> history(TableName table) {
    return jdbi.withHandle(
            h -> Optional.ofNullable(catalog.published(h, List.of(table)).get(table)))
        .map(snapshots::history)
        .orElse(List.of());
  }
}
