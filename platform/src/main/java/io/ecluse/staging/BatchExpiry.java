package io.ecluse.staging;

import java.time.Instant;
import java.util.Set;

/**
 * Which batches may go. The newest of each stream stays, and those of runs that go on.
 *
 * @param endedBefore batches whose extract ended before this time
 * @param leftBefore what extracts left without a manifest and last wrote to before this time
 * @param activeRuns runs that go on
 */
public record BatchExpiry(
    Instant endedBefore, Instant leftBefore, Set<String> activeRuns, Effect effect) {
  /** Whether anything happens. */
  public enum Effect {
    REMOVE,
    /** Tell what would be removed, and touch nothing. */
    TELL
  }

  public BatchExpiry {
    activeRuns = Set.copyOf(activeRuns);
  }
}
