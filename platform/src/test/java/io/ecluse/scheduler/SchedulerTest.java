package io.ecluse.scheduler;

import static io.ecluse.scheduler.QuickRuns.await;
import static io.ecluse.scheduler.QuickRuns.dag;
import static io.ecluse.scheduler.QuickRuns.request;
import static io.ecluse.scheduler.QuickRuns.sleep;
import static io.ecluse.scheduler.QuickRuns.states;
import static io.ecluse.scheduler.QuickRuns.task;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ecluse.error.EcluseException;
import io.ecluse.error.ErrorCode;
import io.ecluse.pipeline.Dag;
import io.ecluse.pipeline.RetryPolicy;
import io.ecluse.pipeline.Task;
import io.ecluse.pipeline.Work;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

@Timeout(15)
class SchedulerTest {
  @RegisterExtension final Schedulers schedulers = new Schedulers();

  private Scheduler scheduler(int workers, TaskRunner runner) {
    return schedulers.working(workers, 3, runner);
  }

  @Test
  void runsTasksAfterThoseTheyWaitFor() {
    List<String> order = Collections.synchronizedList(new ArrayList<>());
    Scheduler scheduler =
        scheduler(
            4,
            c -> {
              order.add(c.task().id());
              c.log("Hello from " + c.task().id());
              return new TaskResult.Done(7, 8, Map.of("who", c.task().id()));
            });

    String run =
        scheduler.start(
            request(dag("d", 4, task("a"), task("b", "a"), task("c", "a"), task("z", "b", "c"))));

    assertThat(scheduler.awaitEnd(run).state()).isEqualTo(RunState.SUCCESS);
    assertThat(order).startsWith("a").endsWith("z").hasSize(4);
    TaskState z = scheduler.task(run, "z").orElseThrow();
    assertThat(z.rows()).isEqualTo(7);
    assertThat(z.facts()).containsEntry("who", "z");
    assertThat(scheduler.log(run, "z", 1, 0, 10))
        .extracting(LogLine::text)
        .containsExactly("Hello from z");
  }

  @Test
  void keepsARunsLimitOfParallelTasks() {
    AtomicInteger now = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    Scheduler scheduler =
        scheduler(
            8,
            c -> {
              most.accumulateAndGet(now.incrementAndGet(), Math::max);
              sleep(20);
              now.decrementAndGet();
              return TaskResult.NOTHING;
            });

    String run =
        scheduler.start(
            request(dag("d", 2, task("a"), task("b"), task("c"), task("d"), task("e"), task("f"))));

    assertThat(scheduler.awaitEnd(run).state()).isEqualTo(RunState.SUCCESS);
    assertThat(most.get()).isEqualTo(2);
  }

  @Test
  void retriesATransientFailureAndNotAPersonsMistake() {
    AtomicInteger tries = new AtomicInteger();
    Scheduler scheduler =
        scheduler(
            4,
            c -> {
              if (c.task().id().equals("flaky") && tries.incrementAndGet() < 3) {
                throw new EcluseException(ErrorCode.SOURCE_LOST, "gone");
              }
              if (c.task().id().equals("wrong")) {
                throw new EcluseException(ErrorCode.SQL_INVALID, "no such column");
              }
              return TaskResult.NOTHING;
            });

    String run =
        scheduler.start(
            request(
                dag(
                    "d",
                    4,
                    task("flaky"),
                    task("wrong"),
                    task("after", "wrong"),
                    task("x", "flaky"))));
    Run ended = scheduler.awaitEnd(run);

    assertThat(ended.state()).isEqualTo(RunState.FAILED);
    assertThat(ended.error()).contains("wrong: no such column");
    assertThat(states(scheduler, run))
        .isEqualTo(
            Map.of(
                "flaky", TaskProgress.SUCCESS,
                "x", TaskProgress.SUCCESS,
                "wrong", TaskProgress.FAILED,
                "after", TaskProgress.UPSTREAM_FAILED));
    assertThat(scheduler.attempts(run, "flaky"))
        .extracting(AttemptState::state)
        .containsExactly("failed", "failed", "success");
    assertThat(scheduler.attempts(run, "wrong")).hasSize(1);
  }

