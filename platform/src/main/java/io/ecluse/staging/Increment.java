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
 * @param moment the moment in which {@code to} was the highest, in the source's own words: what was
 *     not committed by then may come with a lower value; empty if the source cannot tell
 * @param counted how many rows the source had; empty if they were not counted by themselves
 */
public record Increment(
    String cursor,
    Optional<String> from,
    Optional<String> to,
    Optional<String> previous,
    Optional<String> moment,
    Optional<Counted> counted) {
  /** Of a source that counts nothing and tells no moment. */
  public Increment(
      String cursor, Optional<String> from, Optional<String> to, Optional<String> previous) {
    this(cursor, from, to, previous, Optional.empty(), Optional.empty());
  }

  /**
   * Rows of the source, whether read or not.
   *
   * @param rows at the moment of the batch
   * @param before at the moment of the batch that it continues, if that is known
   */
  public record Counted(long rows, Optional<Long> before) {}

  /** The same, but that nobody knows how many rows the source had. */
  public Increment uncounted() {
    return new Increment(cursor, from, to, previous, moment, Optional.empty());
  }

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
