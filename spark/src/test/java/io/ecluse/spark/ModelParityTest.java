package io.ecluse.spark;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.iceberg.FileScanTask;
import org.apache.iceberg.Schema;
import org.apache.iceberg.Table;
import org.apache.iceberg.io.CloseableIterable;
import org.apache.iceberg.types.Types;
import org.apache.spark.sql.classic.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every model of the demo project gives the same rows on Spark, as a job, and on DuckDB. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ModelParityTest {
  private static final String RUN = "demo";

  /** What reads the files that Spark wrote for a model. */
  private final Map<String, String> files = new HashMap<>();

  /** The types that Spark's own rows have. */
  private final Map<String, List<String>> types = new HashMap<>();

  private DuckDb duckDb;

  @BeforeAll
  void buildOnBoth(@TempDir Path folder) throws SQLException, IOException {
    duckDb = DuckDb.open();
    SmallErp.write(duckDb.connection(), Files.createDirectory(folder.resolve("erp")));
    try (SparkSession spark = Spark.local(folder);
        PlatformSide platform = new PlatformSide(folder.resolve("runs"), spark)) {
      for (String table : SmallErp.TABLES) {
        create(platform, "erp." + table);
        ObjectNode fill = platform.job(RUN, "fill").put("id", table).put("table", "erp." + table);
        fill.putArray("parts").add(folder.resolve("erp").resolve(table + ".parquet").toString());
        requireDone(platform.run(fill));
      }
      for (DemoModels.Model model : DemoModels.inOrder()) {
        build(platform, model);
      }
    }
  }

  private void build(PlatformSide platform, DemoModels.Model model)
      throws SQLException, IOException {
    duckDb.execute("CREATE SCHEMA IF NOT EXISTS " + model.name().split("\\.")[0]);
    duckDb.execute("CREATE TABLE %s AS %s".formatted(model.name(), model.sql()));
    Table table = create(platform, model.name());
    ObjectNode write = platform.job(RUN, "write").put("id", model.name());
    requireDone(platform.run(write.put("table", model.name()).put("sql", model.sql())));
    table.refresh();
    try (CloseableIterable<FileScanTask> scan = table.newScan().planFiles()) {
      List<String> paths = new ArrayList<>();
      scan.forEach(f -> paths.add("'" + f.file().location().replace("file:", "") + "'"));
      files.put(model.name(), "read_parquet([%s])".formatted(String.join(", ", paths)));
    }
    ObjectNode query = platform.job(RUN, "query").put("id", "query-" + model.name());
    JsonNode rows = platform.run(query.put("sql", model.sql()).put("maxRows", 1));
    requireDone(rows);
    types.put(model.name(), rows.path("columns").findValuesAsText("type"));
  }

  /** As the platform makes a table of what DuckDB describes. */
  private Table create(PlatformSide platform, String name) throws SQLException {
    List<Types.NestedField> columns = new ArrayList<>();
    List<String> names = duckDb.query("SELECT * FROM %s LIMIT 0".formatted(name)).columns();
    List<String> words = duckDb.types("FROM " + name);
    for (int i = 0; i < names.size(); i++) {
      columns.add(
          Types.NestedField.optional(
              i + 1, names.get(i), StagedRows.type(TableTypes.ofDuckDb(words.get(i)))));
    }
    return platform.catalog().create(RUN, name, new Schema(columns));
  }

  private static void requireDone(JsonNode result) {
    assertThat(result.path("state").asText()).as(result.toString()).isEqualTo("done");
  }

  @AfterAll
  void close() throws SQLException {
    if (duckDb != null) {
      duckDb.close();
    }
  }

  static List<String> models() {
    return DemoModels.inOrder().stream().map(DemoModels.Model::name).toList();
  }

  @ParameterizedTest
  @MethodSource("models")
  void aModelIsTheSameOnBothEngines(String model) throws SQLException {
    DuckDb.Result expected = duckDb.query("SELECT * FROM " + model);
    DuckDb.Result actual = duckDb.query("SELECT * FROM " + files.get(model));
    assertThat(expected.rows()).as("a comparison needs rows").isNotEmpty();
    assertThat(actual.columns()).isEqualTo(expected.columns());
    assertThat(actual.rows()).isEqualTo(expected.rows());
  }

  /** Integers of any width are one kind; a decimal is not a double, and a date no time. */
  @ParameterizedTest
  @MethodSource("models")
  void aModelHasTheSameKindsOfTypesOnBothEngines(String model) throws SQLException {
    List<String> expected =
        duckDb.types("FROM " + model).stream().map(TableTypes::ofDuckDb).toList();
    assertThat(kinds(types.get(model))).isEqualTo(kinds(expected));
  }

  private static List<String> kinds(List<String> types) {
    return types.stream()
        .map(t -> t.equals("long") ? "int" : t.equals("float") ? "double" : t)
        .collect(Collectors.toList());
  }

  @Test
  void everyModelIsAmongThem() {
    assertThat(models()).hasSizeGreaterThanOrEqualTo(13).contains("marts.students");
  }
}
