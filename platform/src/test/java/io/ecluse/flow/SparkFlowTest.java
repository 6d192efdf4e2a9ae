package io.ecluse.flow;

import static org.assertj.core.api.Assertions.assertThat;

import io.ecluse.Platform;
import io.ecluse.Servers;
import io.ecluse.access.Caller;
import io.ecluse.access.Policy;
import io.ecluse.engine.Cancellation;
import io.ecluse.project.Compute;
import io.ecluse.project.DagExpander;
import io.ecluse.project.Project;
import io.ecluse.query.Ticket;
import io.ecluse.scheduler.Run;
import io.ecluse.scheduler.RunRequest;
import io.ecluse.scheduler.RunState;
import io.ecluse.scheduler.TaskState;
import io.ecluse.scheduler.Trigger;
import io.ecluse.warehouse.ReadView;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A whole flow by a real Spark in a process of its own, which stays for the next run. */
@Timeout(300)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class SparkFlowTest {
  private static final String ROWS = "SELECT * FROM marts.shops ORDER BY shop";

  @TempDir static Path folder;
  private static String metadata;
  private static Platform platform;

  private static void write(String name, String text) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }

  @BeforeAll
  static void project() throws IOException {
    metadata =
        "postgresql://%s:%s@127.0.0.1:%d/%s"
            .formatted(
                Servers.server().user(),
                Servers.server().password(),
                Servers.server().port(),
                Servers.newDatabase());
    write(
        "ecluse.yaml",
        """
        name: toys
        clusters:
          local: { type: local, cores: 2, memory: 700MB, idle: 60s, conf: { spark.sql.shuffle.partitions: "2" } }
        """);
    write(
        "exports/toys.csv",
        "id,price,shop,day\n1,2.5,north,2026-01-31\n2,3.5,north,2026-02-01\n3,4.5,south,\n");
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
        SELECT shop, sum(price) AS total, count(*) AS toys, max(day) AS latest
        FROM stock.toys GROUP BY shop
        """);
    write(
        "models/marts/ranks.sql",
        """
        /* ecluse
        columns:
          shop: { tests: [{ relationship: { to: marts.shops, column: shop } }] }
        */
        SELECT shop, row_number() OVER (ORDER BY total DESC) AS place FROM marts.shops
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
    open();
  }

  @AfterAll
  static void close() {
    platform.close();
    ProcessHandle.current().children().forEach(ProcessHandle::destroy);
  }

  private static void open() {
    Map<String, String> variables = new HashMap<>(Map.of("ECLUSE_DATABASE_URL", metadata));
    variables.put("XDG_CACHE_HOME", Path.of("target", "spark-cache").toAbsolutePath().toString());
    Optional.ofNullable(System.getenv("ECLUSE_SPARK_APPLICATION"))
        .ifPresent(jar -> variables.put("ECLUSE_SPARK_APPLICATION", jar));
    platform =
        new Platform(
            new Platform.Opening(
                folder, Project.DEFAULT_ENVIRONMENT, Platform.Workers.HERE, 4, variables));
  }

  private static Run run(String engine) {
    return platform.scheduler().awaitEnd(start(engine));
  }

  private static String start(String engine) {
    Project project = platform.project().get();
    var dag =
        new DagExpander(project, new Compute(Optional.of(engine), Optional.empty()))
            .expand(project.dag("daily"));
    return platform
        .scheduler()
        .start(new RunRequest(dag, Trigger.MANUAL, Instant.now(), Writes.of(dag)));
  }

  private static List<Object[]> rows(String sql) {
    Ticket ticket = Ticket.quick(Caller.commandLine(Policy.OPEN), new Cancellation());
    return platform.queries().read(ticket, sql, ReadView.PUBLISHED, 10).rows();
  }

  private static void requireSuccess(Run run) {
    assertThat(run.state())
        .as(
            () ->
                run.error()
                    + "\n"
                    + platform.scheduler().tasks(run.id()).stream()
                        .flatMap(t -> t.error().stream())
                        .toList())
        .isEqualTo(RunState.SUCCESS);
  }

  @Test
  @Order(1)
  void buildsTestsAndPublishesTheSameRowsAsDuckDb() {
    requireSuccess(run("duckdb"));
    List<Object[]> expected = rows(ROWS);

    Run run = run("spark");

    requireSuccess(run);
    assertThat(rows(ROWS)).usingRecursiveComparison().isEqualTo(expected);
    TaskState task =
        platform.scheduler().tasks(run.id()).stream()
            .filter(t -> t.taskId().equals("build.marts.shops"))
            .findFirst()
            .orElseThrow();
    assertThat(task.rows()).isEqualTo(2);
    assertThat(task.facts()).containsEntry("engine", "spark").containsEntry("cluster", "local");
  }
}
