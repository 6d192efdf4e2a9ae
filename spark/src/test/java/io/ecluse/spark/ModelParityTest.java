package io.ecluse.spark;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every model of the demo project gives the same rows on Spark and on DuckDB. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ModelParityTest {
  private DuckDb duckDb;
  private Path built;

  @BeforeAll
  void buildOnBoth(@TempDir Path folder) throws SQLException, IOException {
    duckDb = DuckDb.open();
    SmallErp.write(duckDb.connection(), Files.createDirectory(folder.resolve("erp")));
    built = folder.resolve("built");
    Map<String, TransformPlan.Input> tables = new HashMap<>();
    for (String table : SmallErp.TABLES) {
      String file = folder.resolve("erp").resolve(table + ".parquet").toString();
      tables.put("erp." + table, new TransformPlan.Input.Parquet(file));
    }
    TransformPlan plan = new TransformPlan(tables, DemoModels.inOrder(), built.toString());
    try (SparkSession spark = Spark.local(folder)) {
      new TransformApplication(spark, model -> {}).run(plan);
    }
    for (TransformPlan.Model model : plan.models()) {
      duckDb.execute("CREATE SCHEMA IF NOT EXISTS " + model.name().split("\\.")[0]);
      duckDb.execute("CREATE TABLE %s AS %s".formatted(model.name(), model.sql()));
    }
  }

  @AfterAll
  void close() throws SQLException {
    if (duckDb != null) {
      duckDb.close();
    }
  }

  static List<String> models() {
    return DemoModels.inOrder().stream().map(TransformPlan.Model::name).toList();
  }

  @ParameterizedTest
  @MethodSource("models")
  void aModelIsTheSameOnBothEngines(String model) throws SQLException {
    DuckDb.Result expected = duckDb.query("SELECT * FROM " + model);
    DuckDb.Result actual = duckDb.query("SELECT * FROM " + onSpark(model));
    assertThat(expected.rows()).as("a comparison needs rows").isNotEmpty();
    assertThat(actual.columns()).isEqualTo(expected.columns());
    assertThat(actual.rows()).isEqualTo(expected.rows());
  }

  @ParameterizedTest
  @MethodSource("models")
  void aModelHasTheSameKindsOfTypesOnBothEngines(String model) throws SQLException {
    assertThat(kinds(onSpark(model))).isEqualTo(kinds(model));
  }

  @Test
  void everyModelIsAmongThem() {
    assertThat(models()).hasSizeGreaterThanOrEqualTo(13).contains("marts.students");
  }

  private String onSpark(String model) {
    return "read_parquet('%s/*.parquet')".formatted(built.resolve(model));
  }

  /** Integers of any width are one kind; a decimal is not a double, and a date no time. */
  private List<String> kinds(String table) throws SQLException {
    return duckDb
        .query(
            """
            SELECT column_name, CASE
              WHEN column_type IN ('TINYINT', 'SMALLINT', 'INTEGER', 'BIGINT', 'HUGEINT') THEN 'integer'
              WHEN column_type IN ('FLOAT', 'DOUBLE') THEN 'float'
              ELSE column_type END AS kind
            FROM (DESCRIBE SELECT * FROM %s)"""
                .formatted(table))
        .rows();
  }
}
