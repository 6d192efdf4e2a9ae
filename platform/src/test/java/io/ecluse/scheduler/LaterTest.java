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
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Work that goes on elsewhere, and work that there was none of. The tests move the clock, and the
 * scheduler does nothing but when told.
 */
@Timeout(60)
class LaterTest {
  private static final Instant NOON = Instant.parse("2026-03-27T12:00:00Z");
  private static final Duration MINUTE = Duration.ofMinutes(1);

  @RegisterExtension final Schedulers schedulers = new Schedulers();
  private final TestClock clock = new TestClock(NOON);
  private final ConcurrentLinkedQueue<String> handles = new ConcurrentLinkedQueue<>();

  private Scheduler scheduler(int workers, TaskRunner runner) {
    return schedulers.ticking(workers, runner, clock);
  }

  private static void tickUntil(Scheduler scheduler, String run, TaskProgress state) {
    Schedulers.until(() -> state(scheduler, run, "a") == state, scheduler::tick);
  }

  private static TaskProgress state(Scheduler scheduler, String run, String task) {
    return scheduler.task(run, task).orElseThrow().state();
  }

  private static Task task(String id, String... upstream) {
    return new Task(id, Work.EMPTY, Set.of(upstream), RetryPolicy.NEVER, Duration.ofMinutes(10));
  }

  private String start(Scheduler scheduler, Task... tasks) {
    Dag dag = new Dag("d", "", Optional.empty(), RunLimits.DEFAULT, List.of(tasks), Map.of());
    return scheduler.start(new RunRequest(dag, Trigger.MANUAL, clock.instant(), Set.of()));
  }

  /** Begins a job, and finds it done when it is looked at again. */
  private TaskResult job(Attempt attempt) {
    attempt.handle().ifPresent(handles::add);
    attempt.log("Looked");
    return attempt.handle().isEmpty()
        ? new TaskResult.Again(MINUTE, Optional.of("job-1"))
        : new TaskResult.Done(7, 0, Map.of());
  }

  @Test
  void looksAgainWithTheHandleAndCountsNoFailure() {
    Scheduler scheduler = scheduler(4, this::job);
    String run = start(scheduler, task("a"));
    tickUntil(scheduler, run, TaskProgress.WAITING);
    assertThat(scheduler.task(run, "a").orElseThrow().nextAttemptAt()).contains(NOON.plus(MINUTE));
    clock.forward(Duration.ofSeconds(59));
    scheduler.tick();
    assertThat(state(scheduler, run, "a")).isEqualTo(TaskProgress.WAITING);
    clock.forward(Duration.ofSeconds(1));
    tickUntil(scheduler, run, TaskProgress.SUCCESS);
    assertThat(handles).containsExactly("job-1");
    TaskState task = scheduler.task(run, "a").orElseThrow();
    assertThat(task.attempt()).isEqualTo(1);
    assertThat(task.rows()).isEqualTo(7);
    assertThat(task.startedAt()).contains(NOON);
    assertThat(scheduler.attempts(run, "a"))
        .extracting(AttemptState::state)
        .containsExactly("success");
    assertThat(scheduler.log(run, "a", 1, 0, 10)).extracting(LogLine::number).containsExactly(1, 2);
    assertThat(scheduler.find(run).orElseThrow().state()).isEqualTo(RunState.SUCCESS);
  }

  @Test
  void leavesItsPlaceToOthersMeanwhile() {
    Scheduler scheduler =
        scheduler(1, c -> c.task().id().equals("a") ? job(c) : TaskResult.NOTHING);
    String run = start(scheduler, task("a"), task("b"));
    tickUntil(scheduler, run, TaskProgress.WAITING);
    Schedulers.until(() -> state(scheduler, run, "b") == TaskProgress.SUCCESS, scheduler::tick);
    assertThat(state(scheduler, run, "a")).isEqualTo(TaskProgress.WAITING);
  }

  @Test
  void anotherProcessTakesItUpAtItsTime() {
    Scheduler first = scheduler(4, this::job);
    String run = start(first, task("a"));
    tickUntil(first, run, TaskProgress.WAITING);
    schedulers.closeLast();
    Scheduler second = scheduler(4, this::job);
    second.tick();
    assertThat(state(second, run, "a")).isEqualTo(TaskProgress.WAITING);
    clock.forward(MINUTE);
    tickUntil(second, run, TaskProgress.SUCCESS);
    assertThat(handles).containsExactly("job-1");
  }

