package io.ecluse.scheduler;

import static org.assertj.core.api.Assertions.assertThat;

import io.ecluse.pipeline.Dag;
import io.ecluse.pipeline.RetryPolicy;
import io.ecluse.pipeline.RunLimits;
import io.ecluse.pipeline.Schedule;
import io.ecluse.pipeline.Task;
import io.ecluse.pipeline.Work;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Runs that a schedule makes. The tests move the clock, and the scheduler does nothing but when
 * told.
 */
@Timeout(30)
class ScheduledRunsTest {
  private static final Instant NOON = Instant.parse("2026-03-27T12:00:00Z");

  @RegisterExtension final Schedulers schedulers = new Schedulers();
  private final TestClock clock = new TestClock(NOON);

  private Scheduler scheduler(TaskRunner runner) {
    return schedulers.ticking(4, runner, clock);
  }

  private static TaskProgress state(Scheduler scheduler, String run) {
    return scheduler.task(run, "a").orElseThrow().state();
  }

  private static Dag dag(RetryPolicy retry, RunLimits limits, Duration timeout) {
    Task task = new Task("a", Work.EMPTY, Set.of(), retry, timeout);
    return new Dag("d", "", Optional.empty(), limits, List.of(task), Map.of());
  }

  private static Dag scheduled(String cron) {
    Schedule schedule = new Schedule(cron, ZoneId.of("Europe/Paris"));
    Task task = Task.of("a", Work.EMPTY, Set.of());
    return new Dag("daily", "", Optional.of(schedule), RunLimits.DEFAULT, List.of(task), Map.of());
  }

  private String start(Scheduler scheduler, Dag dag) {
    return scheduler.start(new RunRequest(dag, Trigger.MANUAL, clock.instant(), Set.of()));
  }

  private static List<Instant> times(Scheduler scheduler) {
    return scheduler.list(Optional.of("daily"), Optional.empty(), 100, Optional.empty()).stream()
        .map(Run::logicalTime)
        .sorted()
        .toList();
  }

  @Test
  void runsASkippedHourAtTheChangeAndARepeatedHourOnce() {
    Scheduler scheduler = scheduler(c -> TaskResult.NOTHING);
    scheduler.schedule(Map.of(scheduled("30 2 * * *"), Set.of()), Optional.empty());
    scheduler.tick();
    for (int hour = 0; hour < 72; hour++) {
      clock.forward(Duration.ofHours(1));
      scheduler.tick();
    }
    assertThat(times(scheduler))
        .containsExactly(
            Instant.parse("2026-03-28T01:30:00Z"),
            Instant.parse("2026-03-29T01:00:00Z"), // 02:30 was skipped, it is 03:00 at once
            Instant.parse("2026-03-30T00:30:00Z"));

    clock.set(Instant.parse("2026-10-24T12:00:00Z"));
    scheduler.tick();
    int before = times(scheduler).size();
    for (int hour = 0; hour < 24; hour++) {
      clock.forward(Duration.ofHours(1));
      scheduler.tick();
    }
    assertThat(times(scheduler))
        .hasSize(before + 1)
        .endsWith(Instant.parse("2026-10-25T00:30:00Z"));
  }

  @Test
  void makesUpForTheNewestMissedTimeOnly() {
    Dag daily = scheduled("0 3 * * *");
    Scheduler scheduler = scheduler(c -> TaskResult.NOTHING);
    scheduler.schedule(Map.of(daily, Set.of()), Optional.empty());
    scheduler.tick();
    assertThat(times(scheduler)).isEmpty();
    assertThat(scheduler.nextRun("daily")).contains(Instant.parse("2026-03-28T02:00:00Z"));

    clock.set(Instant.parse("2026-04-06T12:00:00Z"));
    scheduler.tick();
    scheduler.tick();

    assertThat(times(scheduler)).containsExactly(Instant.parse("2026-04-06T01:00:00Z"));
  }

  @Test
  void makesOneRunOfATimeHoweverManyProcessesLook() {
    Dag daily = scheduled("* * * * *");
    Scheduler one = scheduler(c -> TaskResult.NOTHING);
    Scheduler two = scheduler(c -> TaskResult.NOTHING);
    one.schedule(Map.of(daily, Set.of()), Optional.empty());
    two.schedule(Map.of(daily, Set.of()), Optional.empty());
    one.tick();
    two.tick();
    for (int minute = 0; minute < 5; minute++) {
      clock.forward(Duration.ofMinutes(1));
      two.tick();
      one.tick();
    }

    assertThat(times(one)).hasSize(5).doesNotHaveDuplicates();
  }