  @Test
  void retriesARunFromWhatFailed() {
    AtomicInteger runs = new AtomicInteger();
    boolean[] broken = {true};
    Scheduler scheduler =
        scheduler(
            2,
            c -> {
              runs.incrementAndGet();
              if (c.task().id().equals("b") && broken[0]) {
                throw new EcluseException(ErrorCode.AUDIT_FAILED, "no");
              }
              return TaskResult.NOTHING;
            });
    String run = scheduler.start(request(dag("d", 2, task("a"), task("b", "a"), task("c", "b"))));
    assertThat(scheduler.awaitEnd(run).state()).isEqualTo(RunState.FAILED);

    broken[0] = false;
    scheduler.retry(run, Optional.empty());

    assertThat(scheduler.awaitEnd(run).state()).isEqualTo(RunState.SUCCESS);
    assertThat(runs.get()).isEqualTo(4);
    assertThatThrownBy(() -> scheduler.retry(run, Optional.empty()))
        .hasMessageContaining("is success");
  }

  @Test
  void cancelsARunThatIsRunning() throws Exception {
    CountDownLatch running = new CountDownLatch(1);
    Scheduler scheduler =
        scheduler(
            2,
            c -> {
              CountDownLatch told = new CountDownLatch(1);
              c.onCancel(told::countDown);
              running.countDown();
              await(told);
              throw new EcluseException(ErrorCode.CANCELLED, "stopped");
            });
    String run = scheduler.start(request(dag("d", 2, task("a"), task("b", "a"))));
    assertThat(running.await(10, TimeUnit.SECONDS)).isTrue();

    scheduler.cancel(run);

    assertThat(scheduler.awaitEnd(run).state()).isEqualTo(RunState.CANCELLED);
    assertThat(states(scheduler, run).values()).containsOnly(TaskProgress.CANCELLED);
  }

  @Test
  void endsATaskThatTakesTooLong() {
    Scheduler scheduler =
        scheduler(
            2,
            c -> {
              await(new CountDownLatch(1));
              return TaskResult.NOTHING;
            });
    Task slow = new Task("slow", Work.EMPTY, Set.of(), RetryPolicy.NEVER, Duration.ofMillis(200));

    String run = scheduler.start(request(dag("d", 2, slow)));

    assertThat(scheduler.awaitEnd(run).state()).isEqualTo(RunState.FAILED);
    assertThat(scheduler.task(run, "slow").orElseThrow().error().orElseThrow())
        .contains("longer than its timeout");
  }

  @Test
  void retriesATaskThatSucceededAndAllThatWaitForIt() {
    Map<String, AtomicInteger> counts = new ConcurrentHashMap<>();
    Scheduler scheduler =
        scheduler(
            2,
            c -> {
              int count =
                  counts.computeIfAbsent(c.task().id(), k -> new AtomicInteger()).incrementAndGet();
              if (c.task().id().equals("c") && count == 1) {
                throw new EcluseException(ErrorCode.AUDIT_FAILED, "no");
              }
              return TaskResult.NOTHING;
            });
    Dag dag =
        dag("d", 2, task("a"), task("b", "a"), task("c", "b"), task("d", "c"), task("x", "a"));
    String run = scheduler.start(request(dag));
    assertThat(scheduler.awaitEnd(run).error()).contains("c: no");

    scheduler.retry(run, Optional.of("b"));

    assertThat(scheduler.awaitEnd(run).state()).isEqualTo(RunState.SUCCESS);
    assertThat(counts.get("a").get()).isEqualTo(1);
    assertThat(counts.get("x").get()).isEqualTo(1);
    assertThat(counts.get("b").get()).isEqualTo(2);
    assertThat(counts.get("d").get()).isEqualTo(1);
    assertThat(scheduler.attempts(run, "c"))
        .extracting(AttemptState::state)
        .containsExactly("failed", "success");
  }

  @Test
  void failsATaskThatGivesUpWithoutBeingTold() {
    Scheduler scheduler =
        scheduler(
            2,
            c -> {
              throw new EcluseException(ErrorCode.CANCELLED, "somebody cancelled my query");
            });

    String run = scheduler.start(request(dag("d", 2, task("a"), task("b", "a"))));

    assertThat(scheduler.awaitEnd(run).state()).isEqualTo(RunState.FAILED);
    assertThat(states(scheduler, run))
        .isEqualTo(Map.of("a", TaskProgress.FAILED, "b", TaskProgress.UPSTREAM_FAILED));
  }

  @Test
  void endsARunOfADagWithoutTasks() {
    Scheduler scheduler = scheduler(1, c -> TaskResult.NOTHING);

    String run = scheduler.start(request(dag("d", 1)));

    assertThat(scheduler.awaitEnd(run).state()).isEqualTo(RunState.SUCCESS);
  }
}
