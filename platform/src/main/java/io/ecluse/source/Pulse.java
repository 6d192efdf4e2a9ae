package io.ecluse.source;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A source's pulse: how long a tiny question takes, before, during and after an extract, on a
 * connection of its own. Tells the throttle, and has its readers pause from time to time, so that
 * the source can be felt without them. The same for every database. Used by one thread; closed by
 * {@link #close()}.
 */
final class Pulse implements AutoCloseable {
  private static final int BEFORE = 15;
  private static final int AFTER = 5;
  private static final int GLANCE_EVERY = 2;
  private static final long PAUSE_MILLIS = 100;

  /** After so long, readers pause so that the source can be felt without them. */
  private static final double AGAIN_SECONDS = 5;

  private static final int AGAIN = 6;

  /** In the time of a pause, when the readers' speed depends on it: who waits is a minority. */
  private static final int SAMPLES = 4;

  /** Where it matters, samples are so far apart, since the source is never the same for long. */
  private static final long APART_MILLIS = 25;

  private final Asking canary;
  private final Asking glance;
  private final Throttle throttle;
  private final Thread thread = new Thread(this::watch, "extract-probe");
  private final List<Double> before = new ArrayList<>();
  private final List<Double> during = new ArrayList<>();
  private final List<Double> after = new ArrayList<>();
  private final Latencies latencies = new Latencies();
  private volatile Beat beat = Beat.FELT;

  private enum Beat {
    FELT,
    NO_MORE
  }

  /** Asks the source something. */
  @FunctionalInterface
  interface Asking {
    void ask() throws SQLException;
  }

  /**
   * @param canary the tiny question
   * @param glance what else is looked at while it is read, less often
   */
  public Pulse(Asking canary, Asking glance, Throttle throttle) {
    this.canary = canary;
    this.glance = glance;
    this.throttle = throttle;
    thread.setDaemon(true);
  }

  /** Feels the source while nothing is read, and goes on in the background. */
  public void begin() throws SQLException {
    canary.ask(); // plans and caches
    for (int i = 0; i < BEFORE; i++) {
      before.add(withoutReaders());
    }
    thread.start();
  }

  /** A sample while nothing is read. */
  private double withoutReaders() throws SQLException {
    double millis = millis();
    latencies.alone(millis);
    if (throttle.listens()) {
      nap(APART_MILLIS);
    }
    return millis;
  }

  private double millis() throws SQLException {
    long start = System.nanoTime();
    canary.ask();
    return (System.nanoTime() - start) / 1e6;
  }

  private void watch() {
    long fresh = System.nanoTime();
    long beats = 0;
    try {
      while (beat == Beat.FELT) {
        if (throttle.listens() && System.nanoTime() - fresh > AGAIN_SECONDS * 1e9) {
          feelWithoutReaders();
          fresh = System.nanoTime();
        }
        int samples = throttle.listens() ? SAMPLES : 1;
        for (int i = 0; i < samples && beat == Beat.FELT; i++) {
          double millis = millis();
          during.add(millis);
          latencies.beside(millis);
          nap(PAUSE_MILLIS / samples);
        }
        throttle.felt(latencies);
        if (++beats % GLANCE_EVERY == 0) {
          glance.ask();
        }
      }
    } catch (SQLException e) {
      beat = Beat.NO_MORE; // the readers will say what is wrong
    }
  }

  /** What is usual changes with the hour and with what the source's users do. */
  private void feelWithoutReaders() throws SQLException {
    throttle.pause();
    try {
      nap(PAUSE_MILLIS); // what was asked for is still on its way
      for (int i = 0; i < AGAIN && beat == Beat.FELT; i++) {
        withoutReaders();
      }
    } finally {
      throttle.resume();
    }
  }

  private void nap(long millis) {
    try {
      TimeUnit.MILLISECONDS.sleep(millis);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      beat = Beat.NO_MORE;
    }
  }

  /** Feels no more beside the readers, but how the source is once they have ended. */
  public void end() throws SQLException {
    close();
    for (int i = 0; i < AFTER; i++) {
      after.add(millis());
    }
  }

  /** What was felt before, while and after it was read; to be asked once it has ended. */
  ImpactReceipt.Felt felt() {
    return new ImpactReceipt.Felt(
        ImpactReceipt.Latency.of(before),
        ImpactReceipt.Latency.of(during),
        ImpactReceipt.Latency.of(after));
  }

  /** Ends the watch; a second time does nothing. */
  @Override
  public void close() {
    beat = Beat.NO_MORE;
    thread.interrupt();
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
