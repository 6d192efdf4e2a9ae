package io.ecluse.query;

import io.ecluse.engine.RowReader;
import io.ecluse.engine.Rows;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/** Keeps rows for a page: as many as are wanted, or as fit. */
final class LimitedRows implements RowReader {
  private static final long MOST_BYTES = 8L << 20;
  private static final int BESIDE = 16;

  private final Rows kept;
  private long bytes;

  /**
   * @param most rows
   */
  LimitedRows(int most) {
    kept = new Rows(most);
  }

  @Override
  public void columns(List<String> columnNames, List<String> columnTypes) {
    kept.columns(columnNames, columnTypes);
  }

  @Override
  public boolean row(Object[] values) {
    for (Object value : values) {
      bytes += size(value);
    }
    return kept.row(values) && bytes < MOST_BYTES;
  }

  private static long size(Object value) {
    if (value instanceof String text) {
      return BESIDE + text.length();
    } else if (value instanceof byte[] block) {
      return BESIDE + 2L * block.length;
    } else if (value instanceof Collection<?> list) {
      return list.stream().mapToLong(LimitedRows::size).sum();
    } else if (value instanceof Map<?, ?> map) {
      return map.keySet().stream().mapToLong(LimitedRows::size).sum() + size(map.values());
    }
    return BESIDE;
  }

  /** About what the rows take in memory. */
  long bytes() {
    return bytes;
  }

  /** The rows so far. */
  Rows kept() {
    return kept;
  }
}
