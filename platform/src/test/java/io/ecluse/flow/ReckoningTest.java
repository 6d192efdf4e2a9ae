package io.ecluse.flow;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class ReckoningTest {
  private static final Duration WEEK = Duration.ofDays(7);
  private static final Instant NOW = Instant.parse("2026-03-08T12:00:00Z");
  private static final List<Instant> DAILY =
      List.of(
          NOW.minus(Duration.ofDays(3)),
          NOW.minus(Duration.ofDays(2)),
          NOW.minus(Duration.ofDays(1)));

  @Test
  void countsAllTimeOfAClockThatWasLeftAlone() {
    Reckoning usual = Reckoning.of(NOW, WEEK, DAILY, Duration.ZERO);
    assertThat(usual.uncounted()).isZero();
    assertThat(usual.notes()).isEmpty();
  }

  @Test
  void doesNotCountAStepForwardThatWasNoticed() {
    assertThat(Reckoning.of(NOW, WEEK, DAILY, Duration.ofDays(3)).uncounted()).hasDays(3);
  }

  @Test
  void doesNotCountYearsWithoutAPublicationUntilWorkHasGoneOnForLongEnough() {
    Duration years = Duration.ofDays(4 * 365);
    Instant ahead = NOW.plus(years);
    Reckoning jumped = Reckoning.of(ahead, WEEK, DAILY, Duration.ZERO);
    assertThat(ahead.minus(WEEK).minus(jumped.uncounted())).isBefore(DAILY.get(0));
    assertThat(jumped.notes()).singleElement().asString().contains("1461 days");

    List<Instant> more = new java.util.ArrayList<>(DAILY);
    for (int day = 0; day <= 8; day++) {
      more.add(ahead.plus(Duration.ofDays(day)));
    }
    Instant later = ahead.plus(Duration.ofDays(8));
    assertThat(
            Reckoning.of(later.minus(Duration.ofDays(4)), WEEK, more.subList(0, 8), Duration.ZERO)
                .uncounted())
        .isGreaterThan(years.minusDays(2));
    assertThat(Reckoning.of(later, WEEK, more, Duration.ZERO).uncounted()).isZero();
  }

  @Test
  void tellsOfWhatWasPublishedByAClockThatWasAhead() {
    Reckoning ahead =
        Reckoning.of(NOW, WEEK, List.of(NOW.minusSeconds(60), NOW.plus(WEEK)), Duration.ZERO);
    assertThat(ahead.uncounted()).isZero();
    assertThat(ahead.notes()).singleElement().asString().contains("2026-03-15T12:00:00Z");
  }

  @Test
  void removesAtOnceWhatIsNotToBeKeptAtAll() {
    assertThat(Reckoning.of(NOW.plus(Duration.ofDays(99)), Duration.ZERO, DAILY, WEEK).uncounted())
        .isZero();
  }
}
