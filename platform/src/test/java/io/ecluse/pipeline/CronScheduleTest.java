package io.ecluse.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** In 2026 clocks in Paris skip 02:00 to 03:00 on 29 March, and repeat it on 25 October. */
class CronScheduleTest {
  private static final String PARIS = "Europe/Paris";

  @Test
  void firesAtTheTimeOfItsZone() {
    assertThat(times("0 3 * * *", "2026-03-27T12:00:00Z", 3))
        .containsExactly("2026-03-28T02:00:00Z", "2026-03-29T01:00:00Z", "2026-03-30T01:00:00Z");
  }

  @Test
  void firesOnceAtTheChangeWhenTheClockSkipsItsTime() {
    assertThat(times("30 2 * * *", "2026-03-28T00:00:00Z", 3))
        .containsExactly("2026-03-28T01:30:00Z", "2026-03-29T01:00:00Z", "2026-03-30T00:30:00Z");
    assertThat(times("*/20 2 * * *", "2026-03-28T12:00:00Z", 2))
        .containsExactly("2026-03-29T01:00:00Z", "2026-03-30T00:00:00Z");
  }

  @Test
  void firesOnceWhenItsTimeComesTwice() {
    assertThat(times("30 2 * * *", "2026-10-24T12:00:00Z", 2))
        .containsExactly("2026-10-25T00:30:00Z", "2026-10-26T01:30:00Z");
  }

  @Test
  void keepsThePaceOfAnHourlyScheduleThroughBothChanges() {
    assertThat(times("0 * * * *", "2026-03-28T23:30:00Z", 4))
        .containsExactly(
            "2026-03-29T00:00:00Z",
            "2026-03-29T01:00:00Z",
            "2026-03-29T02:00:00Z",
            "2026-03-29T03:00:00Z");
    assertThat(times("*/30 * * * *", "2026-10-24T23:45:00Z", 5))
        .containsExactly(
            "2026-10-25T00:00:00Z",
            "2026-10-25T00:30:00Z",
            "2026-10-25T01:00:00Z",
            "2026-10-25T01:30:00Z",
            "2026-10-25T02:00:00Z");
  }

  @Test
  void takesDayOfMonthOrDayOfWeekWhenBothAreGiven() {
    assertThat(times("0 12 13 * 5", "2026-03-01T00:00:00Z", 4))
        .containsExactly(
            "2026-03-06T11:00:00Z",
            "2026-03-13T11:00:00Z",
            "2026-03-20T11:00:00Z",
            "2026-03-27T11:00:00Z");
    assertThat(times("0 12 14 * 5", "2026-03-12T00:00:00Z", 2))
        .containsExactly("2026-03-13T11:00:00Z", "2026-03-14T11:00:00Z");
  }

  @Test
  void countsSundayAsZeroAndSeven() {
    assertThat(times("0 0 * * 0", "2026-06-01T00:00:00Z", 2))
        .isEqualTo(times("0 0 * * 7", "2026-06-01T00:00:00Z", 2))
        .isEqualTo(times("0 0 * * SUN", "2026-06-01T00:00:00Z", 2))
        .containsExactly("2026-06-06T22:00:00Z", "2026-06-13T22:00:00Z");
  }

  @Test
  void findsTheLeapDayAndNoImpossibleDay() {
    assertThat(times("0 0 29 2 *", "2026-01-01T00:00:00Z", 1))
        .containsExactly("2028-02-28T23:00:00Z");
    CronSchedule never = new CronSchedule(new Schedule("0 0 30 2 *", ZoneId.of(PARIS)));
    assertThat(never.next(Instant.parse("2026-01-01T00:00:00Z"))).isEmpty();
    assertThat(never.previous(Instant.parse("2026-01-01T00:00:00Z"))).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "30 2 * * *, 2026-03-27T00:00:00Z",
    "30 2 * * *, 2026-10-23T00:00:00Z",
    "0 * * * *, 2026-03-28T20:00:00Z",
    "*/30 * * * *, 2026-10-24T20:00:00Z",
    "0 3 1 * *, 2026-01-15T00:00:00Z",
    "*/5 * * * *, 2026-03-29T00:00:00Z"
  })
  void goesBackTheWayItCame(String cron, String from) {
    CronSchedule schedule = new CronSchedule(new Schedule(cron, ZoneId.of(PARIS)));
    List<Instant> times =
        new ArrayList<>(List.of(schedule.next(Instant.parse(from)).orElseThrow()));
    for (int i = 0; i < 20; i++) {
      times.add(schedule.next(times.get(i)).orElseThrow());
      assertThat(schedule.previous(times.get(i + 1))).isEqualTo(Optional.of(times.get(i)));
      assertThat(schedule.previous(times.get(i).plusSeconds(1))).contains(times.get(i));
    }
  }

  @ParameterizedTest
  @CsvSource({"* * * *", "0 0 3 * * *", "60 * * * *", "* 24 * * *", "* * 0 * *", "a b c d e", "''"})
  void refusesWhatIsNoCron(String cron) {
    assertThatThrownBy(() -> new Schedule(cron, ZoneId.of("UTC"))).hasMessageContaining("cron");
  }

  private static List<String> times(String cron, String after, int count) {
    CronSchedule schedule = new CronSchedule(new Schedule(cron, ZoneId.of(PARIS)));
    List<String> times = new ArrayList<>();
    Instant at = Instant.parse(after);
    for (int i = 0; i < count; i++) {
      at = schedule.next(at).orElseThrow();
      times.add(at.toString());
    }
    return times;
  }
}
