package io.ecluse.warehouse;

import io.ecluse.schema.TableName;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

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
    return files.stream().mapToLong(f -> f.rows() - f.deleted().rows()).sum();
  }

  public long bytes() {
    return files.stream().mapToLong(DataFile::bytes).sum();
  }

  /** The same state, of which only these files are known. */
  public TableSnapshot of(List<DataFile> some) {
    return new TableSnapshot(table, id, at, runId, batch, columns, some, view);
  }

  /** The same rows, with these columns alone, in other files. */
  public TableSnapshot in(List<TableColumn> some, List<DataFile> others) {
    return new TableSnapshot(table, id, at, runId, batch, some, others, view);
  }

  /** All files that must be opened to read it. */
  public List<String> paths() {
    List<String> paths = new ArrayList<>();
    for (DataFile file : files) {
      paths.add(file.path());
      file.deleted().file().ifPresent(paths::add);
    }
    return paths;
  }

  /**
   * @param path of a Parquet file with field ids; its name within the warehouse, until it is {@link
   *     TableFiles here}, if that is elsewhere
   * @param deleted rows of it that are not in the table any more
   * @param fit whether its columns are surely those of the snapshot, by name, type and order;
   *     otherwise they must be found by their field ids
   */
  public record DataFile(String path, long rows, long bytes, Deleted deleted, boolean fit) {
    /** A file on this machine that has just the columns of a snapshot. */
    public static DataFile whole(Path file, long rows, long bytes) {
      return new DataFile(file.toString(), rows, bytes, Deleted.NONE, true);
    }

    /** The same once it has lost these rows. */
    public DataFile without(RowChange.Deletes lost) {
      return new DataFile(path, rows, bytes, Deleted.in(lost.path().toString(), lost.rows()), fit);
    }

    /** The same under other paths. */
    DataFile at(UnaryOperator<String> paths) {
      Deleted there = new Deleted(deleted.rows(), deleted.file().map(paths), deleted.positions());
      return new DataFile(paths.apply(path), rows, bytes, there, fit);
    }
  }

  /**
   * Rows of a data file that are not in the table any more: in a file of their own, or listed.
   *
   * @param rows how many
   * @param file a Parquet file that names no others, with their positions, counted from 0, in a
   *     column {@code pos}
   * @param positions those that are in no such file
   */
  public record Deleted(long rows, Optional<String> file, List<Long> positions) {
    static final Deleted NONE = new Deleted(0, Optional.empty(), List.of());

    public Deleted {
      positions = List.copyOf(positions);
    }

    static Deleted in(String file, long rows) {
      return new Deleted(rows, Optional.of(file), List.of());
    }

    static Deleted at(List<Long> positions) {
      return new Deleted(positions.size(), Optional.empty(), positions);
    }
  }
}
