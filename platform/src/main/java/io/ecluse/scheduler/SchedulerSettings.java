package io.ecluse.scheduler;

import io.ecluse.error.ErrorCode;
import java.time.Duration;

/**
 * @param environment whose runs these are
 * @param workers most tasks at a time in this process; 0 to start and watch runs only
 * @param turn when this process takes tasks, if it has workers
 * @param poll how often to look for what nobody told us of: a process that died, a missed
 *     notification
 * @param keepRuns how many ended runs of a DAG are kept
 */
public record SchedulerSettings(
    String environment, int workers, Turn turn, Duration poll, int keepRuns) {
  public static final Duration DEFAULT_POLL = Duration.ofMillis(500);
  public static final int DEFAULT_KEEP_RUNS = 1_000;

  /** When a process takes tasks. */
  public enum Turn {
    /** As long as it lives, beside others that do. */
    ALWAYS,
    /** Once no other process that takes tasks is alive; until then it waits and watches. */
    WHEN_NOBODY_ELSE
  }

  public SchedulerSettings {
    if (workers < 0 || workers > 512) {
      throw ErrorCode.INVALID_USAGE.error("Scheduler workers must be 0 to 512, but got " + workers);
    }
  }

  public SchedulerSettings(String environment, int workers, Turn turn) {
    this(environment, workers, turn, DEFAULT_POLL, DEFAULT_KEEP_RUNS);
  }
}
