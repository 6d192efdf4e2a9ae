package io.ecluse.scheduler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ecluse.Servers;
import io.ecluse.error.EcluseException;
import io.ecluse.error.ErrorCode;
import io.ecluse.metadata.Metadata;
import io.ecluse.pipeline.Dag;
import io.ecluse.pipeline.RetryPolicy;
import io.ecluse.pipeline.RunLimits;
import io.ecluse.pipeline.Task;
import io.ecluse.pipeline.Work;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(15)
class SchedulerTest {
  private static final RetryPolicy QUICK =
      new RetryPolicy(2, Duration.ofMillis(1), 2.0, Duration.ofSeconds(1));

  private final String database = Servers.newMigratedDatabase();
  private final Metadata metadata = new Metadata(Servers.settings(database));
  private final List<AutoCloseable> open = new ArrayList<>();

  @AfterEach
  void close() throws Exception {
    Collections.reverse(open);
    for (AutoCloseable resource : open) {
      resource.close();
    }
    metadata.close();
  }

  private Scheduler scheduler(int workers, TaskRunner runner) {
    return scheduler(workers, runner, Time.system());
  }

  private Scheduler scheduler(int workers, TaskRunner runner, Time time) {
    Scheduler scheduler =
        new Scheduler(
            metadata.jdbi(),
            metadata::dedicatedConnection,
            new SchedulerSettings("test", workers, Duration.ofMillis(50), 3),
            runner,
            time);
    open.add(scheduler);
    scheduler.open();
    return scheduler;
  }

  private static Task task(String id, String... upstream) {
    return new Task(id, Work.EMPTY, Set.of(upstream), QUICK, Duration.ofSeconds(30));
  }

  private static Dag dag(String id, int parallel, Task... tasks) {
    return new Dag(
        id, "", Optional.empty(), new RunLimits(parallel, Duration.ofMinutes(5)), List.of(tasks));
  }

  private static RunRequest request(Dag dag, String... keys) {
    return new RunRequest(dag, Trigger.MANUAL, Instant.now(), Set.of(keys));
  }

  private static Map<String, TaskProgress> states(Scheduler scheduler, String run) {
    Map<String, TaskProgress> states = new java.util.TreeMap<>();
    scheduler.tasks(run).forEach(t -> states.put(t.taskId(), t.state()));
    return states;
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
            + database
            + "'");
    sleep(200);
    dropped.countDown();

    Run ended = scheduler.awaitEnd(run);
    assertThat(ended.state()).isEqualTo(RunState.SUCCESS);
  }

  @Test
  void keepsTheNewestRunsAndForgetsTheRest() {
    Scheduler scheduler = scheduler(2, c -> TaskResult.NOTHING);
    for (int i = 0; i < 5; i++) {
      scheduler.awaitEnd(scheduler.start(request(dag("d", 1, task("a")))));
    }

    scheduler.forgetOldRuns();

    assertThat(scheduler.list(Optional.of("d"), Optional.empty(), 10, Optional.empty())).hasSize(3);
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
  void keepsLogLinesByNumberAndPage() {
    Scheduler scheduler =
        scheduler(
            1,
            c -> {
              for (int i = 1; i <= 2_500; i++) {
                c.log(i == 7 ? "zero \0 character" : "line " + i);
              }
              c.progress(2, 5);
              return new TaskResult.Done(1, 2, Map.of("dag", c.params().get("word")));
            });
    String run =
        scheduler.start(
            new RunRequest(
                dag("d", 1, task("a")),
                Trigger.CLI,
                Instant.now(),
                Map.of("word", "bonjour"),
                Set.of()));
    assertThat(scheduler.awaitEnd(run).params()).containsEntry("word", "bonjour");

    List<LogLine> second = scheduler.log(run, "a", 1, 1_000, 1_000);

    assertThat(second).hasSize(1_000);
    assertThat(second.get(0))
        .extracting(LogLine::number, LogLine::text)
        .contains(1_001, "line 1001");
    assertThat(scheduler.log(run, "a", 1, 2_000, 1_000)).hasSize(500);
    assertThat(scheduler.log(run, "a", 1, 6, 1).get(0).text()).isEqualTo("zero \uFFFD character");
    assertThat(scheduler.task(run, "a").orElseThrow().facts()).containsEntry("dag", "bonjour");
  }

  @Test
  void listsRunsPageByPage() {
    Scheduler scheduler = scheduler(0, c -> TaskResult.NOTHING);
    List<String> started = new ArrayList<>();
    for (int i = 0; i < 7; i++) {
      started.add(0, scheduler.start(request(dag("d" + i % 2, 1, task("a")))));
    }
    List<String> listed = new ArrayList<>();
    Optional<String> before = Optional.empty();
    while (true) {
      List<Run> page = scheduler.list(Optional.empty(), Optional.of(RunState.QUEUED), 3, before);
      if (page.isEmpty()) {
        break;
      }
      page.forEach(r -> listed.add(r.id()));
      before = Optional.of(listed.get(listed.size() - 1));
    }

    assertThat(listed).isEqualTo(started);
    assertThat(scheduler.list(Optional.of("d1"), Optional.empty(), 10, Optional.empty()))
        .hasSize(3);
    assertThat(Scheduler.anyWorkerAlive(metadata.jdbi(), "test")).isFalse();
  }

  @Test
  void endsARunOfADagWithoutTasks() {
    Scheduler scheduler = scheduler(1, c -> TaskResult.NOTHING);

    String run = scheduler.start(request(dag("d", 1)));

    assertThat(scheduler.awaitEnd(run).state()).isEqualTo(RunState.SUCCESS);
  }

  @Test
  void endsARunThatThisVersionCannotReadAndGoesOn() {
    Scheduler client = scheduler(0, c -> TaskResult.NOTHING);
    String broken = client.start(request(dag("d", 1, task("a"), task("b", "a"))));
    Servers.execute(database, "UPDATE ecluse.run SET dag = '{\"from\": \"the future\"}'");
    Scheduler scheduler = scheduler(1, c -> TaskResult.NOTHING);
    String sound = scheduler.start(request(dag("e", 1, task("a"))));

    assertThat(scheduler.awaitEnd(sound).state()).isEqualTo(RunState.SUCCESS);
    Run ended = scheduler.awaitEnd(broken);
    assertThat(ended.state()).isEqualTo(RunState.FAILED);
    assertThat(ended.error().orElseThrow()).contains("cannot be read");
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new EcluseException(ErrorCode.CANCELLED, "interrupted", e);
    }
  }

  private static void sleep(int millis) {
    try {
      Thread.sleep(millis);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
