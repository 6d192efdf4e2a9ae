package io.ecluse.source;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/**
 * How quickly a source answers a tiny query, without an extract and beside it, in milliseconds.
 * What differs by no more than so few samples differ by chance is no difference. Not safe for use
 * by several threads.
 */
public final class Latencies {
  /** Of so many samples without an extract, and beside one, the newest count. */
  private static final int ALONE = 80;

  private static final int BESIDE = 40;

  /** Below this, what differs is the clock and the network. */
  private static final double CLOCK_MILLIS = 0.05;

  /**
   * One sample counts for no more than so many usual ones: it may have met a full disk or a backup.
   */
  private static final double MOST = 10;

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
   * Whether the source suffers: by the median of the newest samples, it is by more than the factor
   * slower than without the extract.
   */
  boolean isSlowerBy(double factor, int newest) {
    double now = median(beside.stream().skip(Math.max(0, beside.size() - (long) newest)).toList());
    return now > median(List.copyOf(alone)) * factor + CLOCK_MILLIS;
  }

  /**
   * Whether the source answers by more than the factor slower on average than without the extract.
   * Who waits is a minority, which no median shows. The difference has to be beyond the standard
   * error of two means (Welch, The generalization of Student's problem, 1947).
   */
  boolean isSlowerOnAverage(double factor) {
    double most = median(List.copyOf(alone)) * MOST;
    double usual = mean(alone, most);
    double variance =
        alone.stream().mapToDouble(a -> Math.pow(Math.min(a, most) - usual, 2)).sum()
            / Math.max(1, alone.size() - 1);
    double chance = Math.sqrt(variance / alone.size() + variance / beside.size());
    return mean(beside, most) > usual * factor + Math.max(CLOCK_MILLIS, chance);
  }

  private static double mean(Deque<Double> samples, double most) {
    return samples.stream().mapToDouble(s -> Math.min(s, most)).average().orElse(0);
  }

  private static double median(List<Double> samples) {
    return ImpactReceipt.Latency.of(samples).median();
  }
}
