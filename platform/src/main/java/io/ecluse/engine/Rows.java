package io.ecluse.engine;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Keeps the rows of a query, as many as are wanted. For results that are known to be small. */
public final class Rows implements RowReader {
  private final int most;
  private final List<Object[]> all = new ArrayList<>();
  private List<String> names = List.of();
  private List<String> types = List.of();

  /** Keeps every row. */
  public Rows() {
    this(Integer.MAX_VALUE);
  }

  /**
   * @param most rows, after which the query need not go on
   */
  public Rows(int most) {
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
    return all.size() < most;
  }

  public List<String> names() {
    return names;
  }

  public List<String> types() {
    return types;
  }

  /** The rows so far. */
  public List<Object[]> all() {
    return Collections.unmodifiableList(all);
  }
}
