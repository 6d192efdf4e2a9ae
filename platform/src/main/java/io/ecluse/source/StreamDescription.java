package io.ecluse.source;

import io.ecluse.staging.StagedColumn;
import java.util.List;

/**
 * What a source says of one of its streams.
 *
 * @param columns in the source's order
 * @param estimatedRows as the source's own statistics have it; -1 if it has none
 * @param bytes size in the source, indexes left out
 */
public record StreamDescription(
    String name, List<StagedColumn> columns, long estimatedRows, long bytes) {
  public StreamDescription {
    columns = List.copyOf(columns);
  }
}
