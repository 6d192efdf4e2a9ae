package io.ecluse.warehouse;

import io.ecluse.schema.TableName;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * One state of a table or view, for ever the same: which files hold it and how to read them.
 *
 * @param batch the newest batch of staging that is in it; empty if none is known
 * @param columns as they were in this state
 * @param files the data files
 * @param runId the run that made it; empty if another engine did
 * @param view what to read instead of files, if it is a view
 */
public record TableSnapshot(
    TableName table,
    long id,
    Instant at,
    Optional<String> runId,
    Optional<String> batch,
    List<TableColumn> columns,
    List<DataFile> files,
    Optional<ViewQuery> view) {
  public TableSnapshot {
    columns = List.copyOf(columns);
    files = List.copyOf(files);
  }

  /** Rows that are there, deleted ones left out. */
  public long rows() {
    return files.stream().mapToLong(f -> f.rows() - f.deletedPositions().size()).sum();
  }

  public long bytes() {
    return files.stream().mapToLong(DataFile::bytes).sum();
  }

  /**
   * @param path of a Parquet file with field ids
   * @param deletedPositions rows, counted from 0, that another engine has deleted since
   * @param fit whether its columns are surely those of the snapshot, by name, type and order;
   *     otherwise they must be found by their field ids
   */
  public record DataFile(
      String path, long rows, long bytes, List<Long> deletedPositions, boolean fit) {
    public DataFile {
      deletedPositions = List.copyOf(deletedPositions);
    }
  }
}
