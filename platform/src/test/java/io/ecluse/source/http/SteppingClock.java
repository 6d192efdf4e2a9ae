package io.ecluse.source.http;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;

/** A clock that goes on only when somebody waits, and remembers how long they did. */
final class SteppingClock extends Clock implements Pacing.Waiting {
  private final List<Duration> waits = new CopyOnWriteArrayList<>();
  private volatile Instant now = Instant.parse("2026-03-01T10:00:00Z");

  List<Duration> waits() {
    return List.copyOf(waits);
  }

  @Override
  public void await(Duration time, CountDownLatch until) {
    waits.add(time);
    now = now.plus(time);
  }

  @Override
  public Instant instant() {
    return now;
  }

  @Override
  public ZoneId getZone() {
    return ZoneOffset.UTC;
  }

  @Override
  public Clock withZone(ZoneId zone) {
    return this;
  }
}
