package io.ecluse.staging;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Rows of the source that could not land, because a value in them has no place in a table.
 *
 * @param rows how many
 * @param examples the first of them
 */
public record Rejected(long rows, List<Row> examples) {
  /** How many of them are described. */
  public static final int MOST_EXAMPLES = 1_000;

  public static final Rejected NONE = new Rejected(0, List.of());

  public Rejected {
    examples = List.copyOf(examples);
  }

  /**
   * @param key the row's primary key, each column's value as the source would write it; empty if
   *     the table has none
   * @param reason which column holds what, without the value
   */
  public record Row(Map<String, String> key, String reason) {
    public Row {
      key = Collections.unmodifiableMap(new LinkedHashMap<>(key));
    }

    @Override
    public String toString() {
      return key.entrySet().stream()
              .map(e -> e.getKey() + " = " + e.getValue())
              .collect(Collectors.joining(", ", "", key.isEmpty() ? "" : ": "))
          + reason;
    }
  }
}
