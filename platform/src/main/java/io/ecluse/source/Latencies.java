package io.ecluse.source;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/**
 * How quickly a source answers a tiny query, without an extract and beside it, in milliseconds.
 * What differs by no more than medians of so few samples differ by chance is no difference: their
 * standard error is estimated by the median absolute deviation without an extract (Rousseeuw and
 * Croux, Alternatives to the Median Absolute Deviation, 1993). Not safe for use by several threads.
 */
public final class Latencies {
  /** Of so many samples without an extract, and beside one, the newest count. */
  private static final int ALONE = 40;

  private static final int BESIDE = 10;

  /** Below this, what differs is the clock and the network. */
  private static final double CLOCK_MILLIS = 0.1;

  /** A normal distribution's standard deviation by its median absolute deviation. */
  private static final double DEVIATION = 1.4826;

  /** The standard error of a median by that of a mean: the root of half pi. */
  private static final double MEDIAN = 1.2533;

  private final Deque<Double> alone = new ArrayDeque<>();
  private final Deque<Double> beside = new ArrayDeque<>();

  /** Adds what was felt while nothing was read. */
  public void alone(double millis) {
    add(alone, ALONE, millis);
  }

  /** Adds what was felt while something was read. */
  public void beside(double millis) {
    add(beside, BESIDE, millis);
  }

  private static void add(Deque<Double> samples, int most, double millis) {
    samples.addLast(millis);
    if (samples.size() > most) {
      samples.removeFirst();
    }
  }

  /** Forgets what was felt beside the extract: it goes on at another speed. */
  void changed() {
    beside.clear();
  }

  /** How many samples tell of the extract at its present speed. */
  int samples() {
    return beside.size();
  }

  /**
   * Whether the source answers by more than the factor slower than without the extract.
   *
   * @param newest how many of the newest samples beside it to ask
   */
  boolean isSlowerBy(double factor, int newest) {
    double usual = median(List.copyOf(alone));
    double deviation = median(alone.stream().map(a -> Math.abs(a - usual)).toList());
    double chance = MEDIAN * DEVIATION * deviation / Math.sqrt(newest);
    double now = median(beside.stream().skip(beside.size() - (long) newest).toList());
    return now > usual * factor + Math.max(CLOCK_MILLIS, chance);
  }

  private static double median(List<Double> samples) {
    return ImpactReceipt.Latency.of(samples).median();
  }
}
