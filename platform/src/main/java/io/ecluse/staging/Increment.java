package io.ecluse.staging;

import java.util.List;
import java.util.Optional;

/**
 * How a batch continues the batch before it: the state of incremental reading, kept with the data
 * so that the two cannot drift apart.
 *
 * @param cursor the column whose values tell what is new
 * @param from the condition that was put to the source, in its own words; empty when all was read
 * @param to the highest value of the cursor in the source at that moment, as the source writes it;
 *     empty when there was none
 * @param previous the extract that this one continues; empty when all was read
 */
public record Increment(
    String cursor, Optional<String> from, Optional<String> to, Optional<String> previous) {
  /** Whether the batch holds every row of the source, so that nothing before it is needed. */
  public boolean isWhole() {
    return previous.isEmpty();
  }

  /** The primary keys of every row that the source had at the moment of a batch. */
  public record Keys(List<Part> parts) {
    public Keys {
      parts = List.copyOf(parts);
    }

    public long rows() {
      return parts.stream().mapToLong(Part::rows).sum();
    }
  }
}
