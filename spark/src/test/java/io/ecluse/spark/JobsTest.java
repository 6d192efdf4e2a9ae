package io.ecluse.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.apache.iceberg.FileScanTask;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.Schema;
import org.apache.iceberg.SortOrder;
import org.apache.iceberg.Table;
import org.apache.iceberg.io.CloseableIterable;
import org.apache.iceberg.types.Types;
import org.apache.spark.metrics.source.CodegenMetrics;
import org.apache.spark.sql.classic.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Jobs as the platform gives them, on a real Spark, through a real catalog and a real door. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(180)
class JobsTest {
  private static final Schema STUDENTS =
      new Schema(
          Types.NestedField.optional(1, "id", Types.IntegerType.get()),
          Types.NestedField.optional(2, "name", Types.StringType.get()),
          Types.NestedField.optional(3, "average", Types.DecimalType.of(10, 2)));

  private Path folder;
  private SparkSession spark;
  private PlatformSide platform;
  private RestCatalog catalog;
  private JobDoor door;

  @BeforeAll
  void start(@TempDir Path temporary) throws IOException {
    folder = temporary;
    spark = Spark.local(folder);
    platform = new PlatformSide(folder.resolve("runs"), spark);
    catalog = platform.catalog();
    door = platform.door();
  }

  @AfterAll
  void stop() throws IOException {
    platform.close();
    spark.stop();
  }

  @Test
  void writesRowsCastToTheTablesColumnsInItsOrderAndPartitions() throws IOException {
    Table table =
        catalog.create(
            "w1",
            "marts.students",
            STUDENTS,
            PartitionSpec.builderFor(STUDENTS).bucket("id", 2).build(),
            SortOrder.builderFor(STUDENTS).desc("name").build());
    JsonNode result =
        platform.run(
            write(
                "w1",
                "marts.students",
                "SELECT 'n' || id AS name, id + 0.5 AS average, id FROM range(10)"));
    assertThat(result.toString()).isEqualTo("{\"state\":\"done\",\"rows\":10}");

    table.refresh();
    assertThat(table.snapshots()).hasSize(1);
    assertThat(table.currentSnapshot().summary())
        .containsEntry("ecluse.job", "w1-write")
        .containsEntry("batch", "7");
    try (CloseableIterable<FileScanTask> files = table.newScan().includeColumnStats().planFiles()) {
      assertThat(files)
          .hasSize(2)
          .allSatisfy(
              f -> {
                assertThat(f.file().sortOrderId()).isEqualTo(1);
                assertThat(f.file().lowerBounds()).containsKeys(1, 2, 3);
              });
    }
    assertThat(platform.query("w1", "SELECT name, average FROM marts.students WHERE id = 3"))
        .isEqualTo("[[\"n3\",\"3.50\"]]");
    try (Stream<Path> all = Files.walk(folder.resolve("runs/w1"))) {
      assertThat(all.filter(p -> p.toString().contains("/data/") && p.toString().endsWith(".crc")))
          .isEmpty();
    }
  }

  @Test
  void aJobThatIsBegunAgainIsDoneOnce() {
    catalog.create("w2", "marts.students", STUDENTS);
    platform.run(write("w2", "marts.students", "SELECT 1 AS id, 'a' AS name, 1.0 AS average"));
    int commits = catalog.commits();
    JsonNode again =
        platform.run(write("w2", "marts.students", "SELECT 1 AS id, 'a' AS name, 1.0 AS average"));
    assertThat(again.path("rows").asInt()).isEqualTo(1);
    assertThat(catalog.commits()).isEqualTo(commits);
  }

  @Test
  void whatWasCompiledForAJobServesTheNext() {
    catalog.create("w9", "marts.students", STUDENTS);
    platform.run(write("w9", "marts.students", "SELECT 1 AS id, 'a' AS name, 1.0 AS average"));
    String sql =
        "SELECT name, count(*) AS n, sum(id) AS total FROM marts.students WHERE id > 0 GROUP BY name ORDER BY name";
    String first = platform.query("w9", sql);
    long compiled = CodegenMetrics.METRIC_COMPILATION_TIME().getCount();

    assertThat(platform.query("w9", sql)).isEqualTo(first);

    assertThat(CodegenMetrics.METRIC_COMPILATION_TIME().getCount()).isEqualTo(compiled);
  }

  @Test
  void writesReplaceAllRowsEvenByNone() {
    Table table = catalog.create("w3", "marts.students", STUDENTS);
    platform.run(write("w3", "marts.students", "SELECT 1 AS id, 'a' AS name, 1.0 AS average"));
    platform.run(
        write("w3", "marts.students", "SELECT 1 AS id, 'a' AS name, 1.0 AS average LIMIT 0")
            .put("id", "w3-none"));
    assertThat(platform.query("w3", "SELECT count(*) AS n FROM marts.students"))
        .isEqualTo("[[\"0\"]]");
    table.refresh();
    assertThat(table.snapshots()).hasSize(2);
  }

