package io.ecluse.scheduler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ecluse.Servers;
import io.ecluse.error.EcluseException;
import io.ecluse.error.ErrorCode;
import io.ecluse.metadata.Metadata;
import io.ecluse.pipeline.Dag;
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
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The database answers, but its disk has no space for what happens: it says so as PostgreSQL. */
@Timeout(90)
class StoreFullTest {
  private static final String FULL =
      """
      CREATE FUNCTION ecluse.full() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        RAISE EXCEPTION 'could not extend file "base/1/2": No space left on device'
          USING ERRCODE = 'disk_full', HINT = 'Check free disk space.';
      END $$;
      CREATE TRIGGER full_disk BEFORE UPDATE ON ecluse.task_instance
        FOR EACH ROW WHEN (NEW.state = 'success') EXECUTE FUNCTION ecluse.full()
      """;

  private final String database = Servers.newMigratedDatabase();
  private final Metadata metadata = new Metadata(Servers.settings(database));

  @AfterEach
  void close() {
    metadata.close();
  }

  private static RunRequest request() {
    Task task = Task.of("a", Work.EMPTY, Set.of());
    Dag dag = new Dag("d", "", Optional.empty(), RunLimits.DEFAULT, List.of(task), Map.of());
    return new RunRequest(dag, Trigger.MANUAL, Instant.now(), Set.of());
  }

  @Test
  void whoWaitsForARunIsToldThatTheDiskIsFullAndTheRunGoesOnWithSpace() {
    Servers.execute(database, FULL);
    CountDownLatch ended = new CountDownLatch(1);
    try (Scheduler scheduler =
        new Scheduler(
            metadata.jdbi(),
            metadata::dedicatedConnection,
            new SchedulerSettings(
                "test", 2, SchedulerSettings.Turn.ALWAYS, Duration.ofMillis(50), 100),
            c -> {
              ended.countDown();
              return new TaskResult.Done(7, 0, java.util.Map.of());
            },
            new Time(Clock.systemUTC(), System::nanoTime))) {
      scheduler.open();
      String run = scheduler.start(request());

      assertThatThrownBy(() -> scheduler.awaitEnd(run))
          .isInstanceOfSatisfying(
              EcluseException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.DISK_FULL))
          .hasMessageContaining("the disk of its server is full; make space");
      assertThat(ended.getCount()).isZero();

      Servers.execute(database, "DROP TRIGGER full_disk ON ecluse.task_instance");
      Run done = awaitEnd(scheduler, run);
      assertThat(done.state()).isEqualTo(RunState.SUCCESS);
      assertThat(scheduler.task(run, "a").orElseThrow().rows()).isEqualTo(7);
      assertThat(scheduler.attempts(run, "a")).as("nothing was done twice").hasSize(1);
    }
  }

  /** Until the next write has shown that there is space, who asks is told that there is none. */
  private static Run awaitEnd(Scheduler scheduler, String run) {
    while (true) {
      try {
        return scheduler.awaitEnd(run);
      } catch (EcluseException e) {
        assertThat(e.code()).isEqualTo(ErrorCode.DISK_FULL);
      }
    }
  }
}