  @Test
  void anAttemptThatIsLostWhileItLooksLeavesItsHandleToTheNext() {
    CountDownLatch looking = new CountDownLatch(1);
    Scheduler first =
        scheduler(
            4,
            c -> {
              if (c.handle().isPresent()) {
                looking.countDown();
                new CountDownLatch(1).await();
              }
              return job(c);
            });
    String run = start(first, task("a"));
    tickUntil(first, run, TaskProgress.WAITING);
    clock.forward(MINUTE);
    Schedulers.until(() -> looking.getCount() == 0, first::tick);
    schedulers.closeLast();
    Scheduler second = scheduler(4, this::job);
    tickUntil(second, run, TaskProgress.SUCCESS);
    assertThat(handles).containsExactly("job-1");
    assertThat(second.attempts(run, "a"))
        .extracting(AttemptState::state)
        .containsExactly("lost", "success");
  }

  @Test
  void whatWaitsEndsWhenItsRunIsCancelled() {
    Scheduler scheduler = scheduler(4, c -> new TaskResult.Again(MINUTE, Optional.empty()));
    String run = start(scheduler, task("a"));
    tickUntil(scheduler, run, TaskProgress.WAITING);
    scheduler.cancel(run);
    tickUntil(scheduler, run, TaskProgress.CANCELLED);
    assertThat(scheduler.find(run).orElseThrow().state()).isEqualTo(RunState.CANCELLED);
    assertThat(scheduler.attempts(run, "a"))
        .extracting(AttemptState::state)
        .containsExactly("cancelled");
    clock.forward(MINUTE);
    scheduler.tick();
    assertThat(state(scheduler, run, "a")).isEqualTo(TaskProgress.CANCELLED);
  }

  /** Begins a job, which goes on until it is told not to. */
  private TaskResult endless(Attempt attempt) {
    attempt.handle().filter(h -> attempt.isCancelled()).ifPresent(handles::add);
    return new TaskResult.Again(MINUTE, Optional.of("job-" + attempt.number()));
  }

  @Test
  void workElsewhereIsToldThatItsRunIsCancelled() {
    Scheduler scheduler = scheduler(4, this::endless);
    String run = start(scheduler, task("a"), task("b", "a"));
    tickUntil(scheduler, run, TaskProgress.WAITING);
    scheduler.cancel(run);
    tickUntil(scheduler, run, TaskProgress.CANCELLED);
    assertThat(handles).containsExactly("job-1");
    assertThat(scheduler.find(run).orElseThrow().state()).isEqualTo(RunState.CANCELLED);
    assertThat(state(scheduler, run, "b")).isEqualTo(TaskProgress.CANCELLED);
    assertThat(scheduler.attempts(run, "a"))
        .extracting(AttemptState::state)
        .containsExactly("cancelled");
  }

  @Test
  void anotherProcessTellsItOfACancellationThatThisOneHasNotSeen() {
    Scheduler first = scheduler(4, this::endless);
    String run = start(first, task("a"));
    tickUntil(first, run, TaskProgress.WAITING);
    first.cancel(run);
    schedulers.closeLast();
    Scheduler second = scheduler(4, this::endless);
    tickUntil(second, run, TaskProgress.CANCELLED);
    assertThat(handles).containsExactly("job-1");
  }

  @Test
  void aJobThatBeganWhileItsRunWasCancelledIsToldToo() throws Exception {
    CountDownLatch beginning = new CountDownLatch(1);
    Scheduler scheduler =
        scheduler(
            4,
            c -> {
              if (c.handle().isEmpty()) {
                beginning.countDown();
                while (!c.isCancelled()) {
                  Thread.onSpinWait(); // who is cancelled is interrupted, which would end a sleep
                }
              }
              return endless(c);
            });
    String run = start(scheduler, task("a"));
    Schedulers.until(() -> beginning.getCount() == 0, scheduler::tick);
    scheduler.cancel(run);
    tickUntil(scheduler, run, TaskProgress.CANCELLED);
    assertThat(handles).containsExactly("job-1");
  }

