package io.ecluse.warehouse;

import io.ecluse.schema.TableName;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.apache.iceberg.AppendFiles;
import org.apache.iceberg.BaseTable;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.DataFiles;
import org.apache.iceberg.FileFormat;
import org.apache.iceberg.OverwriteFiles;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.Schema;
import org.apache.iceberg.SnapshotUpdate;
import org.apache.iceberg.expressions.Expressions;

/**
 * A table that a run is writing: write Parquet files with these field ids into this folder, then
 * say which. Until the run is published, only the run sees them. Used by one thread.
 */
public final class StagedTable {
  private final TableName name;
  private final String runId;
  private final RunTableOperations operations;
  private final Path dataFolder;
  private final Set<Path> written;
  private final Consumer<String> stage;

  /**
   * @param operations that write their files down in {@code written}
   * @param written what must be on the disk before it is staged
   */
  StagedTable(
      TableName name,
      String runId,
      RunTableOperations operations,
      Path dataFolder,
      Set<Path> written,
      Consumer<String> stage) {
    this.name = name;
    this.runId = runId;
    this.operations = operations;
    this.dataFolder = dataFolder;
    this.written = written;
    this.stage = stage;
  }

  public TableName name() {
    return name;
  }

  /** The columns with the field ids that the files must carry. */
  public List<TableColumn> columns() {
    return IcebergTypes.columns(operations.current().schema());
  }

  /**
   * An empty folder for the files, made for this write alone; files left there unnamed are garbage.
   */
  public Path dataFolder() {
    return dataFolder;
  }

  /** Makes these files the whole content of the table, for this run. */
  public void replaceWith(List<WrittenFile> files) {
    replaceWith(files, Optional.empty());
  }

  /**
   * Makes these files the whole content of the table, for this run.
   *
   * @param batch the newest batch that is in them, so that the next load knows where to go on
   */
  public void replaceWith(List<WrittenFile> files, Optional<String> batch) {
    OverwriteFiles overwrite =
        iceberg().newOverwrite().overwriteByRowFilter(Expressions.alwaysTrue());
    files.forEach(f -> overwrite.addFile(dataFile(f)));
    commit(overwrite, batch);
  }

  /** Adds these files to what the table holds, for this run. */
  public void append(List<WrittenFile> files, Optional<String> batch) {
    AppendFiles append = iceberg().newAppend();
    files.forEach(f -> append.appendFile(dataFile(f)));
    commit(append, batch);
  }

  private BaseTable iceberg() {
    return new BaseTable(operations, name.toString());
  }

  private <U extends SnapshotUpdate<U>> void commit(U update, Optional<String> batch) {
    update.toBranch(Warehouse.branch(runId));
    update.set(Warehouse.RUN_ID, runId);
    update.set(Warehouse.WRITER, Warehouse.DUCKDB);
    batch.ifPresent(b -> update.set(Warehouse.BATCH, b));
    update.commit();
    stage.accept(operations.write());
  }

  private DataFile dataFile(WrittenFile file) {
    written.add(file.path());
    Schema schema = operations.current().schema();
    return DataFiles.builder(PartitionSpec.unpartitioned())
        .withPath(file.path().toString())
        .withFormat(FileFormat.PARQUET)
        .withFileSizeInBytes(file.bytes())
        .withMetrics(FileMetrics.of(file, schema))
        .build();
  }
}
