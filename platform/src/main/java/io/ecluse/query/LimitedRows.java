package io.ecluse.query;

import io.ecluse.engine.RowReader;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/** Keeps rows for a page: as many as are wanted, or as fit. */
final class LimitedRows implements RowReader {
  private static final long MOST_BYTES = 8L << 20;
  private static final int BESIDE = 16;

  private final int most;
  private final List<Object[]> all = new ArrayList<>();
  private List<String> names = List.of();
  private List<String> types = List.of();
  private long bytes;

  /**
   * @param most rows
   */
  LimitedRows(int most) {
    this.most = most;
  }

  @Override
  public void columns(List<String> columnNames, List<String> columnTypes) {
    names = List.copyOf(columnNames);
    types = List.copyOf(columnTypes);
  }

  @Override
  public boolean row(Object[] values) {
    all.add(values);
    for (Object value : values) {
      bytes += size(value);
    }
    return all.size() < most && bytes < MOST_BYTES;
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

  List<String> names() {
    return names;
  }

  List<String> types() {
    return types;
  }

  /** About what the rows take in memory. */
  long bytes() {
    return bytes;
  }

  /** The rows so far. */
  List<Object[]> all() {
    return all;
  }
}
