package io.ecluse.flow;

import static org.assertj.core.api.Assertions.assertThat;

import io.ecluse.Platform;
import io.ecluse.Registrations;
import io.ecluse.Servers;
import io.ecluse.access.Caller;
import io.ecluse.access.Policy;
import io.ecluse.engine.Cancellation;
import io.ecluse.engine.ToyEngine;
import io.ecluse.project.DagExpander;
import io.ecluse.project.Project;
import io.ecluse.query.Ticket;
import io.ecluse.scheduler.Run;
import io.ecluse.scheduler.RunRequest;
import io.ecluse.scheduler.RunState;
import io.ecluse.scheduler.Trigger;
import io.ecluse.warehouse.ReadView;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** An engine is registered, and nothing else changes: the whole flow runs by it. */
@Timeout(60)
class ToyEngineFlowTest {
  @TempDir Path folder;
  private final ToyEngine.Cluster cluster = new ToyEngine.Cluster();
  private final String metadata = metadata();

  private void write(String name, String text) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }

  private void project() throws IOException {
    write("ecluse.yaml", "name: toys\n");
    write("exports/toys.csv", "id,price,shop\n1,2.5,north\n2,3.5,north\n3,4.5,south\n");
    write(
        "sources/stock.yaml",
        """
        type: files
        location: exports
        streams:
          toys: { files: toys.csv }
        """);
    write(
        "models/marts/shops.sql",
        """
        /* ecluse
        columns:
          shop: { tests: [not_null, unique] }
          total: { tests: [not_null] }
        */
        SELECT shop, sum(price) AS total FROM stock.toys GROUP BY shop
        """);
    write("tests/cheap.sql", "SELECT shop FROM marts.shops WHERE total < 4\n");
    write(
        "dags/daily.yaml",
        """
        retries: 0
        tasks:
          read: { extract: stock }
          load: { load: stock, after: [read] }
          models: { build: "*", after: [load] }
          audits: { audit: "*", after: [models] }
        """);
  }

  private static String metadata() {
    return "postgresql://%s:%s@127.0.0.1:%d/%s"
        .formatted(
            Servers.server().user(),
            Servers.server().password(),
            Servers.server().port(),
            Servers.newDatabase());
  }

  private Platform open() {
    return new Platform(
        new Platform.Opening(
                folder,
                Project.DEFAULT_ENVIRONMENT,
                Platform.Workers.HERE,
                2,
                Map.of("ECLUSE_DATABASE_URL", metadata))
            .with(Registrations.builtIn().with(cluster)));
  }

  private static Run run(Platform platform) {
    return platform.scheduler().awaitEnd(start(platform));
  }

  private static String start(Platform platform) {
    Project project = platform.project().get();
    var dag = new DagExpander(project).expand(project.dag("daily"));
    return platform
        .scheduler()
        .start(new RunRequest(dag, Trigger.MANUAL, Instant.now(), Writes.of(dag)));
  }

  private static List<Object[]> rows(Platform platform, String sql) {
    Ticket ticket = Ticket.quick(Caller.commandLine(Policy.OPEN), new Cancellation());
    return platform.queries().read(ticket, sql, ReadView.PUBLISHED, 10).rows();
  }

  @Test
  void fillsTestsAndPublishesWhatPeopleThenRead() throws IOException {
    project();
    cluster.finish();
    try (Platform platform = open()) {
      Run run = run(platform);

      assertThat(run.state()).as(String.valueOf(run.error())).isEqualTo(RunState.SUCCESS);
      assertThat(cluster.asked()).contains("fill", "describe", "write", "resume", "run");
      assertThat(rows(platform, "SELECT * FROM marts.shops ORDER BY shop"))
          .containsExactly(new Object[] {"north", 6.0}, new Object[] {"south", 4.5});
    }
    assertThat(cluster.asked()).endsWith("close");
  }

  @Test
  void publishesNothingThatBreaksATest() throws IOException {
    project();
    write("tests/cheap.sql", "SELECT shop FROM marts.shops WHERE total < 5\n");
    cluster.finish();
    try (Platform platform = open()) {
      Run run = run(platform);

      assertThat(run.state()).isEqualTo(RunState.FAILED);
      assertThat(run.error().orElseThrow()).contains("shop = south");
      assertThat(platform.warehouse().tables()).isEmpty();
    }
  }

  @Test
  void endsTheJobOfARunThatIsCancelled() throws Exception {
    project();
    try (Platform platform = open()) {
      String run = start(platform);
      while (!cluster.asked().contains("resume")) {
        Thread.sleep(20);
      }
      platform.scheduler().cancel(run);

      assertThat(platform.scheduler().awaitEnd(run).state()).isEqualTo(RunState.CANCELLED);
      assertThat(cluster.asked()).containsOnlyOnce("end job-0").containsOnlyOnce("write");
    }
  }

  @Test
  void takesUpAJobThatAProcessBeforeHasBegun() throws Exception {
    project();
    String run;
    try (Platform platform = open()) {
      run = start(platform);
      while (!cluster.asked().contains("resume")) {
        Thread.sleep(20);
      }
    }
    cluster.finish();
    try (Platform platform = open()) {
      Run ended = platform.scheduler().awaitEnd(run);

      assertThat(ended.state()).as(String.valueOf(ended.error())).isEqualTo(RunState.SUCCESS);
      assertThat(cluster.asked()).containsOnlyOnce("write");
      assertThat(rows(platform, "SELECT count(*) FROM marts.shops"))
          .containsExactly(new Object[] {2L});
    }
  }
}
