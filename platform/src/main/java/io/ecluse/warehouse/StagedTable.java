package io.ecluse.warehouse;

import io.ecluse.error.EcluseException;
import io.ecluse.error.ErrorCode;
import io.ecluse.schema.Layout;
import io.ecluse.schema.TableName;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.apache.iceberg.BaseTable;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.DataFiles;
import org.apache.iceberg.DeleteFile;
import org.apache.iceberg.FileFormat;
import org.apache.iceberg.FileMetadata;
import org.apache.iceberg.FileScanTask;
import org.apache.iceberg.OverwriteFiles;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.RowDelta;
import org.apache.iceberg.SnapshotRef;
import org.apache.iceberg.SnapshotUpdate;
import org.apache.iceberg.expressions.Expressions;

/**
 * A table that a run is writing: write Parquet files with these field ids into this folder, then
 * say which. Until the run is published, only the run sees them. Used by one thread.
 */
public final class StagedTable implements AutoCloseable {
  private final TableName name;
  private final String runId;
  private final RunTableOperations operations;
  private final Place place;
  private final Consumer<String> stage;
  private final Optional<Long> begun;

  /**
   * Where the files go.
   *
   * @param io knows where files are now
   * @param drafts what must be settled before it is staged
   * @param data folder of the data
   */
  record Place(StorageFileIO io, Drafts drafts, Path data) {}

  /**
   * @param operations that write by way of {@link Place#drafts}
   * @param stage takes the name of the metadata
   */
  StagedTable(
      TableName name,
      String runId,
      RunTableOperations operations,
      Place place,
      Consumer<String> stage) {
    this.name = name;
    this.runId = runId;
    this.operations = operations;
    this.place = place;
    this.stage = stage;
    this.begun =
        Optional.ofNullable(operations.current().ref(Warehouse.branch(runId)))
            .map(SnapshotRef::snapshotId);
  }

  /** From now on, what is sent elsewhere is cut off once nobody waits for it any more. */
  public void until(BooleanSupplier nobodyWaits) {
    place.drafts().until(nobodyWaits);
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
    return place.data();
  }

  /** What rows in one file must have in common, in the order of {@link WrittenFile#parts()}. */
  public List<Layout.Part> partition() {
    return IcebergLayout.partition(operations.current().spec());
  }

  /** The order of rows within what is written at once. */
  public List<Layout.Order> sort() {
    return IcebergLayout.sort(operations.current().sortOrder(), operations.current().schema());
  }

  /**
   * The files of the state that the run began from.
   *
   * @param read the same, as it was read
   * @throws EcluseException STAGE_CHANGED if another was published in between
   */
  public BaseFiles base(TableSnapshot read) {
    requireFrom(read);
    return new BaseFiles(iceberg(), read, place.io());
  }

  /**
   * Stages the table as the run began from it, in the columns that it has now, for another engine
   * to go on with.
   *
   * @param read the same, as it was read
   * @throws EcluseException STAGE_CHANGED as of {@link #base}
   */
  public void keep(TableSnapshot read) {
    requireFrom(read);
    commit(iceberg().newRowDelta(), Optional.empty());
  }

  /**
   * Goes on only if that is the state that the run began from.
   *
   * @throws EcluseException STAGE_CHANGED if another was published in between
   */
  public void requireFrom(TableSnapshot read) {
    if (!begun.equals(Optional.of(read.id()))) {
      throw ErrorCode.STAGE_CHANGED.error(
          "%s was published by another run while this one began to write it; try again"
              .formatted(name));
    }
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

  /**
   * Changes some rows of the table, for this run.
   *
   * @param base whose files these are
   */
  public void change(BaseFiles base, RowChange change, Optional<String> batch) {
    RowDelta delta = iceberg().newRowDelta();
    change.added().forEach(f -> delta.addRows(dataFile(f)));
    for (String location : change.removed()) {
      delta.removeRows(base.task(location).file());
      base.task(location).deletes().stream()
          .filter(Snapshots::isOfOneFile)
          .forEach(delta::removeDeletes);
    }
    for (RowChange.Deletes deletes : change.deleted()) {
      FileScanTask task = base.task(deletes.dataFile());
      task.deletes().forEach(delta::removeDeletes);
      delta.addDeletes(deleteFile(task, deletes));
    }
    commit(delta, batch);
  }

  private BaseTable iceberg() {
    return new BaseTable(operations, name.toString());
  }

  private <U extends SnapshotUpdate<U>> void commit(U update, Optional<String> batch) {
    update.toBranch(Warehouse.branch(runId));
    update.set(Warehouse.RUN_ID, runId);
    update.set(Warehouse.WRITER, Warehouse.OURS);
    batch.ifPresent(b -> update.set(Warehouse.BATCH, b));
    update.commit();
    String metadata = place.io().name(operations.write());
    place.drafts().settle();
    stage.accept(metadata);
  }

  private DataFile dataFile(WrittenFile file) {
    PartitionSpec spec = operations.current().spec();
    DataFiles.Builder builder =
        DataFiles.builder(spec)
            .withPath(place.drafts().add(file.path()))
            .withFormat(FileFormat.PARQUET)
            .withFileSizeInBytes(file.bytes())
            .withMetrics(FileMetrics.of(file, operations.current().schema()));
    if (spec.isPartitioned()) {
      builder.withPartition(IcebergLayout.values(spec, file.parts()));
    }
    return builder.build();
  }

  private DeleteFile deleteFile(FileScanTask task, RowChange.Deletes deletes) {
    FileMetadata.Builder builder =
        FileMetadata.deleteFileBuilder(task.spec())
            .ofPositionDeletes()
            .withPath(place.drafts().add(deletes.path()))
            .withFormat(FileFormat.PARQUET)
            .withFileSizeInBytes(deletes.bytes())
            .withReferencedDataFile(task.file().location())
            .withMetrics(FileMetrics.ofDeletes(deletes.rows(), task.file().location()));
    if (task.spec().isPartitioned()) {
      builder.withPartition(task.partition());
    }
    return builder.build();
  }

  /** Forgets what was written and is not staged; what is staged stays. */
  @Override
  public void close() {
    place.drafts().close();
  }
}
