package io.ecluse.scheduler;

import static io.ecluse.scheduler.QuickRuns.await;
import static io.ecluse.scheduler.QuickRuns.dag;
import static io.ecluse.scheduler.QuickRuns.request;
import static io.ecluse.scheduler.QuickRuns.sleep;
import static io.ecluse.scheduler.QuickRuns.states;
import static io.ecluse.scheduler.QuickRuns.task;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ecluse.Servers;
import io.ecluse.pipeline.Task;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Runs that want the same, processes that take from one queue, and what they find in it. */
@Timeout(15)
class SharedQueueTest {
  @RegisterExtension final Schedulers schedulers = new Schedulers();

  private Scheduler scheduler(int workers, TaskRunner runner) {
    return schedulers.working(workers, 3, runner);
  }

  @Test
  void letsOneOfTwoRunsWaitThatWriteTheSame() throws Exception {
    CountDownLatch go = new CountDownLatch(1);
    AtomicInteger most = new AtomicInteger();
    AtomicInteger now = new AtomicInteger();
    Scheduler scheduler =
        scheduler(
            4,
            c -> {
              most.accumulateAndGet(now.incrementAndGet(), Math::max);
              await(go);
              now.decrementAndGet();
              return TaskResult.NOTHING;
            });
    String first = scheduler.start(request(dag("one", 2, task("a")), "erp", "marts"));
    String second = scheduler.start(request(dag("two", 2, task("a")), "marts"));
    while (scheduler.find(second).orElseThrow().waitsFor().isEmpty()) {
      sleep(10);
    }

    assertThat(scheduler.find(second).orElseThrow().waitsFor().orElseThrow())
        .contains(first)
        .contains("same tables");
    go.countDown(); // only now may the first end
    assertThat(scheduler.awaitEnd(first).state()).isEqualTo(RunState.SUCCESS);
    assertThat(scheduler.awaitEnd(second).state()).isEqualTo(RunState.SUCCESS);
    assertThat(most.get()).isEqualTo(1);
  }

  @Test
  void neverRunsAnAttemptTwiceInTwoProcesses() {
    Map<String, AtomicInteger> counts = new ConcurrentHashMap<>();
    TaskRunner runner =
        c -> {
          counts.computeIfAbsent(c.task().id(), k -> new AtomicInteger()).incrementAndGet();
          return TaskResult.NOTHING;
        };
    Scheduler one = scheduler(8, runner);
    scheduler(8, runner);
    Task[] tasks = new Task[200];
    Arrays.setAll(tasks, i -> i < 10 ? task("t" + i) : task("t" + i, "t" + (i - 10)));

    String run = one.start(request(dag("wide", 16, tasks)));

    assertThat(one.awaitEnd(run).state()).isEqualTo(RunState.SUCCESS);
    assertThat(counts.values()).hasSize(200).allMatch(c -> c.get() == 1);
  }

  @Test
  void runsAgainWhatADeadProcessWasRunning() throws Exception {
    CountDownLatch began = new CountDownLatch(1);
    AtomicInteger tries = new AtomicInteger();
    Scheduler dying =
        scheduler(
            1,
            c -> {
              began.countDown();
              await(new CountDownLatch(1));
              return TaskResult.NOTHING;
            });
    String run = dying.start(request(dag("d", 1, task("a"), task("b", "a"))));
    assertThat(began.await(10, TimeUnit.SECONDS)).isTrue();
    dying.close();

    Scheduler next =
        scheduler(
            1,
            c -> {
              tries.incrementAndGet();
              return TaskResult.NOTHING;
            });

    assertThat(next.awaitEnd(run).state()).isEqualTo(RunState.SUCCESS);
    assertThat(next.attempts(run, "a"))
        .extracting(AttemptState::state)
        .containsExactly("lost", "success");
    assertThat(tries.get()).isEqualTo(2);
  }

