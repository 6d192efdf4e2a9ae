package io.ecluse.staging;

import java.util.List;

/**
 * Rows of the source that could not land, because a value in them has no place in a table.
 *
 * @param rows how many
 * @param examples the first of them
 */
public record Rejected(long rows, List<Row> examples) {
  /** How many of them are described. */
  public static final int MOST_EXAMPLES = 100;

  public static final Rejected NONE = new Rejected(0, List.of());

  public Rejected {
    examples = List.copyOf(examples);
  }

  /**
   * @param key the row's primary key, {@code id = 5}; its values in hexadecimal where they are no
   *     numbers or texts; empty if the table has none
   * @param reason which column holds what, without the value
   */
  public record Row(String key, String reason) {
    @Override
    public String toString() {
      return (key.isEmpty() ? "" : key + ": ") + reason;
    }
  }
}
