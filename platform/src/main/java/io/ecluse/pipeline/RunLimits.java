package io.ecluse.pipeline;

import java.time.Duration;

/** What one run may use: how many of its tasks at once, and how long it may take in all. */
public record RunLimits(int maxParallelTasks, Duration timeout) {
  public static final RunLimits DEFAULT = new RunLimits(4, Duration.ofHours(6));

  public RunLimits {
    Checks.atLeast("max_parallel_tasks", 1, maxParallelTasks);
    Checks.positive("timeout of", "a run", timeout);
  }
}
