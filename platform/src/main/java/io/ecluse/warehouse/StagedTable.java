package io.ecluse.warehouse;

import io.ecluse.schema.TableName;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import org.apache.iceberg.BaseTable;
import org.apache.iceberg.DataFiles;
import org.apache.iceberg.FileFormat;
import org.apache.iceberg.OverwriteFiles;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.Schema;
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
  private final Consumer<String> stage;

  StagedTable(
      TableName name,
      String runId,
      RunTableOperations operations,
      Path dataFolder,
      Consumer<String> stage) {
    this.name = name;
    this.runId = runId;
    this.operations = operations;
    this.dataFolder = dataFolder;
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
    String branch = Warehouse.branch(runId);
    Schema schema = operations.current().schema();
    OverwriteFiles overwrite =
        new BaseTable(operations, name.toString())
            .newOverwrite()
            .overwriteByRowFilter(Expressions.alwaysTrue())
            .toBranch(branch)
            .set(Warehouse.RUN_ID, runId)
            .set(Warehouse.WRITER, Warehouse.DUCKDB);
    for (WrittenFile file : files) {
      overwrite.addFile(
          DataFiles.builder(PartitionSpec.unpartitioned())
              .withPath(file.path().toString())
              .withFormat(FileFormat.PARQUET)
              .withFileSizeInBytes(file.bytes())
              .withMetrics(FileMetrics.of(file, schema))
              .build());
    }
    overwrite.commit();
    stage.accept(operations.write());
  }
}
