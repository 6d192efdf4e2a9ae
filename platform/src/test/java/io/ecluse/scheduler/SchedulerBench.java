package io.ecluse.scheduler;

import io.ecluse.Servers;
import io.ecluse.metadata.DatabaseSettings;
import io.ecluse.metadata.Metadata;
import io.ecluse.pipeline.Dag;
import io.ecluse.pipeline.RetryPolicy;
import io.ecluse.pipeline.RunLimits;
import io.ecluse.pipeline.Task;
import io.ecluse.pipeline.Work;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;

/**
 * What the scheduler itself costs: tasks that do nothing, every state durable in a real PostgreSQL.
 * Prints one line per figure: figure, value, unit, budget, ok or MISSED, separated by tabs.
 */
public final class SchedulerBench {
  private static final int WORKERS = 64;
  private static final int TASKS = 6_000;
  private static final int CHAIN = 1_000;
  private static final Duration IDLE = Duration.ofSeconds(5);

  private final Scheduler scheduler;
  private final Map<String, Long> begins = new ConcurrentHashMap<>();
  private final Map<String, Long> ends = new ConcurrentHashMap<>();

  private SchedulerBench(Metadata metadata) {
    this.scheduler =
        new Scheduler(
            metadata.jdbi(),
            metadata::dedicatedConnection,
            new SchedulerSettings("bench", WORKERS, SchedulerSettings.Turn.ALWAYS),
            context -> {
              begins.put(context.task().id(), System.nanoTime());
              ends.put(context.task().id(), System.nanoTime());
              return TaskResult.NOTHING;
            },
            new Time(Clock.systemUTC(), System::nanoTime));
  }

  public static void main(String[] arguments) throws Exception {
    try (Metadata metadata = Servers.newMetadata()) {
      SchedulerBench bench = new SchedulerBench(metadata);
      try (Scheduler scheduler = bench.scheduler) {
        scheduler.open();
        bench.wide(TASKS / 4);
        bench.chain(CHAIN / 4);
        double perSecond = bench.wide(TASKS);
        double handOver = bench.chain(CHAIN);
        double idle = bench.idle();
        double recovery = recovery();
        figure("no-op tasks", perSecond, "tasks/s", ">= 1500", perSecond >= 1_500);
        figure("hand-over p95", handOver, "ms", "< 10", handOver < 10);
        figure("idle process CPU", idle, "% of a core", "< 1", idle < 1);
        figure("work goes on after kill -9", recovery, "s", "< 2", recovery < 2);
      }
    }
  }

  /** A tenth of the tasks first, then nine that each wait for one of them. */
  private double wide(int count) {
    Task[] tasks = new Task[count];
    int roots = count / 10;
    Arrays.setAll(tasks, i -> i < roots ? task("t" + i) : task("t" + i, "t" + i % roots));
    long begin = System.nanoTime();
    run(tasks);
    return count / ((System.nanoTime() - begin) / 1e9);
  }

  private double chain(int count) {
    Task[] tasks = new Task[count];
    Arrays.setAll(tasks, i -> i == 0 ? task("c0") : task("c" + i, "c" + (i - 1)));
    run(tasks);
    double[] millis = new double[count - 1];
    Arrays.setAll(millis, i -> (begins.get("c" + (i + 1)) - ends.get("c" + i)) / 1e6);
    Arrays.sort(millis);
    System.out.printf(
        Locale.ROOT,
        "hand-over of %d tasks: median %.2f ms, p95 %.2f ms, longest %.2f ms%n",
        count,
        millis[millis.length / 2],
        millis[millis.length * 95 / 100],
        millis[millis.length - 1]);
    return millis[millis.length * 95 / 100];
  }

  private double idle() throws InterruptedException {
    var system =
        (com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    Thread.sleep(1_000);
    long before = system.getProcessCpuTime();
    Thread.sleep(IDLE.toMillis());
    return 100.0 * (system.getProcessCpuTime() - before) / IDLE.toNanos();
  }

  /**
   * From the kill of a process to the begin of the next attempt in another that is there already.
   */
  private static double recovery() throws Exception {
    DatabaseSettings database = Servers.settings(Servers.newMigratedDatabase());
    CountDownLatch taken = new CountDownLatch(1);
    try (Metadata metadata = new Metadata(database);
        Scheduler survivor =
            new Scheduler(
                metadata.jdbi(),
                metadata::dedicatedConnection,
                new SchedulerSettings("bench", 1, SchedulerSettings.Turn.ALWAYS),
                context -> {
                  taken.countDown();
                  return TaskResult.NOTHING;
                },
                new Time(Clock.systemUTC(), System::nanoTime))) {
      Process doomed =
          new ProcessBuilder(
                  Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                  "-cp",
                  System.getProperty("java.class.path"),
                  SchedulerProcess.class.getName(),
                  database.jdbcUrl(),
                  database.user(),
                  database.password(),
                  "bench",
                  "1")
              .inheritIO()
              .start();
      Dag dag =
          new Dag(
              "crash", "", Optional.empty(), RunLimits.DEFAULT, List.of(task("slow")), Map.of());
      String run = survivor.start(new RunRequest(dag, Trigger.MANUAL, Instant.now(), Set.of()));
      while (survivor.task(run, "slow").orElseThrow().state() != TaskProgress.RUNNING) {
        Thread.sleep(10);
      }
      survivor.open();
      Thread.sleep(1_000);
      long begin = System.nanoTime();
      doomed.destroyForcibly();
      taken.await();
      return (System.nanoTime() - begin) / 1e9;
    }
  }

  private void run(Task... tasks) {
    Dag dag =
        new Dag(
            "bench",
            "",
            Optional.empty(),
            new RunLimits(WORKERS, Duration.ofMinutes(10)),
            List.of(tasks),
            Map.of());
    String run =
        scheduler.start(new RunRequest(dag, Trigger.MANUAL, Instant.now(), Set.of("bench")));
    Run ended = scheduler.awaitEnd(run);
    if (ended.state() != RunState.SUCCESS) {
      throw new AssertionError("Run " + run + " ended as " + ended.state() + ": " + ended.error());
    }
  }

  private static Task task(String id, String... upstream) {
    return new Task(id, Work.EMPTY, Set.of(upstream), RetryPolicy.NEVER, Duration.ofMinutes(1));
  }

  private static void figure(
      String name, double value, String unit, String budget, boolean isKept) {
    System.out.printf(
        Locale.ROOT, "%s\t%.2f\t%s\t%s\t%s%n", name, value, unit, budget, isKept ? "ok" : "MISSED");
  }
}