  @Test
  void aRunThatCannotTellItsWorkElsewhereEndsAllTheSameAndSaysSo() {
    Scheduler scheduler =
        scheduler(
            4,
            c -> {
              if (c.handle().isPresent()) {
                throw new EcluseException(ErrorCode.SOURCE_UNREACHABLE, "The cluster is away");
              }
              return endless(c);
            });
    String run = start(scheduler, task("a"));
    tickUntil(scheduler, run, TaskProgress.WAITING);
    scheduler.cancel(run);
    tickUntil(scheduler, run, TaskProgress.CANCELLED);
    scheduler.tick();
    assertThat(scheduler.log(run, "a", 1, 0, 10))
        .extracting(LogLine::text)
        .containsExactly(
            "The run was cancelled",
            "Whether the work elsewhere has ended is not known: The cluster is away");
  }

  @Test
  void workElsewhereThatHasHadItsTimeIsToldBeforeTheNextAttemptBegins() {
    Scheduler scheduler = scheduler(4, this::endless);
    Task twice =
        new Task(
            "a",
            Work.EMPTY,
            Set.of(),
            new RetryPolicy(2, Duration.ofSeconds(1), 1, MINUTE),
            Duration.ofMinutes(10));
    String run = start(scheduler, twice);
    tickUntil(scheduler, run, TaskProgress.WAITING);
    clock.forward(Duration.ofMinutes(10));
    tickUntil(scheduler, run, TaskProgress.RETRYING);
    assertThat(handles).containsExactly("job-1");
    clock.forward(MINUTE);
    tickUntil(scheduler, run, TaskProgress.WAITING);
    scheduler.cancel(run);
    tickUntil(scheduler, run, TaskProgress.CANCELLED);
    assertThat(handles).containsExactly("job-1", "job-2");
  }

  @Test
  void waitingIsPartOfTheTimeThatAnAttemptMayTake() {
    Scheduler scheduler =
        scheduler(4, c -> new TaskResult.Again(Duration.ofHours(2), Optional.of("endless")));
    String run = start(scheduler, task("a"));
    tickUntil(scheduler, run, TaskProgress.WAITING);
    clock.forward(Duration.ofMinutes(9));
    scheduler.tick();
    assertThat(state(scheduler, run, "a")).isEqualTo(TaskProgress.WAITING);
    clock.forward(MINUTE);
    tickUntil(scheduler, run, TaskProgress.FAILED);
    TaskState task = scheduler.task(run, "a").orElseThrow();
    assertThat(task.facts()).containsEntry(TaskState.ERROR_CODE, ErrorCode.TIMED_OUT.name());
    assertThat(task.error().orElseThrow()).contains("600000 ms");
  }

  @Test
  void whatWaitsForASkippedTaskRuns() {
    Scheduler scheduler =
        scheduler(
            4,
            c ->
                c.task().id().equals("a")
                    ? new TaskResult.Skipped("Neither SQL nor inputs have changed")
                    : TaskResult.NOTHING);
    String run = start(scheduler, task("a"), task("b", "a"));
    Schedulers.until(() -> state(scheduler, run, "b") == TaskProgress.SUCCESS, scheduler::tick);
    assertThat(state(scheduler, run, "a")).isEqualTo(TaskProgress.SKIPPED);
    assertThat(scheduler.task(run, "a").orElseThrow().facts())
        .containsEntry(TaskState.SKIPPED_BECAUSE, "Neither SQL nor inputs have changed");
    assertThat(scheduler.find(run).orElseThrow().state()).isEqualTo(RunState.SUCCESS);
  }

  @Test
  void aRetryOfTheRunLeavesSkippedTasksAlone() {
    ConcurrentLinkedQueue<String> ran = new ConcurrentLinkedQueue<>();
    Scheduler scheduler =
        scheduler(
            4,
            c -> {
              ran.add(c.task().id());
              return c.task().id().equals("a")
                  ? new TaskResult.Skipped("Nothing new")
                  : new TaskResult.Failed(ErrorCode.DATA_INVALID, "Wrong");
            });
    String run = start(scheduler, task("a"), task("b", "a"));
    Schedulers.until(() -> state(scheduler, run, "b") == TaskProgress.FAILED, scheduler::tick);
    Schedulers.until(() -> scheduler.find(run).orElseThrow().state().isEnd(), scheduler::tick);
    assertThat(scheduler.task(run, "b").orElseThrow().error()).contains("Wrong");
    scheduler.retry(run, Optional.empty());
    Schedulers.until(() -> ran.size() == 3, scheduler::tick);
    assertThat(ran).containsExactly("a", "b", "b");
  }
}
