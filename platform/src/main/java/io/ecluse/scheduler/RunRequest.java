package io.ecluse.scheduler;

import io.ecluse.pipeline.Dag;
import java.time.Instant;
import java.util.Set;
import java.util.TreeSet;

/**
 * A run that is wanted.
 *
 * @param dag as it is now; the run keeps it
 * @param exclusiveKeys what the run writes: of two runs that share a key, the second waits
 */
public record RunRequest(Dag dag, Trigger trigger, Instant logicalTime, Set<String> exclusiveKeys) {
  public RunRequest {
    exclusiveKeys = java.util.Collections.unmodifiableSet(new TreeSet<>(exclusiveKeys));
  }
}
