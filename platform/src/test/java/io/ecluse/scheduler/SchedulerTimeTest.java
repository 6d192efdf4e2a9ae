package io.ecluse.scheduler;

import static org.assertj.core.api.Assertions.assertThat;

import io.ecluse.Servers;
import io.ecluse.error.EcluseException;
import io.ecluse.error.ErrorCode;
import io.ecluse.metadata.Metadata;
import io.ecluse.pipeline.Dag;
import io.ecluse.pipeline.RetryPolicy;
import io.ecluse.pipeline.RunLimits;
import io.ecluse.pipeline.Schedule;
import io.ecluse.pipeline.Task;
import io.ecluse.pipeline.Work;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What depends on time. The tests move the clock, and the scheduler does nothing but when told. */
@Timeout(30)
class SchedulerTimeTest {
  private static final Instant NOON = Instant.parse("2026-03-27T12:00:00Z");

  private final Metadata metadata = new Metadata(Servers.settings(Servers.newMigratedDatabase()));
  private final TestClock clock = new TestClock(NOON);
  private final List<AutoCloseable> open = new ArrayList<>();

  @AfterEach
  void close() throws Exception {
    Collections.reverse(open);
    for (AutoCloseable resource : open) {
      resource.close();
    }
    metadata.close();
  }

  private Scheduler scheduler(TaskRunner runner) {
    Scheduler scheduler =
        new Scheduler(
            metadata.jdbi(),
            metadata::dedicatedConnection,
            new SchedulerSettings("test", 4),
            runner,
            clock.time());
    open.add(scheduler);
    scheduler.openForTicks();
    until(scheduler::hasJoined, () -> {});
    return scheduler;
  }

