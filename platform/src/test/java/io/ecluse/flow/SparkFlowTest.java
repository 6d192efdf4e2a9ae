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
import io.ecluse.scheduler.TaskProgress;
import io.ecluse.scheduler.TaskState;
import io.ecluse.scheduler.Trigger;
import io.ecluse.storage.Relocation;
import io.ecluse.warehouse.ReadView;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A whole flow by a real Spark in a process of its own, which stays for the next run. */
@Timeout(600)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class SparkFlowTest {
  private static final String ROWS = "SELECT * FROM marts.shops ORDER BY shop";

  /** The jobs that load in a run. */
  private static final String LOADS =
      "SELECT count(*) FROM engine_job WHERE run_id = '%s' AND request ->> 'kind' IN ('fill', 'merge')";

  /** Their threefold product keeps a processor busy for some seconds. */
  private static final int NUMBERS = 900;

  @TempDir static Path folder;
  private static String metadata;
  private static SparkShop shop;
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
          local: { type: local, cores: 2, memory: 700MB, idle: 30s, conf: { spark.sql.shuffle.partitions: "2" } }
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
          numbers: { files: numbers.csv }
        """);
    write(
        "exports/numbers.csv",
        IntStream.range(0, NUMBERS)
            .mapToObj(i -> i + "\n")
            .collect(Collectors.joining("", "number\n", "")));
    write(
        "models/slow/pairs.sql",
        """
        /* ecluse
        description: Takes some seconds.
        */
        SELECT count(*) AS pairs FROM stock.numbers a, stock.numbers b, stock.numbers c
        WHERE a.number + b.number + c.number < 900
        """);
    write(
        "dags/toys.yaml",
        "retries: 0\ntasks: { read: { extract: stock, streams: [toys] }, load: { load: stock, streams: [toys], after: [read] } }\n");
    write("dags/pairs.yaml", "retries: 0\ntasks: { models: { build: slow.pairs } }\n");
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
          models: { build: "marts.*", after: [load] }
          audits: { audit: "*", after: [models] }
        """);
    shop = new SparkShop(folder);
    open();
  }

  @AfterAll
  static void close() {
    Optional<String> warm = application();
    platform.close();
    warm.flatMap(p -> ProcessHandle.of(Long.parseLong(p.replaceFirst("@.*", ""))))
        .ifPresent(ProcessHandle::destroyForcibly);
  }

  private static void open() {
    Map<String, String> variables = new HashMap<>(Map.of("ECLUSE_DATABASE_URL", metadata));
    variables.put("XDG_CACHE_HOME", Path.of("target", "spark-cache").toAbsolutePath().toString());
    variables.put("ECLUSE_SECRET_SHOP", Servers.server().password());
    Optional.ofNullable(System.getenv("ECLUSE_SPARK_APPLICATION"))
        .ifPresent(jar -> variables.put("ECLUSE_SPARK_APPLICATION", jar));
    platform =
        new Platform(
            new Platform.Opening(
                folder, Project.DEFAULT_ENVIRONMENT, Platform.Workers.HERE, 4, variables));
  }

  private static Run run(String engine) {
    return platform.scheduler().awaitEnd(start("daily", engine));
  }

  private static String start(String id, String engine) {
    Project project = platform.project().get();
    var dag =
        new DagExpander(project, new Compute(Optional.of(engine), Optional.empty()))
            .expand(project.dag(id));
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

  @Test
  @Order(2)
  void usesTheApplicationThatIsWarm() {
    String before = application().orElseThrow();

    requireSuccess(run("spark"));

    assertThat(application()).contains(before);
  }

  @Test
  @Order(3)
  void tellsWhichRowsBreakATestOnTheCluster() throws IOException {
    write("tests/cheap.sql", "SELECT shop FROM marts.shops WHERE total < 5\n");
    platform.project().refresh();

    Run run = run("spark");

    write("tests/cheap.sql", "SELECT shop FROM marts.shops WHERE total < 4\n");
    platform.project().refresh();
    assertThat(run.state()).isEqualTo(RunState.FAILED);
    assertThat(run.error().orElseThrow()).contains("audit.cheap").contains("shop = south");
  }

  @Test
  @Order(4)
  void endsTheJobOfARunThatIsCancelledAndKeepsTheApplication() throws Exception {
    String before = application().orElseThrow();
    String run = start("pairs", "spark");
    awaitJob(run);

    platform.scheduler().cancel(run);

    assertThat(platform.scheduler().awaitEnd(run).state()).isEqualTo(RunState.CANCELLED);
    assertThat(openJobs()).isZero();
    assertThat(application()).contains(before);
  }

  @Test
  @Order(5)
  void beginsAnewWhatWasLostWithItsApplication() throws Exception {
    String before = application().orElseThrow();
    String run = start("pairs", "spark");
    awaitJob(run);
    long pid = Long.parseLong(before.replaceFirst("@.*", ""));

    ProcessHandle.of(pid).orElseThrow().destroyForcibly();

    requireSuccess(platform.scheduler().awaitEnd(run));
    assertThat(application().orElseThrow()).isNotEqualTo(before);
    assertThat(number("SELECT max(tries) FROM engine_job WHERE run_id = '" + run + "'"))
        .isEqualTo(2);
    assertThat(rows("SELECT pairs > 0 FROM slow.pairs")).containsExactly(new Object[] {true});
  }

  @Test
  @Order(6)
  void takesUpJobsThatAPlatformBeforeHasBegun() throws Exception {
    String run = start("pairs", "spark");
    awaitJob(run);
    awaitState(run, TaskProgress.WAITING);

    platform.close();
    open();

    requireSuccess(platform.scheduler().awaitEnd(run));
    assertThat(
            number(
                "SELECT count(*) FROM engine_job WHERE run_id = '"
                    + run
                    + "' AND request ->> 'table' = 'slow.pairs'"))
        .isEqualTo(1);
  }

  @Test
  @Order(7)
  void publishesWhatAProgramOfTheProjectHasWritten() throws IOException {
    write(
        "jobs/prices.sql",
        """
        CREATE OR REPLACE TEMPORARY VIEW known AS SELECT shop, price FROM stock.toys WHERE shop IS NOT NULL;
        CREATE OR REPLACE TABLE marts.prices USING iceberg AS
          SELECT shop, max(price) AS highest, '${spark.ecluse.run}' AS run,
            (SELECT count(*) FROM parquet.`${spark.ecluse.staging.stock.toys}`) AS staged FROM known GROUP BY shop;
        """);
    write(
        "dags/programs.yaml",
        """
        retries: 0
        tasks:
          prices: { spark: jobs/prices.sql, reads: [stock.toys], writes: [marts.prices] }
        """);
    platform.project().refresh();

    Run run = platform.scheduler().awaitEnd(start("programs", "auto"));

    requireSuccess(run);
    assertThat(rows("SELECT shop, highest, run, staged FROM marts.prices ORDER BY shop"))
        .usingRecursiveComparison()
        .isEqualTo(
            List.of(
                new Object[] {"north", 3.5, run.id(), 3L},
                new Object[] {"south", 4.5, run.id(), 3L}));
    assertThat(platform.scheduler().tasks(run.id()).get(0).facts())
        .containsEntry("spark_reads", "stock.toys")
        .containsEntry("spark_writes", "marts.prices");
  }

  /** Each batch is loaded by DuckDB first, then, once that is rolled back, by Spark. */
  private void loadsAlike(String what) {
    requireSuccess(platform.scheduler().awaitEnd(start("read", "duckdb")));
    Run byDuckDb = platform.scheduler().awaitEnd(start("load", "duckdb"));
    requireSuccess(byDuckDb);
    List<String> expected = shop.rows(platform);
    platform.warehouse().rollBack(byDuckDb.id());

    Run run = platform.scheduler().awaitEnd(start("load", "spark"));

    requireSuccess(run);
    assertThat(shop.rows(platform)).as(what).isEqualTo(expected);
    assertThat(shop.told(platform, run)).as(what).isEqualTo(shop.told(platform, byDuckDb));
    assertThat(number(LOADS.formatted(run.id()))).as(what).isGreaterThan(3);
    assertThat(number(LOADS.formatted(run.id()).replace("'fill', 'merge'", "'sums'")))
        .as("values are held against the source's where they are")
        .isPositive();
    assertThat(platform.scheduler().tasks(run.id()).get(0).facts())
        .containsEntry("engine", "spark");
  }

  @Test
  @Order(8)
  @Timeout(900)
  void loadsWholeStreamsIncrementsAndHistoryAsDuckDbDoes() {
    loadsAlike("everything");
    assertThat(shop.marks(platform, "orders")).containsKeys("ecluse.job", "ecluse.batch");
    shop.change();
    requireSuccess(platform.scheduler().awaitEnd(start("read", "duckdb")));
    requireSuccess(platform.scheduler().awaitEnd(start("load", "duckdb")));
    assertThat(shop.deleted(platform, "orders")).as("rows in files of DuckDB's").isPositive();
    shop.changeAgain();
    loadsAlike("increments over rows that DuckDB has marked as deleted, and a column more");
  }

  @Test
  @Order(9)
  void loadsOnceWhatWasLostWithItsApplication() throws Exception {
    shop.changeOnceMore();
    requireSuccess(platform.scheduler().awaitEnd(start("read", "duckdb")));
    String run = start("load", "spark");
    while (number(LOADS.formatted(run) + " AND state = 'running'") == 0) {
      Thread.sleep(5);
    }
    long pid = Long.parseLong(application().orElseThrow().replaceFirst("@.*", ""));

    ProcessHandle.of(pid).orElseThrow().destroyForcibly();

    requireSuccess(platform.scheduler().awaitEnd(run));
    assertThat(rows("SELECT count(*), count(DISTINCT id) FROM shop.visits"))
        .usingRecursiveComparison()
        .isEqualTo(List.<Object[]>of(new Object[] {shop.visits(), shop.visits()}));
    assertThat(rows("SELECT state FROM shop.orders WHERE id IN (2, 5) ORDER BY id"))
        .containsExactly(new Object[] {"sent"}, new Object[] {"sent"});
  }

  @Test
  @Order(10)
  void goesOnWhileThePlatformIsAwayAndCommitsWhenItIsBack() throws Exception {
    String run = start("pairs", "spark");
    awaitJob(run);
    awaitState(run, TaskProgress.WAITING);

    platform.close();
    awaitSaying("The platform's catalog does not answer");
    open();

    requireSuccess(platform.scheduler().awaitEnd(run));
    assertThat(number("SELECT sum(tries) FROM engine_job WHERE run_id = '%s'".formatted(run)))
        .isEqualTo(1);
  }

  @Test
  @Order(11)
  void readsAllOfAJobAsOfOneMoment() throws Exception {
    write(
        "jobs/twice.sql",
        """
        CREATE OR REPLACE TABLE marts.first USING iceberg AS SELECT count(*) AS toys FROM stock.toys;
        SELECT count(*) FROM stock.numbers a, stock.numbers b, stock.numbers c WHERE a.number + b.number + c.number < 900;
        CREATE OR REPLACE TABLE marts.second USING iceberg AS SELECT count(*) AS toys FROM stock.toys;
        """);
    write(
        "dags/twice.yaml",
        """
        retries: 0
        tasks:
          twice: { spark: jobs/twice.sql, reads: [stock.toys], writes: [marts.first, marts.second] }
        """);
    platform.project().refresh();
    String run = start("twice", "auto");
    while (number(
            "SELECT count(*) FROM engine_job WHERE run_id = '%s' AND facts ->> 'writes' LIKE '%%marts.first%%'"
                .formatted(run))
        == 0) {
      Thread.sleep(20);
    }
    write("exports/toys.csv", "id,price,shop,day\n1,2.5,north,2026-01-31\n");
    requireSuccess(platform.scheduler().awaitEnd(start("toys", "duckdb")));
    assertThat(platform.scheduler().find(run).orElseThrow().state().isEnd()).isFalse();

    requireSuccess(platform.scheduler().awaitEnd(run));

    assertThat(rows("SELECT a.toys, b.toys FROM marts.first a, marts.second b"))
        .usingRecursiveComparison()
        .isEqualTo(List.<Object[]>of(new Object[] {3L, 3L}));
    assertThat(rows("SELECT count(*) FROM stock.toys")).containsExactly(new Object[] {1L});
  }

  @Test
  @Order(12)
  void readsAndWritesOnAfterTheTablesWereTakenElsewhere() throws Exception {
    write(
        "jobs/across.sql",
        """
        CREATE OR REPLACE TABLE marts.before USING iceberg AS SELECT count(*) AS toys FROM stock.toys;
        SELECT java_method('java.lang.Thread', 'sleep', 3000L);
        CREATE OR REPLACE TABLE marts.after USING iceberg AS SELECT count(*) AS toys FROM stock.toys;
        """);
    write(
        "dags/across.yaml",
        """
        retries: 1
        tasks:
          across: { spark: jobs/across.sql, reads: [stock.toys], writes: [marts.before, marts.after] }
        """);
    platform.project().refresh();
    String run = start("across", "auto");
    while (number(
            "SELECT count(*) FROM engine_job WHERE run_id = '%s' AND facts ->> 'writes' LIKE '%%marts.before%%'"
                .formatted(run))
        == 0) {
      Thread.sleep(20);
    }
    Path lake = folder.resolve("lake/dev");
    platform
        .warehouse()
        .relocation()
        .move(lake.toString(), new Relocation.Asked(p -> {}, () -> false));

    requireSuccess(platform.scheduler().awaitEnd(run));
    assertThat(rows("SELECT a.toys, b.toys FROM marts.before a, marts.after b"))
        .usingRecursiveComparison()
        .isEqualTo(List.<Object[]>of(new Object[] {1L, 1L}));
    requireSuccess(run("duckdb"));
    List<Object[]> expected = rows(ROWS);
    requireSuccess(run("spark"));
    assertThat(rows(ROWS)).usingRecursiveComparison().isEqualTo(expected);
    assertThat(platform.warehouse().location()).isEqualTo(lake.toRealPath().toString());
  }

  /** Waits until an application has printed this. */
  private static void awaitSaying(String words) throws Exception {
    Path logs = folder.resolve(".ecluse/spark");
    while (true) {
      try (Stream<Path> files = Files.walk(logs)) {
        for (Path file : files.filter(f -> f.toString().endsWith(".log")).toList()) {
          if (Files.readString(file).contains(words)) {
            return;
          }
        }
      }
      Thread.sleep(50);
    }
  }

  private static Optional<String> application() {
    return platform
        .metadata()
        .jdbi()
        .withHandle(
            h ->
                h.createQuery("SELECT process FROM engine_session WHERE state = 'alive'")
                    .mapTo(String.class)
                    .findOne());
  }

  private static long openJobs() {
    return number("SELECT count(*) FROM engine_job WHERE state IN ('queued', 'running')");
  }

  private static long number(String sql) {
    return platform.metadata().jdbi().withHandle(h -> h.createQuery(sql).mapTo(Long.class).one());
  }

  /** Waits until a task is in a state, or its run has ended before anybody saw that. */
  private static void awaitState(String run, TaskProgress state) throws InterruptedException {
    while (platform.scheduler().tasks(run).stream().noneMatch(t -> t.state() == state)
        && !platform.scheduler().find(run).orElseThrow().state().isEnd()) {
      Thread.sleep(20);
    }
  }

  /** Waits until an application works on a job of a run. */
  private static void awaitJob(String run) throws InterruptedException {
    while (number(
            "SELECT count(*) FROM engine_job WHERE state = 'running' AND run_id = '" + run + "'")
        == 0) {
      Thread.sleep(50);
    }
  }
}
