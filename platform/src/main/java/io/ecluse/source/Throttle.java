package io.ecluse.source;

import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;

/**
 * Slows readers down by feedback: as long as the source answers as quickly as before, they may read
 * a little faster each time it is asked; once it does not, half as fast (slow start, then additive
 * increase and multiplicative decrease, as TCP has them: RFC 5681). Safe for use by several
 * threads.
 */
public final class Throttle {
  /** Slower than this, an extract would never end and hold its snapshot for nothing. */
  private static final double LEAST_RATE = 256 << 10;

  /** With a limit to keep, the first second finds out what the source bears. */
  private static final double FIRST_RATE = 2 << 20;

  private static final double SLOW_START = 1.3;
  private static final double INCREASE = 0.05;
  private static final double DECREASE = 0.5;

  /** From here on the source does not merely feel the extract, it suffers. */
  private static final double SUFFERING = 4;

  /** Below this, what differs is noise of the clock and the network. */
  private static final double NOISE_MILLIS = 0.3;

  /** Replicas are this many seconds behind without anybody's doing. */
  private static final double NOISE_LAG_SECONDS = 1;

  /** From here on a replica falls behind. */
  private static final double LAGGING = 2;

  private static final long NAP_MILLIS = 10;

  private final ImpactLimits limits;
  private final AtomicLong bytes = new AtomicLong();
  private final AtomicLong waited = new AtomicLong();
  private double rate;
  private double fastest;
  private Phase phase = Phase.SLOW_START;
  private double credit;
  private long refilled = System.nanoTime();
  private long asked = System.nanoTime();
  private long bytesThen;
  private Replicas replicas = Replicas.KEEP_UP;

  private enum Replicas {
    KEEP_UP,
    /** As long as they do, nothing is read faster. */
    FALL_BEHIND
  }

  private enum Phase {
    /** Nothing was felt yet: faster by a factor. */
    SLOW_START,
    /** The limit is about here: faster by steps. */
    STEADY
  }

  public Throttle(ImpactLimits limits) {
    this.limits = limits;
    this.rate = limits.maxSlowdown().isPresent() ? Math.min(FIRST_RATE, most()) : most();
  }

  private double most() {
    return limits.maxRate().map(Long::doubleValue).orElse(Double.POSITIVE_INFINITY);
  }

  /**
   * Waits until the source may be asked for more.
   *
   * @param read bytes that were just read
   * @param stopped ends the wait
   */
  public void pass(long read, BooleanSupplier stopped) {
    bytes.addAndGet(read);
    if (!limits.isSlowed()) {
      return;
    }
    long begin = System.nanoTime();
    try {
      while (!take(read) && !stopped.getAsBoolean()) {
        TimeUnit.MILLISECONDS.sleep(NAP_MILLIS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    waited.addAndGet(System.nanoTime() - begin);
  }

  /** What was read is paid for afterwards, by whoever comes next. */
  private synchronized boolean take(long read) {
    long now = System.nanoTime();
    double seconds = (now - refilled) / 1e9;
    refilled = now;
    if (Double.isInfinite(rate)) {
      credit = 0;
      return true;
    }
    credit = Math.min(credit + rate * seconds, rate / 10);
    if (credit < 0) {
      return false;
    }
    credit -= read;
    return true;
  }

  /**
   * Hears how quickly the source answers.
   *
   * @param usual milliseconds before the extract began
   * @param now milliseconds lately
   */
  public synchronized void answered(double usual, double now) {
    Optional<Double> limit = limits.maxSlowdown();
    long time = System.nanoTime();
    double seconds = Math.max(1e-3, (time - asked) / 1e9);
    double observed = (bytes.get() - bytesThen) / seconds;
    asked = time;
    bytesThen = bytes.get();
    fastest = Math.max(fastest, observed);
    if (limit.isEmpty()) {
      return;
    }
    if (now > usual * SUFFERING + NOISE_MILLIS) {
      rate = LEAST_RATE;
      phase = Phase.STEADY;
    } else if (now > usual * (1 + limit.get()) + NOISE_MILLIS) {
      rate = Math.max(LEAST_RATE, Math.min(rate, Math.max(observed, LEAST_RATE)) * DECREASE);
      phase = Phase.STEADY;
    } else if (replicas == Replicas.FALL_BEHIND) {
      phase = Phase.STEADY;
    } else if (phase == Phase.SLOW_START) {
      rate = Math.min(most(), rate * SLOW_START);
    } else {
      rate = Math.min(most(), rate + Math.max(LEAST_RATE, fastest * INCREASE));
    }
  }

  /**
   * Hears how far the source's replicas are behind. Those that fall well behind have it read half
   * as fast each time, as long as they do.
   *
   * @param usual seconds before the extract began
   * @param now seconds lately
   */
  public synchronized void lagged(double usual, double now) {
    boolean behind = now > usual * LAGGING + NOISE_LAG_SECONDS;
    replicas = behind ? Replicas.FALL_BEHIND : Replicas.KEEP_UP;
    if (behind && limits.maxSlowdown().isPresent()) {
      rate = Math.max(LEAST_RATE, Math.min(rate, Math.max(fastest, LEAST_RATE)) * DECREASE);
    }
  }

  /** Bytes a second that may be read. */
  public synchronized double rate() {
    return rate;
  }

  public long bytes() {
    return bytes.get();
  }

  /** Seconds that readers waited, all together. */
  public double waitedSeconds() {
    return waited.get() / 1e9;
  }
}