  /** Repeats without the clock moving, since tasks end when they do. */
  private static void until(BooleanSupplier condition, Runnable step) {
    while (!condition.getAsBoolean()) {
      step.run();
      try {
        Thread.sleep(2);
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
    }
  }

  private static void tickUntil(Scheduler scheduler, String run, TaskProgress state) {
    until(() -> state(scheduler, run) == state, scheduler::tick);
  }

  private static TaskProgress state(Scheduler scheduler, String run) {
    return scheduler.task(run, "a").orElseThrow().state();
  }

  private static Dag dag(RetryPolicy retry, RunLimits limits, Duration timeout) {
    Task task = new Task("a", Work.EMPTY, Set.of(), retry, timeout);
    return new Dag("d", "", Optional.empty(), limits, List.of(task));
  }

  private static Dag scheduled(String cron) {
    Schedule schedule = new Schedule(cron, ZoneId.of("Europe/Paris"));
    Task task = Task.of("a", Work.EMPTY, Set.of());
    return new Dag("daily", "", Optional.of(schedule), RunLimits.DEFAULT, List.of(task));
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
  void retriesAfterADelayThatGrows() {
    AtomicInteger tries = new AtomicInteger();
    Scheduler scheduler =
        scheduler(
            c -> {
              tries.incrementAndGet();
              throw new EcluseException(ErrorCode.SOURCE_LOST, "gone");
            });
    RetryPolicy retry = new RetryPolicy(2, Duration.ofSeconds(10), 3.0, Duration.ofMinutes(5));
    String run = start(scheduler, dag(retry, RunLimits.DEFAULT, Duration.ofHours(1)));

    tickUntil(scheduler, run, TaskProgress.RETRYING);
    assertThat(scheduler.task(run, "a").orElseThrow().nextAttemptAt())
        .contains(NOON.plusSeconds(10));
    clock.forward(Duration.ofMillis(9_999));
    scheduler.tick();
    assertThat(state(scheduler, run)).isEqualTo(TaskProgress.RETRYING);
    clock.forward(Duration.ofMillis(1));
    scheduler.tick();
    assertThat(scheduler.task(run, "a").orElseThrow().attempt()).isEqualTo(2);

    tickUntil(scheduler, run, TaskProgress.RETRYING);
    assertThat(scheduler.task(run, "a").orElseThrow().nextAttemptAt())
        .contains(NOON.plusSeconds(40));
    clock.forward(Duration.ofSeconds(30));
    tickUntil(scheduler, run, TaskProgress.FAILED);

    assertThat(tries.get()).isEqualTo(3);
    assertThat(scheduler.find(run).orElseThrow().state()).isEqualTo(RunState.FAILED);
  }

  @Test
  void endsARunThatTakesTooLongAndLetsItBeRetried() {
    CountDownLatch never = new CountDownLatch(1);
    AtomicInteger tries = new AtomicInteger();
    Scheduler scheduler =
        scheduler(
            c -> {
              if (tries.incrementAndGet() == 1) {
                never.await();
              }
              return TaskResult.NOTHING;
            });
    RunLimits limits = new RunLimits(4, Duration.ofMinutes(10));
    String run = start(scheduler, dag(RetryPolicy.DEFAULT, limits, Duration.ofHours(1)));
    until(() -> tries.get() == 1, scheduler::tick);

    clock.forward(Duration.ofMinutes(10).plusMillis(1));
    tickUntil(scheduler, run, TaskProgress.CANCELLED);

    Run ended = scheduler.find(run).orElseThrow();
    assertThat(ended.state()).isEqualTo(RunState.FAILED);
    assertThat(ended.error().orElseThrow()).contains("longer than its timeout of 600 s");
    clock.forward(Duration.ofHours(7));
    scheduler.retry(run, Optional.empty());
    tickUntil(scheduler, run, TaskProgress.SUCCESS);
    assertThat(scheduler.find(run).orElseThrow().state()).isEqualTo(RunState.SUCCESS);
  }

  @Test
  void tellsOnceThatATaskDoesNotStop() {
    CountDownLatch stubborn = new CountDownLatch(1);
    CountDownLatch began = new CountDownLatch(1);
    Scheduler scheduler =
        scheduler(
            c -> {
              began.countDown();
              while (stubborn.getCount() > 0) {
                Thread.onSpinWait();
              }
              return TaskResult.NOTHING;
            });
    Dag dag = dag(RetryPolicy.NEVER, RunLimits.DEFAULT, Duration.ofMinutes(1));
    String run = start(scheduler, dag);
    until(() -> began.getCount() == 0, scheduler::tick);
    clock.forward(Duration.ofMinutes(2));
    scheduler.tick();
    clock.forward(Duration.ofSeconds(31));
    scheduler.tick();
    scheduler.tick();
    scheduler.tick();

    assertThat(scheduler.log(run, "a", 1, 0, 10))
        .extracting(LogLine::text)
        .hasSize(2)
        .last()
        .asString()
        .contains("goes on");
    stubborn.countDown();
    tickUntil(scheduler, run, TaskProgress.SUCCESS); // late, but done: doing it again helps nobody
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
    until(
        () -> scheduler.find(runs.get(0).id()).orElseThrow().state() == RunState.SUCCESS,
        scheduler::tick);
  }

  private static Dag scheduledAs(String cron, String zone) {
    Task task = Task.of("a", Work.EMPTY, Set.of());
    Schedule schedule = new Schedule(cron, ZoneId.of(zone));
    return new Dag("daily", "", Optional.of(schedule), RunLimits.DEFAULT, List.of(task));
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
  void holdsOnToTheDelayOfARetryHoweverTheClockIsSet() {
    for (Duration step : List.of(Duration.ofDays(1_400), Duration.ofHours(-2))) {
      AtomicInteger tries = new AtomicInteger();
      Scheduler scheduler =
          scheduler(
              c -> {
                if (tries.incrementAndGet() == 1) {
                  throw new EcluseException(ErrorCode.SOURCE_LOST, "gone");
                }
                return TaskResult.NOTHING;
              });
      RetryPolicy retry = new RetryPolicy(2, Duration.ofSeconds(60), 3.0, Duration.ofMinutes(5));
      String run = start(scheduler, dag(retry, RunLimits.DEFAULT, Duration.ofHours(1)));
      tickUntil(scheduler, run, TaskProgress.RETRYING);

      clock.step(clock.instant().plus(step));
      scheduler.tick();
      assertThat(state(scheduler, run))
          .as("after a step of " + step)
          .isEqualTo(TaskProgress.RETRYING);
      clock.forward(Duration.ofSeconds(59));
      scheduler.tick();
      assertThat(state(scheduler, run)).isEqualTo(TaskProgress.RETRYING);
      clock.forward(Duration.ofSeconds(2));
      tickUntil(scheduler, run, TaskProgress.SUCCESS);
      scheduler.close();
    }
  }

  @Test
  void aStepOfTheClockEndsNoTaskAndNoRunAndIsTold() {
    CountDownLatch done = new CountDownLatch(1);
    CountDownLatch began = new CountDownLatch(1);
    Scheduler scheduler =
        scheduler(
            c -> {
              began.countDown();
              done.await();
              return TaskResult.NOTHING;
            });
    RunLimits limits = new RunLimits(4, Duration.ofMinutes(10));
    String run = start(scheduler, dag(RetryPolicy.NEVER, limits, Duration.ofMinutes(5)));
    until(() -> began.getCount() == 0, scheduler::tick);
    clock.step(Instant.parse("2030-01-01T00:00:00Z"));
    scheduler.tick();
    scheduler.tick();
    assertThat(state(scheduler, run)).isEqualTo(TaskProgress.RUNNING);
    clock.step(NOON);
    scheduler.tick();
    scheduler.tick();
    assertThat(scheduler.log(run, "a", 1, 0, 10))
        .extracting(LogLine::text)
        .hasSize(2)
        .allMatch(text -> text.contains("The clock of this machine was set"));
    clock.forward(Duration.ofMinutes(4));
    scheduler.tick();
    done.countDown();
    tickUntil(scheduler, run, TaskProgress.SUCCESS);
    assertThat(scheduler.find(run).orElseThrow().state()).isEqualTo(RunState.SUCCESS);
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
}
