package io.ecluse.scheduler;

import static org.assertj.core.api.Assertions.assertThat;

import io.ecluse.Servers;
import io.ecluse.metadata.Metadata;
import io.ecluse.pipeline.Dag;
import io.ecluse.pipeline.DagJson;
import io.ecluse.pipeline.RetryPolicy;
import io.ecluse.pipeline.RunLimits;
import io.ecluse.pipeline.Task;
import io.ecluse.pipeline.Work;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Processes that take tasks from some queues alone. */
@Timeout(120)
class QueuesTest {
  private final Metadata metadata = Servers.newMetadata();
  private final Map<String, String> whoRan = new ConcurrentHashMap<>();

  @AfterEach
  void close() {
    metadata.close();
  }

  private Scheduler process(String name, String queues) {
    Scheduler scheduler =
        new Scheduler(
            metadata.jdbi(),
            metadata::dedicatedConnection,
            new SchedulerSettings(
                "test",
                4,
                SchedulerSettings.Turn.ALWAYS,
                queues.isEmpty() ? Map.of() : Map.of(SchedulerSettings.QUEUES, queues)),
            attempt -> {
              whoRan.put(attempt.task().id(), name);
              return TaskResult.NOTHING;
            },
            new Time(Clock.systemUTC(), System::nanoTime));
    scheduler.open();
    return scheduler;
  }

  private static Task task(String id, String queue, String... after) {
    return new Task(id, Work.EMPTY, Set.of(after), RetryPolicy.NEVER, Duration.ofMinutes(5), queue);
  }

  private static RunRequest request(Task... tasks) {
    Dag dag = new Dag("d", "", Optional.empty(), RunLimits.DEFAULT, List.of(tasks), Map.of());
    assertThat(DagJson.read(DagJson.write(dag))).isEqualTo(dag);
    return new RunRequest(dag, Trigger.MANUAL, Instant.now(), Set.of());
  }

  @Test
  void eachTakesTasksOfItsQueuesAlone() {
    try (Scheduler light = process("light", "default, light");
        Scheduler heavy = process("heavy", "heavy")) {
      String run =
          light.start(
              request(
                  task("a", "default"),
                  task("b", "heavy", "a"),
                  task("c", "light", "b"),
                  task("d", "heavy", "c")));
      assertThat(heavy.awaitEnd(run).state()).isEqualTo(RunState.SUCCESS);
    }
    assertThat(whoRan)
        .containsExactlyInAnyOrderEntriesOf(
            Map.of("a", "light", "b", "heavy", "c", "light", "d", "heavy"));
  }

  @Test
  void whatNobodyServesWaitsAndIsToldOfUntilSomebodyTakesAll() {
    String run;
    try (Scheduler light = process("light", "default")) {
      run = light.start(request(task("a", "default"), task("b", "heavy", "a")));
      Schedulers.until(() -> light.load().ready().equals(Map.of("heavy", 1L)), () -> {});
      assertThat(light.find(run).orElseThrow().state()).isEqualTo(RunState.RUNNING);
      assertThat(whoRan).containsOnlyKeys("a");
    }
    try (Scheduler all = process("all", "")) {
      assertThat(all.awaitEnd(run).state()).isEqualTo(RunState.SUCCESS);
    }
    assertThat(whoRan).containsEntry("b", "all");
  }
}
