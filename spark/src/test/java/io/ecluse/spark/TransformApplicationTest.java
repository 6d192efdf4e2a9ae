package io.ecluse.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TransformApplicationTest {
  private Path folder;
  private SparkSession spark;

  @BeforeAll
  void start(@TempDir Path temporary) {
    folder = temporary;
    spark = Spark.local(folder);
  }

  @AfterAll
  void stop() {
    spark.stop();
  }

  @Test
  void anIcebergTableIsReadAtTheVersionNamed() throws IOException {
    spark.conf().set("spark.sql.catalog.lake", "org.apache.iceberg.spark.SparkCatalog");
    spark.conf().set("spark.sql.catalog.lake.type", "hadoop");
    spark.conf().set("spark.sql.catalog.lake.warehouse", folder.resolve("lake").toString());
    spark.sql("CREATE TABLE lake.erp.grades (student_id INT, grade FLOAT) USING iceberg");
    spark.sql("INSERT INTO lake.erp.grades VALUES (1, 60), (1, 70), (2, NULL)");
    Path version = newestMetadata(folder.resolve("lake/erp/grades/metadata"));
    spark.sql("INSERT INTO lake.erp.grades VALUES (3, 1)");

    List<String> done = new ArrayList<>();
    TransformPlan plan =
        new TransformPlan(
            Map.of("erp.grades", new TransformPlan.Input.Iceberg(version.toString())),
            List.of(
                new TransformPlan.Model(
                    "core.averages",
                    "SELECT student_id, avg(CAST(grade AS double)) AS average FROM erp.grades GROUP BY student_id"),
                new TransformPlan.Model(
                    "marts.known", "SELECT * FROM core.averages WHERE average IS NOT NULL")),
            folder.resolve("out").toString());
    new TransformApplication(spark, m -> done.add(m.name() + " " + m.rows())).run(plan);

    assertThat(done).containsExactly("core.averages 2", "marts.known 1");
    assertThat(
            spark.read().parquet(folder.resolve("out/marts.known").toString()).first().getDouble(1))
        .isEqualTo(65.0);
  }

  @Test
  void runningTwiceGivesTheSame() {
    TransformPlan plan = planOf("marts.one", "SELECT 1 AS one");
    List<Long> rows = new ArrayList<>();
    TransformApplication application = new TransformApplication(spark, m -> rows.add(m.rows()));
    application.run(plan);
    application.run(plan);
    assertThat(rows).containsExactly(1L, 1L);
  }

  @Test
  void aModelThatFailsIsNamedWithSparksMessage() {
    assertThatThrownBy(() -> run(planOf("marts.broken", "SELECT nam FROM (SELECT 1 AS name) t")))
        .isInstanceOf(TransformException.class)
        .hasMessageStartingWith("Model marts.broken failed: [UNRESOLVED_COLUMN")
        .hasMessageContaining("`name`");
    assertThatThrownBy(() -> run(planOf("marts.zero", "SELECT 1 / (id - 1) AS x FROM range(3)")))
        .isInstanceOf(TransformException.class)
        .hasMessageStartingWith("Model marts.zero failed: [DIVIDE_BY_ZERO]");
  }

  @Test
  void aTableThatIsNotThereIsNamed() {
    TransformPlan plan =
        new TransformPlan(
            Map.of("erp.gone", new TransformPlan.Input.Iceberg(folder + "/no.metadata.json")),
            List.of(new TransformPlan.Model("marts.m", "SELECT * FROM erp.gone")),
            folder.resolve("out").toString());
    assertThatThrownBy(() -> run(plan))
        .isInstanceOf(TransformException.class)
        .hasMessageContaining("no.metadata.json");
  }

  @Test
  void sparkReadsTheSqlOfTheModels() {
    run(
        planOf(
            "marts.dialect",
            "SELECT TIMESTAMP '2024-01-01 10:00:00' AS \"at\", try_cast('x' AS integer) AS none"));
    assertThat(
            spark
                .read()
                .parquet(folder.resolve("out/marts.dialect").toString())
                .schema()
                .simpleString())
        .isEqualTo("struct<at:timestamp_ntz,none:int>");
  }

  private void run(TransformPlan plan) {
    new TransformApplication(spark, model -> {}).run(plan);
  }

  private TransformPlan planOf(String name, String sql) {
    return new TransformPlan(
        Map.of(), List.of(new TransformPlan.Model(name, sql)), folder.resolve("out").toString());
  }

  private static Path newestMetadata(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .filter(f -> f.toString().endsWith(".metadata.json"))
          .max(Path::compareTo)
          .orElseThrow();
    }
  }
}
