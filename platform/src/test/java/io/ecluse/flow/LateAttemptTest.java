package io.ecluse.flow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ecluse.Servers;
import io.ecluse.error.EcluseException;
import io.ecluse.error.ErrorCode;
import io.ecluse.pipeline.Dag;
import io.ecluse.project.DagExpander;
import io.ecluse.project.Project;
import io.ecluse.scheduler.AttemptState;
import io.ecluse.scheduler.LogLine;
import io.ecluse.scheduler.Run;
import io.ecluse.scheduler.RunRequest;
import io.ecluse.scheduler.RunState;
import io.ecluse.scheduler.Trigger;
import io.ecluse.schema.TableName;
import io.ecluse.staging.BatchManifest;
import io.ecluse.transform.TestOutcome;
import io.ecluse.transform.TestResults;
import io.ecluse.warehouse.Fence;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;

/** An attempt that was thought to be dead, and goes on while another has its place. */
class LateAttemptTest extends ShopFixture {
  private String begin() {
    Project project = platform.project().get();
    Dag dag = new DagExpander(project).expand(project.dag("shop"));
    return platform
        .scheduler()
        .start(new RunRequest(dag, Trigger.MANUAL, Instant.now(), Writes.of(dag)));
  }

  /** As a process does that finds the worker of a task dead. */
  private void takePlace(String run) {
    platform
        .metadata()
        .jdbi()
        .useTransaction(
            h -> {
              h.execute(
                  "UPDATE task_instance SET state = 'pending', worker_id = NULL WHERE run_id = ? AND state = 'running'",
                  run);
              h.execute(
                  "UPDATE attempt SET state = 'lost', ended_at = now() WHERE run_id = ? AND state = 'running'",
                  run);
            });
  }

  private List<String> log(String run, int attempt) {
    return platform.scheduler().log(run, "read", attempt, 0, 100).stream()
        .map(LogLine::text)
        .toList();
  }

  private static void await(BooleanSupplier condition) throws InterruptedException {
    long end = System.nanoTime() + 30_000_000_000L;
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).isLessThan(end);
      Thread.sleep(20);
    }
  }

  @Test
  void stagesNoBatchAndDisturbsTheAttemptThatHasItsPlaceInNothing() throws Exception {
    String run;
    try (Connection source = Servers.server().connect(database());
        Statement statement = source.createStatement()) {
      source.setAutoCommit(false);
      statement.execute("LOCK TABLE orders IN ACCESS EXCLUSIVE MODE"); // both attempts wait for it
      run = begin();
      await(() -> waiting() >= 1);
      takePlace(run);
      await(() -> platform.scheduler().attempts(run, "read").size() == 2);
      await(() -> waiting() >= 2);
    } // the lock goes with the connection

    Run ended = platform.scheduler().awaitEnd(run);
    assertThat(ended.state()).as(String.valueOf(ended.error())).isEqualTo(RunState.SUCCESS);
    assertThat(platform.scheduler().attempts(run, "read"))
        .extracting(AttemptState::state)
        .containsExactly("lost", "success");
    Thread.sleep(1_000); // the late one has had its time to do harm
    assertThat(platform.staging().list("shop", "orders"))
        .extracting(BatchManifest::extractId)
        .as(String.valueOf(log(run, 1)))
        .containsExactly(run + ".2");
    assertThat(rows("select count(*) from shop.orders")).containsExactly(List.of("1000"));
  }

  /** Sessions that wait for the locked table. */
  private int waiting() {
    return platform
        .metadata()
        .jdbi()
        .withHandle(
            h ->
                h.createQuery(
                        "SELECT count(*) FROM pg_stat_activity WHERE datname = ? AND wait_event_type = 'Lock'")
                    .bind(0, database())
                    .mapTo(Integer.class)
                    .one());
  }

  @Test
  void writesNoResultOfATestOverThatOfTheAttemptThatHasItsPlace() {
    TableName table = new TableName("marts", "words");
    TestResults results = platform.stages().testResults();
    Fence overtaken =
        connection -> {
          throw new EcluseException(ErrorCode.ATTEMPT_OVERTAKEN, "late");
        };
    results.keep("r-1", table, List.of(outcome(0)));

    assertThatThrownBy(
            () ->
                platform
                    .stages()
                    .behind(overtaken)
                    .testResults()
                    .keep("r-1", table, List.of(outcome(3))))
        .isInstanceOfSatisfying(
            EcluseException.class,
            e -> assertThat(e.code()).isEqualTo(ErrorCode.ATTEMPT_OVERTAKEN));
    assertThat(results.last(table)).singleElement().matches(TestResults.Last::passed);
  }

  private static TestOutcome outcome(long failing) {
    return new TestOutcome("unique", Optional.of("id"), failing, List.of());
  }
}
