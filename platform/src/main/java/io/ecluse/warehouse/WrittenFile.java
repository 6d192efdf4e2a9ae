package io.ecluse.warehouse;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A Parquet file that was written for a table and is not part of it yet.
 *
 * @param columns what the writer counted, by column name
 * @param parts of each of the table's {@linkplain StagedTable#partition() parts} the value that all
 *     rows have in common, as SQL text; empty for NULL
 */
public record WrittenFile(
    Path path,
    long rows,
    long bytes,
    Map<String, ColumnStatistics> columns,
    List<Optional<String>> parts) {
  public WrittenFile {
    columns = Map.copyOf(columns);
    parts = List.copyOf(parts);
  }
}
