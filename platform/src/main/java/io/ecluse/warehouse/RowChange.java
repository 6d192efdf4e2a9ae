package io.ecluse.warehouse;

import java.nio.file.Path;
import java.util.List;

/**
 * What a table gains and loses at once.
 *
 * @param added files of rows that it did not have
 * @param removed the locations of data files that it has no more, whose remaining rows are in
 *     {@code added}
 * @param deleted of data files that stay, all rows that are not in the table any more
 */
public record RowChange(List<WrittenFile> added, List<String> removed, List<Deletes> deleted) {
  public RowChange {
    added = List.copyOf(added);
    removed = List.copyOf(removed);
    deleted = List.copyOf(deleted);
  }

  /**
   * Rows that a data file loses, in a Parquet file as Iceberg wants it: {@code file_path} and
   * {@code pos}, in order. It takes the place of what the data file had of that kind.
   *
   * @param dataFile its location
   */
  public record Deletes(String dataFile, Path path, long rows, long bytes) {
    /** The field id of {@code file_path}, by Iceberg's specification. */
    public static final int FILE_PATH_ID = 2147483546;

    /** The field id of {@code pos}, by Iceberg's specification. */
    public static final int POSITION_ID = 2147483545;
  }
}