  @Test
  void goesOnAfterTheDatabaseDroppedEveryConnection() throws Exception {
    CountDownLatch dropped = new CountDownLatch(1);
    CountDownLatch began = new CountDownLatch(1);
    AtomicInteger tries = new AtomicInteger();
    Scheduler scheduler =
        scheduler(
            2,
            c -> {
              if (c.task().id().equals("a") && tries.incrementAndGet() == 1) {
                began.countDown();
                await(dropped);
              }
              return TaskResult.NOTHING;
            });
    String run = scheduler.start(request(dag("d", 1, task("a"), task("b", "a"))));
    assertThat(began.await(10, TimeUnit.SECONDS)).isTrue();

    Servers.execute(
        "postgres",
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '"
            + schedulers.database()
            + "'");
    sleep(200);
    dropped.countDown();

    Run ended = scheduler.awaitEnd(run);
    assertThat(ended.state()).isEqualTo(RunState.SUCCESS);
  }

  @Test
  void cancelsARunThatWaits() {
    CountDownLatch go = new CountDownLatch(1);
    Scheduler scheduler =
        scheduler(
            4,
            c -> {
              go.await();
              return TaskResult.NOTHING;
            });
    String first = scheduler.start(request(dag("d", 2, task("a"))));
    String second = scheduler.start(request(dag("d", 2, task("a"))));

    scheduler.cancel(second);

    assertThat(scheduler.awaitEnd(second).state()).isEqualTo(RunState.CANCELLED);
    assertThat(scheduler.attempts(second, "a")).isEmpty();
    assertThatThrownBy(() -> scheduler.cancel(second)).hasMessageContaining("ended already");
    go.countDown();
    assertThat(scheduler.awaitEnd(first).state()).isEqualTo(RunState.SUCCESS);
  }

  @Test
  void doesNotLetRunsWithFewKeysStarveOneWithMany() {
    CountDownLatch go = new CountDownLatch(1);
    List<String> order = Collections.synchronizedList(new ArrayList<>());
    Scheduler scheduler =
        scheduler(
            4,
            c -> {
              go.await();
              order.add(c.runId());
              return TaskResult.NOTHING;
            });
    String first = scheduler.start(request(dag("one", 2, task("a")), "x"));
    while (!states(scheduler, first).containsValue(TaskProgress.RUNNING)) {
      sleep(5);
    }
    String many = scheduler.start(request(dag("two", 2, task("a")), "x", "y"));
    sleep(5);
    String few = scheduler.start(request(dag("three", 2, task("a")), "y"));
    String other = scheduler.start(request(dag("four", 2, task("a")), "z"));
    while (!states(scheduler, other).containsValue(TaskProgress.RUNNING)) {
      sleep(5);
    }

    assertThat(scheduler.find(few).orElseThrow().waitsFor().orElseThrow()).contains(many);
    go.countDown();
    assertThat(scheduler.awaitEnd(few).state()).isEqualTo(RunState.SUCCESS);
    assertThat(order.indexOf(many)).isLessThan(order.indexOf(few));
  }

  @Test
  void endsARunThatThisVersionCannotReadAndGoesOn() {
    Scheduler client = scheduler(0, c -> TaskResult.NOTHING);
    String broken = client.start(request(dag("d", 1, task("a"), task("b", "a"))));
    Servers.execute(
        schedulers.database(), "UPDATE ecluse.run SET dag = '{\"from\": \"the future\"}'");
    Scheduler scheduler = scheduler(1, c -> TaskResult.NOTHING);
    String sound = scheduler.start(request(dag("e", 1, task("a"))));

    assertThat(scheduler.awaitEnd(sound).state()).isEqualTo(RunState.SUCCESS);
    Run ended = scheduler.awaitEnd(broken);
    assertThat(ended.state()).isEqualTo(RunState.FAILED);
    assertThat(ended.error().orElseThrow()).contains("cannot be read");
  }
}
