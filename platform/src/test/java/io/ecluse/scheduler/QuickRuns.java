package io.ecluse.scheduler;

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
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;

/** Runs of tasks that are tried again at once, for tests of how they end. */
final class QuickRuns {
  private static final RetryPolicy QUICK =
      new RetryPolicy(2, Duration.ofMillis(1), 2.0, Duration.ofSeconds(1));

  private QuickRuns() {}

  static Task task(String id, String... upstream) {
    return new Task(id, Work.EMPTY, Set.of(upstream), QUICK, Duration.ofSeconds(30));
  }

  static Dag dag(String id, int parallel, Task... tasks) {
    return new Dag(
        id,
        "",
        Optional.empty(),
        new RunLimits(parallel, Duration.ofMinutes(5)),
        List.of(tasks),
        Map.of());
  }

  static RunRequest request(Dag dag, String... keys) {
    return new RunRequest(dag, Trigger.MANUAL, Instant.now(), Set.of(keys));
  }

  static Map<String, TaskProgress> states(Scheduler scheduler, String run) {
    Map<String, TaskProgress> states = new TreeMap<>();
    scheduler.tasks(run).forEach(t -> states.put(t.taskId(), t.state()));
    return states;
  }

  static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new EcluseException(ErrorCode.CANCELLED, "interrupted", e);
    }
  }

  static void sleep(int millis) {
    try {
      Thread.sleep(millis);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
