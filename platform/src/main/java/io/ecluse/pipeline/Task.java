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
 * @param queue from which processes take it, of which each may take from some alone
 */
public record Task(
    String id, Work work, Set<String> upstream, RetryPolicy retry, Duration timeout, String queue) {
  /** That of tasks of which nothing is said. */
  public static final String DEFAULT_QUEUE = "default";

  public static final Duration DEFAULT_TIMEOUT = Duration.ofHours(1);

  public Task {
    Checks.name("id of a task", id);
    upstream = Collections.unmodifiableSet(new LinkedHashSet<>(upstream));
    Checks.positive("timeout of task", id, timeout);
    Checks.name("queue of a task", queue);
  }

  /** A task of the queue of those of which nothing is said. */
  public Task(String id, Work work, Set<String> upstream, RetryPolicy retry, Duration timeout) {
    this(id, work, upstream, retry, timeout, DEFAULT_QUEUE);
  }

  /** A task with the default retries and timeout. */
  public static Task of(String id, Work work, Set<String> upstream) {
    return new Task(id, work, upstream, RetryPolicy.DEFAULT, DEFAULT_TIMEOUT);
  }
}