  @Test
  void letsAScheduledRunWaitForTheOneBefore() {
    CountDownLatch first = new CountDownLatch(1);
    Scheduler scheduler =
        scheduler(
            c -> {
              first.await();
              return TaskResult.NOTHING;
            });
    scheduler.schedule(Map.of(scheduled("* * * * *"), Set.of()), Optional.empty());
    scheduler.tick();
    clock.forward(Duration.ofMinutes(1));
    scheduler.tick();
    clock.forward(Duration.ofMinutes(1));
    scheduler.tick();

    List<Run> runs = scheduler.list(Optional.empty(), Optional.empty(), 10, Optional.empty());
    assertThat(runs).extracting(Run::state).containsExactly(RunState.QUEUED, RunState.RUNNING);
    assertThat(runs.get(0).waitsFor().orElseThrow()).contains(runs.get(1).id(), "same DAG");
    first.countDown();
    Schedulers.until(
        () -> scheduler.find(runs.get(0).id()).orElseThrow().state() == RunState.SUCCESS,
        scheduler::tick);
  }

  @Test
  void runsBySchedulesAgainAfterTheClockWasInTheFutureForAWhile() {
    Scheduler scheduler = scheduler(c -> TaskResult.NOTHING);
    scheduler.schedule(Map.of(scheduledAs("0 * * * *", "UTC"), Set.of()), Optional.empty());
    scheduler.tick();
    clock.forward(Duration.ofMinutes(61));
    scheduler.tick(); // 13:00
    clock.step(Instant.parse("2030-01-01T00:00:30Z"));
    scheduler.tick();
    clock.step(NOON.plus(Duration.ofMinutes(62)));
    scheduler.tick();

    assertThat(scheduler.nextRun("daily")).contains(Instant.parse("2026-03-27T14:00:00Z"));
    clock.forward(Duration.ofHours(1));
    scheduler.tick();
    assertThat(times(scheduler))
        .containsExactly(
            Instant.parse("2026-03-27T13:00:00Z"),
            Instant.parse("2026-03-27T14:00:00Z"),
            Instant.parse("2030-01-01T00:00:00Z"));
  }

  @Test
  void makesNoRunOfATimeTwiceAndTellsTheNextTruly() {
    Scheduler scheduler = scheduler(c -> TaskResult.NOTHING);
    scheduler.schedule(Map.of(scheduledAs("0 * * * *", "UTC"), Set.of()), Optional.empty());
    scheduler.tick();
    for (int hour = 0; hour < 3; hour++) {
      clock.forward(Duration.ofHours(1));
      scheduler.tick(); // 13:00, 14:00, 15:00
    }
    clock.step(NOON.plus(Duration.ofMinutes(30)));
    scheduler.tick();

    assertThat(scheduler.nextRun("daily")).contains(Instant.parse("2026-03-27T16:00:00Z"));
    for (int hour = 0; hour < 4; hour++) {
      clock.forward(Duration.ofHours(1));
      scheduler.tick();
    }
    assertThat(times(scheduler))
        .hasSize(4)
        .doesNotHaveDuplicates()
        .endsWith(Instant.parse("2026-03-27T16:00:00Z"));
  }

  @Test
  void aChangedScheduleBeginsAtTheChangeNotBefore() {
    Scheduler scheduler = scheduler(c -> TaskResult.NOTHING);
    scheduler.schedule(Map.of(scheduledAs("0 3 * * *", "UTC"), Set.of()), Optional.empty());
    scheduler.tick();
    clock.set(Instant.parse("2026-03-28T13:00:00Z"));
    scheduler.tick(); // 03:00
    scheduler.schedule(Map.of(scheduledAs("30 12 * * *", "UTC"), Set.of()), Optional.empty());
    scheduler.tick();
    scheduler.schedule(
        Map.of(scheduledAs("30 12 * * *", "America/New_York"), Set.of()), Optional.empty());
    scheduler.tick();
    scheduler.schedule(Map.of(), Optional.empty());
    scheduler.tick();
    clock.set(Instant.parse("2026-03-28T17:00:00Z")); // 16:30 went by without the schedule
    scheduler.tick();
    scheduler.schedule(
        Map.of(scheduledAs("30 12 * * *", "America/New_York"), Set.of()), Optional.empty());
    scheduler.tick();
    assertThat(times(scheduler)).containsExactly(Instant.parse("2026-03-28T03:00:00Z"));

    clock.set(Instant.parse("2026-03-29T17:00:00Z"));
    scheduler.tick();
    assertThat(times(scheduler)).endsWith(Instant.parse("2026-03-29T16:30:00Z")).hasSize(2);
  }

  private static Dag scheduledAs(String cron, String zone) {
    Task task = Task.of("a", Work.EMPTY, Set.of());
    Schedule schedule = new Schedule(cron, ZoneId.of(zone));
    return new Dag("daily", "", Optional.of(schedule), RunLimits.DEFAULT, List.of(task), Map.of());
  }
}
