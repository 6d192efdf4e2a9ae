package io.ecluse.source.http;

import io.ecluse.error.EcluseException;
import io.ecluse.error.ErrorCode;
import java.net.http.HttpHeaders;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * When the next request may go out: not before the pace allows it, and not before the API wants it.
 * Used by one thread; {@link #cancel} comes from others.
 */
final class Pacing {
  private static final Duration FIRST_BACK_OFF = Duration.ofSeconds(1);
  private static final Duration LONGEST_BACK_OFF = Duration.ofSeconds(30);

  /** From here on, a number of seconds is a moment rather than a time to wait. */
  private static final long A_MOMENT = 1_000_000_000;

  private final Optional<Duration> apart;
  private final Clock clock;
  private final Waiting waiting;
  private final CountDownLatch cancelled = new CountDownLatch(1);
  private Instant notBefore = Instant.MIN;

  /** Lets time pass. */
  interface Waiting {
    /** Waits, or less if the latch opens. */
    void await(Duration time, CountDownLatch until) throws InterruptedException;

    /** By the machine's clock. */
    static void real(Duration time, CountDownLatch until) throws InterruptedException {
      boolean ended = until.await(time.toMillis(), TimeUnit.MILLISECONDS);
      assert ended || until.getCount() > 0;
    }
  }

  Pacing(Optional<HttpSettings.Limits.Pace> pace, Clock clock, Waiting waiting) {
    this.apart = pace.map(HttpSettings.Limits.Pace::apart);
    this.clock = clock;
    this.waiting = waiting;
  }

  void cancel() {
    cancelled.countDown();
  }

  /**
   * Waits until a request may go out, and counts it.
   *
   * @throws EcluseException CANCELLED
   */
  void beforeRequest() {
    Duration left = left();
    if (!left.isZero()) {
      await(left);
    }
    check();
    Instant sent = clock.instant();
    apart.ifPresent(a -> notBefore = sent.plus(a));
  }

  /** How long it is until a request may go out. */
  Duration left() {
    Instant now = clock.instant();
    return notBefore.isAfter(now) ? Duration.between(now, notBefore) : Duration.ZERO;
  }

  /** Lets no request out for so long. */
  void hold(Duration time) {
    Instant until = clock.instant().plus(time);
    if (until.isAfter(notBefore)) {
      notBefore = until;
    }
  }

  /** How long to wait before trying for the n-th time again, if nobody says. */
  static Duration backOff(int attempt) {
    Duration wait = FIRST_BACK_OFF.multipliedBy(1L << Math.min(attempt - 1, 10));
    return wait.compareTo(LONGEST_BACK_OFF) > 0 ? LONGEST_BACK_OFF : wait;
  }

  /** What Retry-After asks for (RFC 9110, section 10.2.3): seconds, or a date. */
  Optional<Duration> retryAfter(HttpHeaders headers) {
    return headers.firstValue("Retry-After").map(String::strip).flatMap(this::time);
  }

  /**
   * How long nothing is left to ask for, by X-RateLimit-Remaining and -Reset or their names without
   * X; empty if something is left.
   */
  Optional<Duration> exhausted(HttpHeaders headers) {
    for (String prefix : RateLimit.PREFIXES) {
      Optional<String> left = headers.firstValue(prefix + "Remaining").map(String::strip);
      if (left.isPresent() && left.get().matches("0+")) {
        return headers.firstValue(prefix + "Reset").map(String::strip).flatMap(this::time);
      }
    }
    return Optional.empty();
  }

  private Optional<Duration> time(String text) {
    Instant now = clock.instant();
    if (text.matches("[0-9]{1,12}")) {
      long seconds = Long.parseLong(text);
      return Optional.of(
          seconds >= A_MOMENT
              ? notNegative(Duration.between(now, Instant.ofEpochSecond(seconds)))
              : Duration.ofSeconds(seconds));
    }
    try {
      return Optional.of(
          notNegative(
              Duration.between(
                  now,
                  ZonedDateTime.parse(text, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant())));
    } catch (DateTimeException e) {
      return Optional.empty(); // neither of both, so nothing is said
    }
  }

  private static Duration notNegative(Duration time) {
    return time.isNegative() ? Duration.ZERO : time;
  }

  private void await(Duration time) {
    try {
      waiting.await(time, cancelled);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw ErrorCode.CANCELLED.error("The extract was interrupted", e);
    }
    check();
  }

  private void check() {
    if (cancelled.getCount() == 0) {
      throw ErrorCode.CANCELLED.error("The extract was cancelled");
    }
  }
}
