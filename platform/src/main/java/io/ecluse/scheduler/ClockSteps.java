package io.ecluse.scheduler;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Notices that the clock was set, by comparing it with the time that has passed, and moves what was
 * decided along: a retry comes after the delay that was decided, a run has the time that it was
 * given. Called by one thread, at least every few seconds.
 */
final class ClockSteps {
  private static final Logger LOG = LoggerFactory.getLogger(ClockSteps.class);

  /** Less is drift, or a slow turn. */
  private static final Duration NOTICEABLE = Duration.ofSeconds(5);

  private final String environment;
  private final Time time;
  private Instant wall;
  private long nanos;
  private Duration noticed = Duration.ZERO;
  private boolean looked;

  ClockSteps(String environment, Time time) {
    this.environment = environment;
    this.time = time;
    this.wall = time.clock().instant();
    this.nanos = time.nanos().getAsLong();
  }

  /** Looks at both clocks. Returns whether there is a step that {@link #hold} has to see to. */
  boolean look() {
    Instant wallNow = time.clock().instant();
    long nanosNow = time.nanos().getAsLong();
    Duration step = Duration.between(wall, wallNow).minusNanos(nanosNow - nanos);
    wall = wallNow;
    nanos = nanosNow;
    if (step.abs().compareTo(NOTICEABLE) >= 0) {
      noticed = noticed.plus(step);
    }
    return !noticed.isZero();
  }

  /**
   * Moves what was decided along with the clock, once for all processes that notice the step.
   * Returns what to tell of it.
   */
  Optional<String> hold(Handle handle, Instant now) {
    if (!looked) {
      mend(handle, now);
      looked = true;
    }
    if (noticed.isZero()) {
      return Optional.empty();
    }
    Duration step = noticed;
    if (isFirst(handle, step, now)) {
      move(handle, step);
    }
    return Optional.of(
        "The clock of this machine was set %s by %d s; delays and time limits go on as they were decided"
            .formatted(step.isNegative() ? "back" : "forward", step.abs().toSeconds()));
  }

  /** What {@link #hold} did is committed. */
  void held() {
    if (!noticed.isZero()) {
      LOG.warn(
          "The clock of this machine was set {} by {} s; delays and time limits go on as they were decided, schedules follow the clock",
          noticed.isNegative() ? "back" : "forward",
          noticed.abs().toSeconds());
      noticed = Duration.ZERO;
    }
  }

  /** The sum of the steps that were noticed after a time; not less than nothing. */
  static Duration forward(Handle handle, String environment, Instant since) {
    return handle
        .createQuery(
            "SELECT greatest(0, coalesce(sum(step_ms), 0))::bigint FROM clock_step WHERE environment = :e AND noticed_at > :since")
        .bind("e", environment)
        .bind("since", since)
        .mapTo(Long.class)
        .map(Duration::ofMillis)
        .one();
  }

  private boolean isFirst(Handle handle, Duration step, Instant now) {
    boolean known =
        handle
            .createQuery(
                """
                SELECT EXISTS (SELECT 1 FROM clock_step WHERE environment = :e
                  AND abs(step_ms - :step) <= 5000
                  AND noticed_at BETWEEN :now - interval '1 minute' AND :now + interval '1 minute')
                """)
            .bind("e", environment)
            .bind("step", step.toMillis())
            .bind("now", now)
            .mapTo(Boolean.class)
            .one();
    return !known
        && handle
                .createUpdate(
                    """
                    INSERT INTO clock_step (environment, noticed_at, step_ms) VALUES (:e, :now, :step)
                    ON CONFLICT DO NOTHING
                    """)
                .bind("e", environment)
                .bind("now", now)
                .bind("step", step.toMillis())
                .execute()
            == 1;
  }

  private void move(Handle handle, Duration step) {
    handle
        .createUpdate(
            """
            UPDATE task_instance t SET next_at = next_at + :step * interval '1 millisecond',
              ended_at = t.ended_at + :step * interval '1 millisecond',
              deadline = t.deadline + :step * interval '1 millisecond'
            FROM run r WHERE r.id = t.run_id AND r.environment = :e AND t.state IN ('retrying', 'waiting')
            """)
        .bind("step", step.toMillis())
        .bind("e", environment)
        .execute();
    handle
        .createUpdate(
            """
            UPDATE run SET deadline = deadline + :step * interval '1 millisecond'
            WHERE environment = :e AND state = 'running'
            """)
        .bind("step", step.toMillis())
        .bind("e", environment)
        .execute();
  }

  /** Of a clock that was set back while no process looked: what was decided later than now. */
  private void mend(Handle handle, Instant now) {
    handle
        .createUpdate(
            """
            UPDATE task_instance t SET next_at = :now + (next_at - t.ended_at), ended_at = :now,
              deadline = :now + (t.deadline - t.ended_at)
            FROM run r WHERE r.id = t.run_id AND r.environment = :e AND t.state IN ('retrying', 'waiting')
              AND t.ended_at > :now + interval '1 minute'
            """)
        .bind("now", now)
        .bind("e", environment)
        .execute();
    handle
        .createUpdate(
            """
            UPDATE run SET deadline = :now + timeout_ms * interval '1 millisecond'
            WHERE environment = :e AND state = 'running'
              AND deadline > :now + timeout_ms * interval '1 millisecond' + interval '1 minute'
            """)
        .bind("now", now)
        .bind("e", environment)
        .execute();
  }
}
