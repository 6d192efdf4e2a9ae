package io.ecluse.source;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;

/**
 * Slows readers down by feedback: as long as the source answers as quickly as without them, they
 * may read a little faster each time it is asked; once it does not, half as fast (slow start, then
 * additive increase and multiplicative decrease, as TCP has them: RFC 5681). From time to time all
 * of them pause, so that it can be felt again how the source is without them. Safe for use by
 * several threads.
 */
public final class Throttle {
  /** Slower than this, an extract would never end and hold its snapshot for nothing. */
  private static final double LEAST_RATE = 256 << 10;

  /** With a limit to keep, the first second finds out what the source bears. */
  private static final double FIRST_RATE = 2 << 20;

  private static final double SLOW_START = 1.15;
  private static final double DECREASE = 0.5;

  /** From half of what was too fast, it takes so many steps to be there again. */
  private static final int STEPS = 25;

  /** From here on the source does not merely feel the extract, it suffers. */
  private static final double SUFFERING = 4;

  /** So many samples tell enough to slow down. */
  private static final int ENOUGH = 3;

  /** What is read at once takes the source about so long: a longer breath, and its users wait. */
  private static final double BREATH_SECONDS = 0.005;

  /** Replicas are this many seconds behind without anybody's doing. */
  private static final double NOISE_LAG_SECONDS = 1;

  /** From here on a replica falls behind. */
  private static final double LAGGING = 2;

  /** What was not read may be made up for, but no more than this. */
  private static final double BURST_SECONDS = 0.02;

  private static final long LEAST_BREATH_BYTES = 8 << 10;
  private static final long MOST_BREATH_BYTES = 128 << 10;
  private static final long NAP_MILLIS = 2;

  private final ImpactLimits limits;
  private final AtomicLong bytes = new AtomicLong();
  private final AtomicLong waited = new AtomicLong();
  private double rate;
  private double tooFast;
  private Phase phase = Phase.SLOW_START;
  private boolean paused;
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

  /** How one reader keeps to it: it takes what it reads in breaths. Used by one thread. */
  public static final class Pace {
    private final Throttle throttle;
    private final BooleanSupplier stopped;
    private long unpaid;
    private long breath;

    /**
     * @param stopped ends a wait
     */
    public Pace(Throttle throttle, BooleanSupplier stopped) {
      this.throttle = throttle;
      this.stopped = stopped;
      this.breath = throttle.breath();
    }

    /** Hears of bytes that were read, and waits after each breath of them. */
    public void took(long bytes) {
      unpaid += bytes;
      if (unpaid >= breath) {
        pay();
      }
    }

    /** Waits for what was read since the last breath, at the end of a batch. */
    public void pay() {
      throttle.pass(unpaid, stopped);
      unpaid = 0;
      breath = throttle.breath();
    }
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
    if (paused) {
      return false;
    }
    long now = System.nanoTime();
    double seconds = (now - refilled) / 1e9;
    refilled = now;
    if (Double.isInfinite(rate)) {
      credit = 0;
      return true;
    }
    credit = Math.min(credit + rate * seconds, rate * BURST_SECONDS);
    if (credit < 0) {
      return false;
    }
    credit -= read;
    return true;
  }

  /** Bytes that may be read between two calls of {@link #pass}. */
  public synchronized long breath() {
    return limits.isSlowed()
        ? Math.round(
            Math.max(LEAST_BREATH_BYTES, Math.min(rate * BREATH_SECONDS, MOST_BREATH_BYTES)))
        : MOST_BREATH_BYTES;
  }

  /** The most bytes that a reader needs at once: a driver that fetches more reads in gulps. */
  public long mostAtOnce(long usual) {
    return limits.isSlowed() ? Math.min(usual, MOST_BREATH_BYTES) : usual;
  }

  /** Whether speed depends on how the source feels. */
  public boolean listens() {
    return limits.maxSlowdown().isPresent();
  }

  /** Has all readers wait until {@link #resume}. */
  public synchronized void pause() {
    paused = true;
  }

  /** Lets them go on as before. */
  public synchronized void resume() {
    paused = false;
    refilled = System.nanoTime();
    asked = refilled;
    bytesThen = bytes.get();
  }

  /** Hears how quickly the source answers. */
  public synchronized void felt(Latencies latencies) {
    if (!listens()) {
      return;
    }
    long time = System.nanoTime();
    double observed = (bytes.get() - bytesThen) / Math.max(1e-3, (time - asked) / 1e9);
    asked = time;
    bytesThen = bytes.get();
    if (latencies.samples() < ENOUGH) {
      return;
    }
    if (latencies.isSlowerBy(SUFFERING, ENOUGH)) {
      slower(LEAST_RATE, latencies);
    } else if (latencies.isSlowerOnAverage(1 + limits.maxSlowdown().get())) {
      slower(Math.min(rate, Math.max(observed, LEAST_RATE)) * DECREASE, latencies);
    } else if (replicas == Replicas.FALL_BEHIND) {
      phase = Phase.STEADY;
    } else if (phase == Phase.SLOW_START) {
      rate = Math.min(most(), rate * SLOW_START);
    } else {
      rate = Math.min(most(), rate + Math.max(LEAST_RATE, tooFast) * DECREASE / STEPS);
    }
  }

  private void slower(double slower, Latencies latencies) {
    tooFast = rate;
    rate = Math.max(LEAST_RATE, slower);
    phase = Phase.STEADY;
    latencies.changed();
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
    if (behind && listens()) {
      rate = Math.max(LEAST_RATE, rate * DECREASE);
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
