package io.ecluse.engine;

import java.util.List;

/**
 * The first rows of a query, and how many it has in all.
 *
 * @param first values as {@link RowReader} has them
 */
public record Sample(long rows, List<Object[]> first) {
  public Sample {
    first = List.copyOf(first);
  }
}
