package io.ecluse.staging;

import io.ecluse.schema.Effect;
import java.time.Instant;
import java.util.Set;

/**
 * Which batches may go. The newest of each stream stays, and those of runs that go on.
 *
 * @param endedBefore batches whose extract ended before this time
 * @param leftBefore what extracts left without a manifest and last wrote to before this time
 * @param activeRuns runs that go on
 * @param wanted extracts whose batches a table still lacks
 */
public record BatchExpiry(
    Instant endedBefore,
    Instant leftBefore,
    Set<String> activeRuns,
    Set<String> wanted,
    Effect effect) {
  public BatchExpiry {
    activeRuns = Set.copyOf(activeRuns);
    wanted = Set.copyOf(wanted);
  }
}
