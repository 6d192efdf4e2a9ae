package io.ecluse.scheduler;

import static org.assertj.core.api.Assertions.assertThat;

import io.ecluse.error.EcluseException;
import io.ecluse.error.ErrorCode;
import io.ecluse.pipeline.Dag;
import io.ecluse.pipeline.RetryPolicy;
import io.ecluse.pipeline.RunLimits;
import io.ecluse.pipeline.Task;
import io.ecluse.pipeline.Work;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What depends on time. The tests move the clock, and the scheduler does nothing but when told. */
@Timeout(30)
class SchedulerTimeTest {
  private static final Instant NOON = Instant.parse("2026-03-27T12:00:00Z");

  @RegisterExtension final Schedulers schedulers = new Schedulers();
  private final TestClock clock = new TestClock(NOON);

  private Scheduler scheduler(TaskRunner runner) {
    return schedulers.ticking(4, runner, clock);
  }

  private static void tickUntil(Scheduler scheduler, String run, TaskProgress state) {
    Schedulers.until(() -> state(scheduler, run) == state, scheduler::tick);
  }

  private static TaskProgress state(Scheduler scheduler, String run) {
    return scheduler.task(run, "a").orElseThrow().state();
  }

  private static Dag dag(RetryPolicy retry, RunLimits limits, Duration timeout) {
    Task task = new Task("a", Work.EMPTY, Set.of(), retry, timeout);
    return new Dag("d", "", Optional.empty(), limits, List.of(task), Map.of());
  }

  private String start(Scheduler scheduler, Dag dag) {
    return scheduler.start(new RunRequest(dag, Trigger.MANUAL, clock.instant(), Set.of()));
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
    Schedulers.until(() -> tries.get() == 1, scheduler::tick);

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
    Schedulers.until(() -> began.getCount() == 0, scheduler::tick);
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
    Schedulers.until(() -> began.getCount() == 0, scheduler::tick);
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
}
