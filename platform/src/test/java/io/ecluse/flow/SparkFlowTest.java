package io.ecluse.flow;

import static org.assertj.core.api.Assertions.assertThat;

import io.ecluse.scheduler.Run;
import io.ecluse.scheduler.RunState;
import io.ecluse.scheduler.TaskProgress;
import io.ecluse.scheduler.TaskState;
import io.ecluse.storage.Relocation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
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

  @TempDir static Path folder;
  private static SparkShop shop;
  private static SparkToys toys;

  @BeforeAll
  static void project() throws IOException {
    toys = new SparkToys(folder);
    shop = new SparkShop(folder);
    toys.platform().project().refresh();
  }

  @AfterAll
  static void close() {
    toys.close();
  }

  @Test
  @Order(1)
  void buildsTestsAndPublishesTheSameRowsAsDuckDb() {
    toys.succeeds("daily", "duckdb");
    List<Object[]> expected = toys.rows(ROWS);

    Run run = toys.succeeds("daily", "spark");

    assertThat(toys.rows(ROWS)).usingRecursiveComparison().isEqualTo(expected);
    TaskState task =
        toys.platform().scheduler().tasks(run.id()).stream()
            .filter(t -> t.taskId().equals("build.marts.shops"))
            .findFirst()
            .orElseThrow();
    assertThat(task.rows()).isEqualTo(2);
    assertThat(task.facts()).containsEntry("engine", "spark").containsEntry("cluster", "local");
  }

  @Test
  @Order(2)
  void usesTheApplicationThatIsWarm() {
    String before = toys.application().orElseThrow();

    toys.succeeds("daily", "spark");

    assertThat(toys.application()).contains(before);
  }

  @Test
  @Order(3)
  void tellsWhichRowsBreakATestOnTheCluster() throws IOException {
    toys.write("tests/cheap.sql", "SELECT shop FROM marts.shops WHERE total < 5\n");
    toys.platform().project().refresh();

    Run run = toys.run("daily", "spark");

    toys.write("tests/cheap.sql", "SELECT shop FROM marts.shops WHERE total < 4\n");
    toys.platform().project().refresh();
    assertThat(run.state()).isEqualTo(RunState.FAILED);
    assertThat(run.error().orElseThrow()).contains("audit.cheap").contains("shop = south");
  }

  @Test
  @Order(4)
  void endsTheJobOfARunThatIsCancelledAndKeepsTheApplication() throws Exception {
    String before = toys.application().orElseThrow();
    String run = toys.start("pairs", "spark");
    toys.awaitJob(run);

    toys.platform().scheduler().cancel(run);

    assertThat(toys.awaitEnd(run).state()).isEqualTo(RunState.CANCELLED);
    assertThat(toys.number("SELECT count(*) FROM engine_job WHERE state IN ('queued', 'running')"))
        .isZero();
    assertThat(toys.application()).contains(before);
  }

  @Test
  @Order(5)
  void beginsAnewWhatWasLostWithItsApplication() throws Exception {
    String before = toys.application().orElseThrow();
    String run = toys.start("pairs", "spark");
    toys.awaitJob(run);

    SparkToys.kill(before);

    toys.requireSuccess(toys.awaitEnd(run));
    assertThat(toys.application().orElseThrow()).isNotEqualTo(before);
    assertThat(toys.number("SELECT max(tries) FROM engine_job WHERE run_id = '" + run + "'"))
        .isEqualTo(2);
    assertThat(toys.rows("SELECT pairs > 0 FROM slow.pairs")).containsExactly(new Object[] {true});
  }

  @Test
  @Order(6)
  void takesUpJobsThatAPlatformBeforeHasBegun() throws Exception {
    String run = toys.start("pairs", "spark");
    toys.awaitJob(run);
    toys.awaitState(run, TaskProgress.WAITING);

    toys.platform().close();
    toys.open();

    toys.requireSuccess(toys.awaitEnd(run));
    assertThat(
            toys.number(
                "SELECT count(*) FROM engine_job WHERE run_id = '"
                    + run
                    + "' AND request ->> 'table' = 'slow.pairs'"))
        .isEqualTo(1);
  }

  @Test
  @Order(7)
  void publishesWhatAProgramOfTheProjectHasWritten() throws IOException {
    toys.write(
        "jobs/prices.sql",
        """
        CREATE OR REPLACE TEMPORARY VIEW known AS SELECT shop, price FROM stock.toys WHERE shop IS NOT NULL;
        CREATE OR REPLACE TABLE marts.prices USING iceberg AS
          SELECT shop, max(price) AS highest, '${spark.ecluse.run}' AS run,
            (SELECT count(*) FROM parquet.`${spark.ecluse.staging.stock.toys}`) AS staged FROM known GROUP BY shop;
        """);
    toys.write(
        "dags/programs.yaml",
        """
        retries: 0
        tasks:
          prices: { spark: jobs/prices.sql, reads: [stock.toys], writes: [marts.prices] }
        """);
    toys.platform().project().refresh();

    Run run = toys.succeeds("programs", "auto");

    assertThat(toys.rows("SELECT shop, highest, run, staged FROM marts.prices ORDER BY shop"))
        .usingRecursiveComparison()
        .isEqualTo(
            List.of(
                new Object[] {"north", 3.5, run.id(), 3L},
                new Object[] {"south", 4.5, run.id(), 3L}));
    assertThat(toys.platform().scheduler().tasks(run.id()).get(0).facts())
        .containsEntry("spark_reads", "stock.toys")
        .containsEntry("spark_writes", "marts.prices");
  }

  /** Each batch is loaded by DuckDB first, then, once that is rolled back, by Spark. */
  private static void loadsAlike(String what) {
    toys.succeeds("read", "duckdb");
    Run byDuckDb = toys.succeeds("load", "duckdb");
    List<String> expected = shop.rows(toys.platform());
    toys.platform().warehouse().rollBack(byDuckDb.id());

    Run run = toys.succeeds("load", "spark");

    assertThat(shop.rows(toys.platform())).as(what).isEqualTo(expected);
    assertThat(shop.told(toys.platform(), run))
        .as(what)
        .isEqualTo(shop.told(toys.platform(), byDuckDb));
    assertThat(toys.number(LOADS.formatted(run.id()))).as(what).isGreaterThan(3);
    assertThat(toys.number(LOADS.formatted(run.id()).replace("'fill', 'merge'", "'sums'")))
        .as("values are held against the source's where they are")
        .isPositive();
    assertThat(toys.platform().scheduler().tasks(run.id()).get(0).facts())
        .containsEntry("engine", "spark");
  }

  @Test
  @Order(8)
  @Timeout(900)
  void loadsWholeStreamsIncrementsAndHistoryAsDuckDbDoes() {
    loadsAlike("everything");
    assertThat(shop.marks(toys.platform(), "orders")).containsKeys("ecluse.job", "ecluse.batch");
    shop.change();
    toys.succeeds("read", "duckdb");
    toys.succeeds("load", "duckdb");
    assertThat(shop.deleted(toys.platform(), "orders"))
        .as("rows in files of DuckDB's")
        .isPositive();
    shop.changeAgain();
    loadsAlike("increments over rows that DuckDB has marked as deleted, and a column more");
  }

  @Test
  @Order(9)
  void loadsOnceWhatWasLostWithItsApplication() throws Exception {
    shop.changeOnceMore();
    toys.succeeds("read", "duckdb");
    String run = toys.start("load", "spark");
    while (toys.number(LOADS.formatted(run) + " AND state = 'running'") == 0) {
      Thread.sleep(5);
    }

    SparkToys.kill(toys.application().orElseThrow());

    toys.requireSuccess(toys.awaitEnd(run));
    assertThat(toys.rows("SELECT count(*), count(DISTINCT id) FROM shop.visits"))
        .usingRecursiveComparison()
        .isEqualTo(List.<Object[]>of(new Object[] {shop.visits(), shop.visits()}));
    assertThat(toys.rows("SELECT state FROM shop.orders WHERE id IN (2, 5) ORDER BY id"))
        .containsExactly(new Object[] {"sent"}, new Object[] {"sent"});
  }

  @Test
  @Order(10)
  void goesOnWhileThePlatformIsAwayAndCommitsWhenItIsBack() throws Exception {
    String run = toys.start("pairs", "spark");
    toys.awaitJob(run);
    toys.awaitState(run, TaskProgress.WAITING);

    toys.platform().close();
    toys.awaitSaying("The platform's catalog does not answer");
    toys.open();

    toys.requireSuccess(toys.awaitEnd(run));
    assertThat(toys.number("SELECT sum(tries) FROM engine_job WHERE run_id = '%s'".formatted(run)))
        .isEqualTo(1);
  }

  /**
   * The program waits between two looks at a table for a file, which is made once it has changed.
   */
  @Test
  @Order(11)
  void readsAllOfAJobAsOfOneMoment() throws Exception {
    JarProgram.write(
        folder.resolve("jobs/twice.jar"),
        "Twice",
        """
        import java.nio.file.Files;
        import java.nio.file.Path;
        import org.apache.spark.sql.SparkSession;

        public class Twice {
          public static void main(String[] arguments) throws Exception {
            SparkSession spark = SparkSession.builder().getOrCreate();
            spark.sql("CREATE OR REPLACE TABLE marts.first USING iceberg AS SELECT count(*) AS toys FROM stock.toys");
            while (!Files.exists(Path.of(arguments[0]))) {
              Thread.sleep(20);
            }
            spark.sql("CREATE OR REPLACE TABLE marts.second USING iceberg AS SELECT count(*) AS toys FROM stock.toys");
          }
        }
        """);
    Path go = folder.resolve("go");
    toys.write(
        "dags/twice.yaml",
        """
        retries: 0
        tasks:
          twice: { spark: jobs/twice.jar, class: Twice, arguments: ["%s"], reads: [stock.toys], writes: [marts.first, marts.second] }
        """
            .formatted(go));
    toys.platform().project().refresh();
    String run = toys.start("twice", "auto");
    while (toys.number(
                "SELECT count(*) FROM engine_job WHERE run_id = '%s' AND facts ->> 'writes' LIKE '%%marts.first%%'"
                    .formatted(run))
            == 0
        && !toys.platform().scheduler().find(run).orElseThrow().state().isEnd()) {
      Thread.sleep(20);
    }
    toys.write("exports/toys.csv", "id,price,shop,day\n1,2.5,north,2026-01-31\n");
    toys.succeeds("toys", "duckdb");
    assertThat(toys.platform().scheduler().find(run).orElseThrow().state().isEnd()).isFalse();
    Files.createFile(go);

    toys.requireSuccess(toys.awaitEnd(run));

    assertThat(toys.rows("SELECT a.toys, b.toys FROM marts.first a, marts.second b"))
        .usingRecursiveComparison()
        .isEqualTo(List.<Object[]>of(new Object[] {3L, 3L}));
    assertThat(toys.rows("SELECT count(*) FROM stock.toys")).containsExactly(new Object[] {1L});
  }

  @Test
  @Order(12)
  void readsAndWritesOnAfterTheTablesWereTakenElsewhere() throws Exception {
    Path go = folder.resolve("go-on");
    toys.write(
        "dags/across.yaml",
        """
        retries: 1
        tasks:
          across: { spark: jobs/twice.jar, class: Twice, arguments: ["%s"], reads: [stock.toys], writes: [marts.first, marts.second] }
        """
            .formatted(go));
    toys.platform().project().refresh();
    String run = toys.start("across", "auto");
    while (toys.number(
            "SELECT count(*) FROM engine_job WHERE run_id = '%s' AND facts ->> 'writes' LIKE '%%marts.first%%'"
                .formatted(run))
        == 0) {
      Thread.sleep(20);
    }
    Path lake = folder.resolve("lake/dev");
    toys.platform()
        .warehouse()
        .relocation()
        .move(lake.toString(), new Relocation.Asked(p -> {}, () -> false));
    Files.createFile(go);

    toys.requireSuccess(toys.awaitEnd(run));
    assertThat(toys.rows("SELECT a.toys, b.toys FROM marts.first a, marts.second b"))
        .usingRecursiveComparison()
        .isEqualTo(List.<Object[]>of(new Object[] {1L, 1L}));
    toys.succeeds("toys", "duckdb");
    List<Object[]> expected = toys.rows(ROWS);
    toys.succeeds("toys", "spark");
    assertThat(toys.rows(ROWS)).usingRecursiveComparison().isEqualTo(expected);
    assertThat(toys.platform().warehouse().location()).isEqualTo(lake.toRealPath().toString());
  }
}
