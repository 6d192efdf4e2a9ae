package io.ecluse.warehouse;

import io.ecluse.schema.Layout;
import java.util.Map;
import java.util.Optional;

/**
 * A data file of a table, and what of some columns may be in it.
 *
 * @param number of the file in its snapshot, from 0
 * @param location how Iceberg names it
 * @param spread what tells apart files that may become one: their partition
 * @param bounds of the columns that were asked for; those of which nothing is known are missing
 * @param parts by what it was partitioned, and the value that its rows have in common, as SQL text;
 *     empty for NULL
 */
public record FileReach(
    int number,
    TableSnapshot.DataFile file,
    String location,
    String spread,
    Map<String, Bounds> bounds,
    Map<Layout.Part, Optional<String>> parts) {
  public FileReach {
    bounds = Map.copyOf(bounds);
    parts = Map.copyOf(parts);
  }

  /** The same, read from elsewhere. */
  public FileReach with(TableSnapshot.DataFile here) {
    return new FileReach(number, here, location, spread, bounds, parts);
  }

  /**
   * Between what the values of a column are, as SQL text.
   *
   * @param least no value is less; empty if that is not known
   * @param most no value is more; likewise
   * @param nulls whether some may be NULL
   */
  public record Bounds(Optional<String> least, Optional<String> most, Nulls nulls) {
    /** Whether there is a NULL. */
    public enum Nulls {
      MAYBE,
      NONE
    }
  }
}