  @Test
  void answersAQueryWithItsFirstRowsInTheContractsTypes() {
    JsonNode result =
        platform.run(
            platform
                .job("q1", "query")
                .put("maxRows", 1)
                .put(
                    "sql",
                    """
                    SELECT 1 AS i, 9007199254740993L AS l, 1.50 AS d, 0.1e0 AS f, CAST(0.1 AS float) AS r, true AS b,
                      DATE '2024-02-29' AS day, TIMESTAMP '2024-02-29 10:00:00.5' AS "at", TIMESTAMP_LTZ '2024-02-29 10:00:00' AS moment,
                      X'00ff' AS bytes, CAST('NaN' AS double) AS nan, NULL AS none, array(1, 2) AS list, 'é' AS text
                    FROM range(3)"""));
    assertThat(result.path("values").toString())
        .isEqualTo(
            "[[1,\"9007199254740993\",\"1.50\",0.1,0.1,true,\"2024-02-29\",\"2024-02-29T10:00:00.500\",\"2024-02-29T10:00:00Z\",\"AP8=\",\"NaN\",null,[1,2],\"é\"]]");
    assertThat(result.path("more").asBoolean()).isTrue();
    assertThat(result.path("columns").findValuesAsText("type"))
        .containsExactly(
            "int",
            "long",
            "decimal(3,2)",
            "double",
            "float",
            "boolean",
            "date",
            "timestamp",
            "timestamptz",
            "binary",
            "double",
            "string",
            "list<int>",
            "string");
  }

  @Test
  void nothingButOneSelectOfTablesIsAQuery() {
    for (String sql :
        List.of(
            "DROP TABLE marts.students",
            "SELECT 1; SELECT 2",
            "SELECT reflect('java.lang.System', 'getenv', 'HOME')",
            "SELECT * FROM text.`/etc/hostname`",
            "INSERT INTO marts.students VALUES (1, 'a', 1)")) {
      JsonNode result = platform.run(platform.job("q2", "query").put("sql", sql));
      assertThat(result.path("state").asText()).as(sql).isEqualTo("failed");
      assertThat(result.path("code").asText()).as(sql).isIn("SQL_INVALID", "NOT_FOUND");
    }
  }

  @Test
  void tellsWhereTheSqlIsWrong() {
    assertFailed("SELECT 1 AS a,\n  nam FROM (SELECT 1 AS name) t", "SQL_INVALID", "nam FROM");
    assertFailed("SELECT 1 AS a\nFRM t", "SQL_INVALID", "FRM t");
    assertFailed("SELECT *\nFROM marts.gone", "NOT_FOUND", "marts.gone");
  }

  @Test
  void tellsNoValuesOfRows() {
    String secret = "SELECT CAST('s' || 'ecret' || id AS int) AS n FROM range(2)";
    JsonNode masked = assertFailed(secret, "SQL_INVALID", "CAST(");
    assertThat(masked.path("message").asText())
        .isEqualTo(
            "A value cannot be converted to INT; values of rows are not told here: run the SELECT with ecluse query to see which, or use TRY_CAST");
    assertThat(door.events("e1-query").toString()).doesNotContain("secret1");
    assertFailed("SELECT 1 / (id - 1) AS x FROM range(3)", "SQL_INVALID", "1 / (");
    JsonNode shown =
        platform.run(platform.job("e2", "query").put("sql", secret).put("values", "shown"));
    assertThat(shown.path("message").asText()).contains("'secret");
  }

  @Test
  void aTokenThatTheCatalogDoesNotKnowIsTold() {
    door.offer(
        "e3-query", platform.job("e3", "query").put("sql", "SELECT * FROM marts.a").toString());
    catalog.forget("e3");
    platform.application(RestCatalog.TOKEN).one("e3-query");
    assertThat(door.result("e3-query").path("code").asText()).isEqualTo("UNAUTHENTICATED");
  }

  @Test
  void anAttemptThatWasOvertakenChangesNothing() {
    Table table = catalog.create("o1", "marts.students", STUDENTS);
    catalog.overtake("o1");
    JsonNode result =
        platform.run(write("o1", "marts.students", "SELECT 1 AS id, 'a' AS name, 1.0 AS average"));
    assertThat(result.path("code").asText()).isEqualTo("ATTEMPT_OVERTAKEN");
    table.refresh();
    assertThat(table.snapshots()).isEmpty();
  }

