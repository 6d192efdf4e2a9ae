package io.ecluse.warehouse;

import java.nio.file.Path;
import java.util.Map;

/**
 * A Parquet file that was written for a table and is not part of it yet.
 *
 * @param columns what the writer counted, by column name
 */
public record WrittenFile(Path path, long rows, long bytes, Map<String, ColumnStatistics> columns) {
  public WrittenFile {
    columns = Map.copyOf(columns);
  }
}
