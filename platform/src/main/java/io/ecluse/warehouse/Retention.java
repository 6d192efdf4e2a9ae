package io.ecluse.warehouse;

import io.ecluse.schema.Effect;
import java.time.Instant;
import java.util.Set;

/**
 * What of a warehouse may go.
 *
 * @param statesBefore states of tables that readers saw last before this time; the last {@link
 *     #LEAST_STATES} of each table stay however old they are
 * @param filesBefore files that nothing refers to, if they were written before this time; it must
 *     leave every writer the time to say what it wrote
 * @param activeRuns runs that go on: whatever they wrote stays
 * @param overRuns runs that ended without publishing: what they wrote is forgotten
 */
public record Retention(
    Instant statesBefore,
    Instant filesBefore,
    Set<String> activeRuns,
    Set<String> overRuns,
    Effect effect) {
  /** How many states of a table stay in any case. */
  public static final int LEAST_STATES = 5;

  public Retention {
    activeRuns = Set.copyOf(activeRuns);
    overRuns = Set.copyOf(overRuns);
  }
}
