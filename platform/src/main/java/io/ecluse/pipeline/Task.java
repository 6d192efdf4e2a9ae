package io.ecluse.pipeline;

import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * A node of a DAG.
 *
 * @param upstream ids of the tasks that must succeed before this one starts, in a stable order
 * @param timeout how long one attempt may take
 */
public record Task(
    String id, Work work, Set<String> upstream, RetryPolicy retry, Duration timeout) {
  public static final Duration DEFAULT_TIMEOUT = Duration.ofHours(1);

  public Task {
    Checks.name("id of a task", id);
    upstream = Collections.unmodifiableSet(new LinkedHashSet<>(upstream));
    Checks.positive("timeout of task", id, timeout);
  }

  /** A task with the default retries and timeout. */
  public static Task of(String id, Work work, Set<String> upstream) {
    return new Task(id, work, upstream, RetryPolicy.DEFAULT, DEFAULT_TIMEOUT);
  }
}
