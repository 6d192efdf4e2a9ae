package io.ecluse.source;

import io.ecluse.Servers;
import io.ecluse.disk.Disk;
import io.ecluse.duckdb.DuckDbEngine;
import io.ecluse.engine.BatchFile;
import io.ecluse.engine.Cancellation;
import io.ecluse.engine.EngineSettings;
import io.ecluse.engine.Merge;
import io.ecluse.engine.Rows;
import io.ecluse.metadata.Metadata;
import io.ecluse.schema.Column;
import io.ecluse.schema.TableName;
import io.ecluse.staging.BatchManifest;
import io.ecluse.staging.Reading;
import io.ecluse.staging.StagedColumn;
import io.ecluse.staging.StagingArea;
import io.ecluse.warehouse.ReadView;
import io.ecluse.warehouse.StagedTable;
import io.ecluse.warehouse.Warehouse;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** A staging area, a warehouse and an engine in a folder, for tests of what reads sources. */
public final class StagedWarehouse implements AutoCloseable {
  private static final long MEMORY = 512L << 20;
  private static final long DISK = 1L << 30;

  private final Metadata metadata = Servers.newMetadata();
  private final Warehouse warehouse;
  private final DuckDbEngine engine;
  private final StagingArea staging;

  public StagedWarehouse(Path folder) {
    warehouse = new Warehouse(metadata.jdbi(), "test", folder.resolve("warehouse"), new Disk());
    engine =
        new DuckDbEngine(
            new EngineSettings(
                MEMORY,
                2,
                folder.resolve("spill"),
                DISK,
                List.of(folder.resolve("warehouse"), folder.resolve("staging"))),
            warehouse);
    staging = new StagingArea(folder.resolve("staging"));
  }

  public StagingArea staging() {
    return staging;
  }

  public DuckDbEngine engine() {
    return engine;
  }

  public Warehouse warehouse() {
    return warehouse;
  }

  /** Loads batches that hold whole streams, and publishes them together. */
  public void load(String run, List<BatchManifest> batches) {
    for (BatchManifest batch : batches) {
      List<Column> columns = batch.columns().stream().map(StagedColumn::column).toList();
      StagedTable table =
          warehouse.stage(run, new TableName(batch.source(), batch.stream()), columns);
      try (Reading reading = staging.reading()) {
        if (batch.isOneMoment()) {
          engine.fill(
              table, BatchFile.here(reading.parts(batch)), Optional.empty(), new Cancellation());
        } else {
          engine.fill(
              table, corrected(batch, columns, reading), Optional.empty(), new Cancellation());
        }
      }
    }
    warehouse.publish(run);
  }

  private static Merge corrected(BatchManifest batch, List<Column> columns, Reading reading) {
    return new Merge(
        Optional.empty(),
        batch.primaryKey(),
        Merge.Versions.LATEST,
        List.of(
            new Merge.Step(
                BatchFile.here(reading.parts(batch)),
                BatchFile.here(reading.changes(batch)),
                columns,
                Optional.empty(),
                true,
                batch.startedAt())));
  }

  /** The first value of a query's result, as text. */
  public String value(String sql) {
    Rows rows = new Rows();
    engine.run(sql, ReadView.PUBLISHED, new Cancellation(), rows);
    return String.valueOf(rows.all().get(0)[0]);
  }

  @Override
  public void close() {
    engine.close();
    metadata.close();
  }
}
