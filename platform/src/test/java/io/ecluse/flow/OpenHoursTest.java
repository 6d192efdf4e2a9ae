package io.ecluse.flow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ecluse.error.EcluseException;
import io.ecluse.error.ErrorCode;
import io.ecluse.project.ReadingHours;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class OpenHoursTest {
  private static final ZoneId PARIS = ZoneId.of("Europe/Paris");
  private static final ReadingHours NIGHT =
      new ReadingHours(LocalTime.of(20, 0), LocalTime.of(6, 0), PARIS);

  private static Instant paris(String time) {
    return java.time.LocalDateTime.parse("2026-01-15T" + time).atZone(PARIS).toInstant();
  }

  @Test
  void hoursMayGoOverMidnight() {
    assertThat(NIGHT.isOpen(paris("19:59:59"))).isFalse();
    assertThat(NIGHT.isOpen(paris("20:00"))).isTrue();
    assertThat(NIGHT.isOpen(paris("03:00"))).isTrue();
    assertThat(NIGHT.isOpen(paris("06:00"))).isFalse();
    assertThat(NIGHT.untilEnd(paris("23:00"))).isEqualTo(Duration.ofHours(7));
    assertThat(NIGHT.untilEnd(paris("05:30"))).isEqualTo(Duration.ofMinutes(30));

    ReadingHours noon = new ReadingHours(LocalTime.of(12, 0), LocalTime.of(13, 0), PARIS);
    assertThat(noon.isOpen(paris("12:30"))).isTrue();
    assertThat(noon.isOpen(paris("13:00"))).isFalse();
  }

  @Test
  void aNightInWhichClocksAreSetBackIsAnHourLonger() {
    Instant evening = Instant.parse("2026-10-24T20:00:00Z"); // 22:00 in Paris, 06:00 is 05:00 UTC

    assertThat(NIGHT.untilEnd(evening)).isEqualTo(Duration.ofHours(9));
  }

  @Test
  void nothingIsReadBeforeThem() {
    OpenHours hours = new OpenHours("erp", NIGHT, Clock.fixed(paris("14:03:10"), PARIS));

    assertThatThrownBy(
            () ->
                hours.within(
                    () -> {
                      throw new AssertionError("must not be read");
                    },
                    () -> {}))
        .isInstanceOf(EcluseException.class)
        .hasMessageContaining("from 20:00 to 06:00 (Europe/Paris) only, and it is 14:03 there")
        .hasMessageContaining("they begin next at 2026-01-15T20:00+01:00")
        .extracting(e -> ((EcluseException) e).code())
        .isEqualTo(ErrorCode.SOURCE_CLOSED);
  }

  @Test
  void whatIsReadWhenTheyEndIsEnded() {
    LateClock clock = new LateClock(paris("05:59:59").plusMillis(800), paris("06:00:01"));
    OpenHours hours = new OpenHours("erp", NIGHT, clock);
    CountDownLatch ended = new CountDownLatch(1);

    assertThatThrownBy(
            () ->
                hours.within(
                    () -> {
                      try {
                        ended.await();
                      } catch (InterruptedException e) {
                        throw new AssertionError(e);
                      }
                      throw new EcluseException(ErrorCode.CANCELLED, "The extract was cancelled");
                    },
                    ended::countDown))
        .hasMessageContaining("they ended before the extract did; nothing of it is kept")
        .extracting(e -> ((EcluseException) e).code())
        .isEqualTo(ErrorCode.SOURCE_CLOSED);
  }

  @Test
  void withinThemTheWorkIsDone() {
    OpenHours hours = new OpenHours("erp", NIGHT, Clock.fixed(paris("21:00"), PARIS));

    assertThat(hours.<String>within(() -> "read", () -> {})).isEqualTo("read");
  }

  /** One moment the first time it is asked, another one from then on. */
  private static final class LateClock extends Clock {
    private final Instant later;
    private Instant now;

    private LateClock(Instant first, Instant later) {
      this.now = first;
      this.later = later;
    }

    @Override
    public ZoneId getZone() {
      return PARIS;
    }

    @Override
    public Clock withZone(ZoneId zone) {
      return this;
    }

    @Override
    public Instant instant() {
      Instant told = now;
      now = later;
      return told;
    }
  }
}
