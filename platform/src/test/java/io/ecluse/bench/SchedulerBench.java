package io.ecluse.bench;

import io.ecluse.Servers;
import io.ecluse.metadata.Metadata;
import io.ecluse.pipeline.Dag;
import io.ecluse.pipeline.RetryPolicy;
import io.ecluse.pipeline.RunLimits;
import io.ecluse.pipeline.Task;
import io.ecluse.pipeline.Work;
import io.ecluse.scheduler.Run;
import io.ecluse.scheduler.RunRequest;
import io.ecluse.scheduler.RunState;
import io.ecluse.scheduler.Scheduler;
import io.ecluse.scheduler.SchedulerSettings;
import io.ecluse.scheduler.TaskResult;
import io.ecluse.scheduler.Time;
import io.ecluse.scheduler.Trigger;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;

/** What the scheduler itself costs: tasks that do nothing, every state durable in PostgreSQL. */
public final class SchedulerBench {
  private static final int WORKERS = 64;
  private static final int ROUNDS = 3;

  private final Scheduler scheduler;
  private final Map<String, Long> begins;
  private final Map<String, Long> ends;

  private SchedulerBench(Scheduler scheduler, Map<String, Long> begins, Map<String, Long> ends) {
    this.scheduler = scheduler;
    this.begins = begins;
    this.ends = ends;
  }

  public static void main(String[] arguments) {
    int tasks = Arrays.asList(arguments).contains("--quick") ? 2_000 : 6_000;
    Map<String, Long> begins = new ConcurrentHashMap<>();
    Map<String, Long> ends = new ConcurrentHashMap<>();
    try (Metadata metadata = Servers.newMetadata();
        Scheduler scheduler =
            new Scheduler(
                metadata.jdbi(),
                metadata::dedicatedConnection,
                new SchedulerSettings("bench", WORKERS, SchedulerSettings.Turn.ALWAYS),
                context -> {
                  begins.put(context.task().id(), System.nanoTime());
                  ends.put(context.task().id(), System.nanoTime());
                  return TaskResult.NOTHING;
                },
                new Time(Clock.systemUTC(), System::nanoTime))) {
      scheduler.open();
      new SchedulerBench(scheduler, begins, ends).measure(tasks);
    }
  }

  private void measure(int tasks) {
    List<Double> perSecond = new ArrayList<>();
    List<Double> medians = new ArrayList<>();
    List<Double> p95 = new ArrayList<>();
    for (int round = 0; round <= ROUNDS; round++) {
      double wide = wide(tasks);
      double[] millis = chain(tasks / 6);
      if (round > 0) { // the first warms up
        perSecond.add(wide);
        medians.add(millis[millis.length / 2]);
        p95.add(millis[millis.length * 95 / 100]);
      }
    }
    System.out.printf("%nMedian of %d rounds, %d workers%n", ROUNDS, WORKERS);
    Figures.row("no-op tasks per second", Figures.median(perSecond));
    Figures.row("hand-over, median ms", Figures.median(medians));
    Figures.row("hand-over, p95 ms", Figures.median(p95));
    Figures figures = new Figures();
    figures.atLeast("no-op tasks", Figures.median(perSecond), "tasks/s", 1_500);
    figures.atMost("hand-over p95", Figures.median(p95), "ms", 10);
    figures.print();
  }

  /** A tenth of the tasks first, then nine tenths that each wait for one of them. */
  private double wide(int count) {
    int roots = count / 10;
    long begin = System.nanoTime();
    run(
        IntStream.range(0, count)
            .mapToObj(i -> i < roots ? task("t" + i) : task("t" + i, "t" + i % roots))
            .toList());
    return count / ((System.nanoTime() - begin) / 1e9);
  }

  /** Milliseconds between the end of each task and the begin of the next, sorted. */
  private double[] chain(int count) {
    run(
        IntStream.range(0, count)
            .mapToObj(i -> i == 0 ? task("c0") : task("c" + i, "c" + (i - 1)))
            .toList());
    return IntStream.range(1, count)
        .mapToDouble(i -> (begins.get("c" + i) - ends.get("c" + (i - 1))) / 1e6)
        .sorted()
        .toArray();
  }

  private void run(List<Task> tasks) {
    RunLimits limits = new RunLimits(WORKERS, Duration.ofMinutes(10));
    Dag dag = new Dag("bench", "", Optional.empty(), limits, tasks, Map.of());
    Run run =
        scheduler.awaitEnd(
            scheduler.start(new RunRequest(dag, Trigger.MANUAL, Instant.now(), Set.of("bench"))));
    if (run.state() != RunState.SUCCESS) {
      throw new AssertionError("Run %s ended as %s".formatted(run.id(), run.state()));
    }
  }

  private static Task task(String id, String... upstream) {
    return new Task(id, Work.EMPTY, Set.of(upstream), RetryPolicy.NEVER, Duration.ofMinutes(1));
  }
}