  @Test
  void tellsHowFarItIsAndWhatItTook() {
    catalog.create("f1", "marts.students", STUDENTS);
    platform.run(
        write(
            "f1",
            "marts.students",
            "SELECT CAST(id % 7 AS int) AS id, max(CAST(id AS string)) AS name, count(*) AS average FROM range(0, 1000, 1, 4) GROUP BY id % 7"));
    List<JsonNode> events = door.events("f1-write");
    JsonNode last = events.get(events.size() - 1);
    assertThat(last.path("facts").path("rows").asLong()).isEqualTo(7);
    assertThat(last.path("facts").path("bytesWritten").asLong()).isPositive();
    assertThat(last.path("facts").path("application").asText()).startsWith("local-");
    assertThat(last.path("progress").path("tasksDone").asLong())
        .isPositive()
        .isEqualTo(last.path("progress").path("tasks").asLong());
    assertThat(last.path("progress").path("stagesDone"))
        .isEqualTo(last.path("progress").path("stages"));
    assertThat(events.toString()).contains("Job f1-write begins");
  }

  @Test
  void aJobThatIsCancelledEndsItsWork() {
    catalog.create("c1", "marts.students", STUDENTS);
    door.cancel("c1-write");
    JsonNode result =
        platform.run(
            write(
                "c1",
                "marts.students",
                "SELECT CAST(max(a.id + b.id) AS int) AS id, 'a' AS name, 1 AS average FROM range(10000000) a CROSS JOIN range(10000000) b WHERE (a.id * b.id) % 7 = 3"));
    assertThat(result.path("code").asText()).isEqualTo("CANCELLED");
    await(() -> spark.sparkContext().statusTracker().getActiveJobIds().length == 0);
  }

  @Test
  void aJobGoesOnWhileTheDoorIsAwayForAMoment() throws InterruptedException {
    catalog.create("d1", "marts.students", STUDENTS);
    ObjectNode job = write("d1", "marts.students", "SELECT 1 AS id, 'a' AS name, 1.0 AS average");
    door.offer("d1-write", job.toString());
    Thread back =
        new Thread(
            () -> {
              await(() -> !door.events("d1-write").isEmpty());
              door.answerWith(503);
              await(() -> catalog.table("d1", "marts.students").currentSnapshot() != null);
              door.answerWith(200);
            });
    back.start();
    platform.application(RestCatalog.TOKEN).one("d1-write");
    back.join();
    assertThat(door.result("d1-write").path("rows").asInt()).isEqualTo(1);
  }

  @Test
  void aJobThatNobodyWaitsForEnds() {
    catalog.create("d2", "marts.students", STUDENTS);
    ObjectNode job =
        write(
            "d2",
            "marts.students",
            "SELECT CAST(max(a.id + b.id) AS int) AS id, 'a' AS name, 1 AS average FROM range(10000000) a CROSS JOIN range(10000000) b WHERE (a.id * b.id) % 7 = 3");
    door.offer("d2-write", job.toString());
    Thread gone =
        new Thread(
            () -> {
              await(() -> !door.events("d2-write").isEmpty());
              door.answerWith(410);
            });
    gone.start();
    try {
      assertThatThrownBy(() -> platform.application(RestCatalog.TOKEN).one("d2-write"))
          .isInstanceOf(Door.Closed.class);
      // Spark counts what it has ended a moment later
      await(() -> spark.sparkContext().statusTracker().getActiveJobIds().length == 0);
    } finally {
      door.answerWith(200);
    }
  }

  @Test
  void aWarmSessionDoesJobsOfSeveralRunsAndEndsWhenIdle() {
    for (String run : List.of("s1", "s2", "s3")) {
      catalog.create(run, "marts.students", STUDENTS);
      door.queue(
          run + "-write",
          write(
                  run,
                  "marts.students",
                  "SELECT 1 AS id, '%s' AS name, 1.0 AS average".formatted(run))
              .put("token", RestCatalog.TOKEN)
              .toString());
    }
    platform.application(JobDoor.SESSION_TOKEN).session("warm", Duration.ofSeconds(1), 2);
    for (String run : List.of("s1", "s2", "s3")) {
      assertThat(door.result(run + "-write").path("rows").asInt()).isEqualTo(1);
      assertThat(platform.query(run, "SELECT name FROM marts.students"))
          .isEqualTo("[[\"%s\"]]".formatted(run));
    }
  }

  private JsonNode assertFailed(String sql, String code, String at) {
    String run = "e1";
    JsonNode result = platform.run(platform.job(run, "query").put("sql", sql));
    assertThat(result.path("code").asText()).as(result.toString()).isEqualTo(code);
    assertThat(sql.substring(result.path("position").asInt(-1))).startsWith(at);
    return result;
  }

  private static void await(BooleanSupplier condition) {
    while (!condition.getAsBoolean()) {
      try {
        Thread.sleep(20);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      }
    }
  }

  private ObjectNode write(String run, String table, String sql) {
    ObjectNode job = platform.job(run, "write").put("table", table).put("sql", sql);
    job.putObject("snapshot").put("batch", "7");
    return job;
  }
}
