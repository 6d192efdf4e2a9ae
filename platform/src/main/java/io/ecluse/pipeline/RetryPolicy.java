package io.ecluse.pipeline;

import java.time.Duration;

/**
 * How often a failed task is tried again, and after how long: {@code delay}, then {@code backoff}
 * times longer each time, never longer than {@code maxDelay}.
 */
public record RetryPolicy(int retries, Duration delay, double backoff, Duration maxDelay) {
  public static final RetryPolicy DEFAULT =
      new RetryPolicy(2, Duration.ofSeconds(10), 2.0, Duration.ofMinutes(5));
  public static final RetryPolicy NEVER =
      new RetryPolicy(0, Duration.ofSeconds(10), 2.0, Duration.ofMinutes(5));

  public RetryPolicy {
    Checks.atLeast("retries", 0, retries);
    Checks.notNegative("retry_delay", delay);
    Checks.notNegative("retry_max_delay", maxDelay);
    if (!(backoff >= 1.0) || Double.isInfinite(backoff)) {
      throw Checks.invalid("retry_backoff must be a number of at least 1, but got " + backoff);
    }
  }

  /** The wait after the failure of the given attempt, the first attempt being 1. */
  public Duration delayAfter(int attempt) {
    Checks.atLeast("attempt", 1, attempt);
    double millis = delay.toMillis() * Math.pow(backoff, attempt - 1.0);
    return millis >= maxDelay.toMillis() ? maxDelay : Duration.ofMillis((long) millis);
  }

  /** How many times a task is tried in all. */
  public int maxAttempts() {
    return retries + 1;
  }
}
