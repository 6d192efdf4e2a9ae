package io.ecluse.scheduler;

import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A task of a run, as it was when it was read.
 *
 * @param attempt the last try, from 1; 0 before the first
 * @param maxAttempts how often it is tried when it fails; tries that were lost with their process
 *     are not counted
 * @param nextAttemptAt when it is tried or looked at again, if it waits for that
 */
public record TaskState(
    String runId,
    String taskId,
    String kind,
    List<String> upstream,
    TaskProgress state,
    int attempt,
    int maxAttempts,
    Optional<Instant> startedAt,
    Optional<Instant> endedAt,
    Optional<Instant> nextAttemptAt,
    long rows,
    long bytes,
    Optional<Progress> progress,
    Optional<String> error,
    Map<String, String> facts) {
  /** The fact that names the {@link io.ecluse.error.ErrorCode} of a task that failed. */
  public static final String ERROR_CODE = "error_code";

  /** The fact that says why a task had nothing to do. */
  public static final String SKIPPED_BECAUSE = "skipped_because";

  public TaskState {
    upstream = List.copyOf(upstream);
    facts =
        Collections.unmodifiableMap(
            new TreeMap<>(facts)); // by name: what belongs together stands so
  }

  /** How far it is; {@code total} is 0 if nobody knows. */
  public record Progress(long done, long total) {}
}
