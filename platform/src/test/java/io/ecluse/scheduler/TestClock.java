package io.ecluse.scheduler;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;

/** A clock that stands still until a test lets time pass, or sets it. */
final class TestClock extends Clock {
  private volatile Instant now;
  private volatile long nanos;

  TestClock(Instant now) {
    this.now = now;
  }

  /** Time passes until then. */
  void set(Instant time) {
    forward(Duration.between(now, time));
  }

  /** Time passes. */
  void forward(Duration time) {
    now = now.plus(time);
    nanos += time.toNanos();
  }

  /** Somebody sets the clock: no time passes. */
  void step(Instant time) {
    now = time;
  }

  Time time() {
    return new Time(this, () -> nanos);
  }

  @Override
  public ZoneId getZone() {
    return ZoneOffset.UTC;
  }

  @Override
  public Clock withZone(ZoneId zone) {
    return this;
  }

  @Override
  public Instant instant() {
    return now;
  }
}
