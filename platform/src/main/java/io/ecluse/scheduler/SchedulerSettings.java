package io.ecluse.scheduler;

import io.ecluse.error.ErrorCode;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * @param environment whose runs these are
 * @param workers most tasks at a time in this process; 0 to start and watch runs only
 * @param turn when this process takes tasks, if it has workers
 * @param poll how often to look for what nobody told us of: a process that died, a missed
 *     notification
 * @param keepRuns how many ended runs of a DAG are kept
 * @param queues from which this process takes tasks; empty for all
 */
public record SchedulerSettings(
    String environment, int workers, Turn turn, Duration poll, int keepRuns, Set<String> queues) {
  /** Names of queues, with commas between: from these alone a process takes tasks. */
  public static final String QUEUES = "ECLUSE_QUEUES";

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
    queues = Set.copyOf(queues);
    if (workers < 0 || workers > 512) {
      throw ErrorCode.INVALID_USAGE.error("Scheduler workers must be 0 to 512, but got " + workers);
    }
  }

  /** Of a process that takes tasks of all queues. */
  public SchedulerSettings(
      String environment, int workers, Turn turn, Duration poll, int keepRuns) {
    this(environment, workers, turn, poll, keepRuns, Set.of());
  }

  public SchedulerSettings(String environment, int workers, Turn turn) {
    this(environment, workers, turn, Map.of());
  }

  /**
   * @param variables environment variables, of which {@link #QUEUES} may say whose tasks to take
   */
  public SchedulerSettings(
      String environment, int workers, Turn turn, Map<String, String> variables) {
    this(environment, workers, turn, DEFAULT_POLL, DEFAULT_KEEP_RUNS, queues(variables));
  }

  private static Set<String> queues(Map<String, String> variables) {
    return Stream.of(variables.getOrDefault(QUEUES, "").split(","))
        .map(String::strip)
        .filter(queue -> !queue.isEmpty())
        .collect(Collectors.toSet());
  }
}
