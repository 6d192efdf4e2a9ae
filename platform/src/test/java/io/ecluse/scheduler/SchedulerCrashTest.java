package io.ecluse.scheduler;

import static org.assertj.core.api.Assertions.assertThat;

import io.ecluse.Servers;
import io.ecluse.metadata.DatabaseSettings;
import io.ecluse.metadata.Metadata;
import io.ecluse.pipeline.Dag;
import io.ecluse.pipeline.RetryPolicy;
import io.ecluse.pipeline.RunLimits;
import io.ecluse.pipeline.Task;
import io.ecluse.pipeline.Work;
import io.ecluse.postgres.PostgresServer;
import io.ecluse.postgres.PostgresSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Real processes are killed, a real server is stopped. */
@Timeout(60)
class SchedulerCrashTest {
  private final List<Process> processes = new CopyOnWriteArrayList<>();

  @AfterEach
  void endProcesses() {
    processes.forEach(Process::destroyForcibly);
  }

  @Test
  void finishesInAnotherProcessWhatAKilledOneWasRunning() throws Exception {
    DatabaseSettings database = Servers.settings(Servers.newMigratedDatabase());
    try (Metadata metadata = new Metadata(database);
        Scheduler client = scheduler(metadata, 0, c -> TaskResult.NOTHING)) {
      client.open();
      assertThat(Scheduler.anyWorkerAlive(metadata.jdbi(), "test")).isFalse();
      Process doomed = process(database, 2);
      String run = client.start(request(task("quick"), task("slow", "quick"), task("z", "slow")));
      await(() -> client.task(run, "slow").orElseThrow().state() == TaskProgress.RUNNING);
      assertThat(Scheduler.anyWorkerAlive(metadata.jdbi(), "test")).isTrue();

      try (Scheduler survivor = scheduler(metadata, 2, c -> TaskResult.NOTHING)) {
        survivor.open();
        await(survivor::hasJoined);
        doomed.destroyForcibly();
        doomed.waitFor();
        long killed = System.nanoTime();
        assertThat(client.awaitEnd(run).state()).isEqualTo(RunState.SUCCESS);
        assertThat(Duration.ofNanos(System.nanoTime() - killed)).isLessThan(Duration.ofSeconds(10));
      }
      assertThat(client.attempts(run, "slow"))
          .extracting(AttemptState::state)
          .containsExactly("lost", "success");
      assertThat(client.attempts(run, "slow").get(0).error().orElseThrow()).contains("worker died");
      assertThat(client.attempts(run, "quick")).hasSize(1);
    }
  }

  @Test
  void tellsOtherProcessesOfEveryChangeInOrder() throws Exception {
    DatabaseSettings database = Servers.settings(Servers.newMigratedDatabase());
    try (Metadata metadata = new Metadata(database);
        Scheduler client = scheduler(metadata, 0, c -> TaskResult.NOTHING)) {
      List<String> heard = new CopyOnWriteArrayList<>();
      client.open();
      process(database, 1);
      await(() -> Scheduler.anyWorkerAlive(metadata.jdbi(), "test"));
      client.subscribe(e -> heard.add(e.kind() + e.taskId().map(t -> " " + t).orElse("")));

      String run = client.start(request(task("a"), task("b", "a")));
      client.awaitEnd(run);
      await(() -> heard.stream().filter("RUN"::equals).count() >= 3);

      assertThat(heard)
          .containsSubsequence(
              "RUN", "RUN", "TASK a", "LOG a", "TASK a", "TASK b", "TASK b", "RUN");
      assertThat(heard.get(heard.size() - 1)).isEqualTo("RUN");
      assertThat(client.log(run, "b", 1, 0, 10)).extracting(LogLine::text).hasSize(1);
    }
  }

  @Test
  void goesOnWhenTheDatabaseRestartsInTheMiddle(@TempDir Path folder) throws Exception {
    PostgresSettings settings = new PostgresSettings(folder.resolve("postgres"), 0, Map.of());
    PostgresServer server = PostgresServer.open(settings);
    server.ensureDatabase("platform");
    DatabaseSettings database =
        new DatabaseSettings(server.jdbcUrl("platform"), server.user(), server.password());
    AtomicInteger done = new AtomicInteger();
    TaskRunner runner =
        context -> {
          Thread.sleep(10);
          done.incrementAndGet();
          return TaskResult.NOTHING;
        };
    try (Metadata metadata = new Metadata(database);
        Scheduler scheduler = scheduler(metadata, 4, runner)) {
      scheduler.open();
      Task[] tasks = new Task[200];
      Arrays.setAll(tasks, i -> i < 4 ? task("t" + i) : task("t" + i, "t" + (i - 4)));
      String run = scheduler.start(request(tasks));
      await(() -> done.get() > 40);

      stop(folder.resolve("postgres"));
      Thread.sleep(300);
      PostgresServer again = PostgresServer.open(settings);

      assertThat(again.port()).isEqualTo(server.port());
      assertThat(scheduler.awaitEnd(run).state()).isEqualTo(RunState.SUCCESS);
      for (Task task : tasks) {
        List<String> states =
            scheduler.attempts(run, task.id()).stream().map(AttemptState::state).toList();
        assertThat(states).endsWith("success").doesNotContain("failed", "running");
        assertThat(states.stream().filter("success"::equals)).hasSize(1);
      }
      again.close();
    } finally {
      server.close();
    }
  }

  /** As an administrator does; the server's files say who it is. */
  private static void stop(Path folder) throws IOException, InterruptedException {
    try (var files = Files.walk(folder)) {
      Path pidFile = files.filter(f -> f.endsWith("postmaster.pid")).findFirst().orElseThrow();
      long pid = Long.parseLong(Files.readAllLines(pidFile).get(0).strip());
      new ProcessBuilder("kill", "-INT", String.valueOf(pid)).start().waitFor();
      ProcessHandle.of(pid).ifPresent(p -> p.onExit().orTimeout(20, TimeUnit.SECONDS).join());
    }
  }

  private static Scheduler scheduler(Metadata metadata, int workers, TaskRunner runner) {
    return new Scheduler(
        metadata.jdbi(),
        metadata::dedicatedConnection,
        new SchedulerSettings("test", workers, SchedulerSettings.Turn.ALWAYS),
        runner,
        new Time(Clock.systemUTC(), System::nanoTime));
  }

  private Process process(DatabaseSettings database, int workers) throws IOException {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                SchedulerProcess.class.getName(),
                database.jdbcUrl(),
                database.user(),
                database.password(),
                "test",
                String.valueOf(workers))
            .inheritIO()
            .start();
    processes.add(process);
    return process;
  }

  private static RunRequest request(Task... tasks) {
    RunLimits limits = new RunLimits(4, Duration.ofMinutes(5));
    Dag dag = new Dag("d", "", Optional.empty(), limits, List.of(tasks), Map.of());
    return new RunRequest(dag, Trigger.CLI, Instant.now(), Set.of());
  }

  private static Task task(String id, String... upstream) {
    return new Task(id, Work.EMPTY, Set.of(upstream), RetryPolicy.NEVER, Duration.ofMinutes(5));
  }

  private static void await(BooleanSupplier condition) throws InterruptedException {
    while (!condition.getAsBoolean()) {
      Thread.sleep(5);
    }
  }
}
