package io.ecluse.source;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ThrottleTest {
  private static final double ALONE = 2;
  private static final double JITTER = 1;
  private static final int ROUNDS = 400;

  /** Where a source's latency, in the simulation, has grown by a quarter. */
  private static final double KNEE = 8 << 20;

  private final Random random = new Random(7);
  private final Latencies latencies = new Latencies();
  private final Throttle throttle =
      new Throttle(new ImpactLimits(Optional.of(0.25), Optional.empty()));

  @BeforeEach
  void feelsTheSourceAlone() {
    feelAlone(15);
  }

  private void feelAlone(int samples) {
    for (int i = 0; i < samples; i++) {
      latencies.alone(millis(ALONE));
    }
  }

  /** A source whose answers take now longer, now shorter. */
  private double millis(double about) {
    return Math.max(0.2, about + random.nextGaussian() * JITTER);
  }

  /** Reads as fast as allowed, and feels. */
  private void beat(double millis) {
    throttle.pass(Math.round(throttle.rate()), () -> true);
    latencies.beside(millis);
    throttle.felt(latencies);
  }

  private void beats(int times, double millis) {
    for (int i = 0; i < times; i++) {
      beat(millis);
    }
  }

  @Test
  void readsFasterAndFasterWhereASourceThatIsRestlessByItselfFeelsNothing() {
    for (int i = 0; i < ROUNDS; i++) {
      beat(millis(ALONE));
    }

    assertThat(throttle.rate()).isGreaterThan(10 * KNEE);
  }

  @Test
  void readsAboutAsFastAsASourceBearsThatSlowsDownWithTheSpeed() {
    double sum = 0;
    for (int i = 0; i < ROUNDS; i++) {
      if (i % 50 == 0) {
        feelAlone(6);
      }
      beat(millis(ALONE * (1 + 0.25 * throttle.rate() / KNEE)));
      if (i >= ROUNDS / 2) {
        sum += throttle.rate();
      }
    }

    assertThat(sum / (ROUNDS / 2)).isBetween(KNEE / 4, KNEE * 1.5);
  }

  @Test
  void isAtTheSlowestWithinThreeBeatsOfASourceThatSuffers() {
    beats(30, ALONE);
    double before = throttle.rate();

    beats(3, 20 * ALONE);

    assertThat(throttle.rate()).isLessThan(before / 2).isEqualTo(256 << 10);
  }

  @Test
  void takesWhatIsUsualAnewWhenTheSourceIsFeltWithoutReaders() {
    beats(5, ALONE);
    for (int i = 0; i < 40; i++) {
      latencies.alone(5 * ALONE); // its users are busier now, and that is not the extract's doing
    }
    double before = throttle.rate();

    beats(20, 5 * ALONE);

    assertThat(throttle.rate()).isGreaterThan(before);
  }

  @Test
  void readsNothingWhilePaused() {
    throttle.pause();
    assertThat(throttle.waitedSeconds()).isZero();
    int[] asked = {0};

    throttle.pass(1, () -> ++asked[0] > 3);

    assertThat(asked[0]).isEqualTo(4);
    throttle.resume();
    throttle.pass(1, () -> false);
  }

  @Test
  void takesShorterBreathsTheSlowerItReads() {
    long before = throttle.breath();

    beats(20, 20 * ALONE);

    assertThat(throttle.breath()).isLessThan(before).isEqualTo(8 << 10);
    assertThat(new Throttle(ImpactLimits.NONE).breath()).isEqualTo(128 << 10);
  }

  @Test
  void readsHalfAsFastEachTimeThatReplicasFallBehindAndNoFasterUntilTheyDoNot() {
    beats(10, ALONE);
    double before = throttle.rate();

    throttle.lagged(0.5, 30);
    double behind = throttle.rate();
    beats(5, ALONE);

    assertThat(behind).isEqualTo(before / 2);
    assertThat(throttle.rate()).isEqualTo(behind);
    throttle.lagged(0.5, 0.6);
    beats(5, ALONE);
    assertThat(throttle.rate()).isGreaterThan(behind);
  }
}
