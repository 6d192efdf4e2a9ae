package io.ecluse.spark;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.zip.GZIPOutputStream;
import org.apache.iceberg.Schema;
import org.apache.iceberg.Table;
import org.apache.iceberg.types.Types;
import org.apache.spark.sql.classic.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tables that are filled and continued from the files of batches, which DuckDB writes. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class StagedJobsTest {
  private static final Schema GRADES =
      new Schema(
          Types.NestedField.optional(1, "id", Types.IntegerType.get()),
          Types.NestedField.optional(2, "grade", Types.DoubleType.get()));
  private static final Schema HISTORY =
      new Schema(
          Types.NestedField.optional(1, "id", Types.IntegerType.get()),
          Types.NestedField.optional(2, "grade", Types.DoubleType.get()),
          Types.NestedField.optional(3, "valid_from", Types.TimestampType.withZone()),
          Types.NestedField.optional(4, "valid_to", Types.TimestampType.withZone()));

  private static final String EVERYTHING =
      """
      SELECT * FROM (VALUES
        (true, 1, 9007199254740993, 0.1::REAL, 1e300::DOUBLE, 1.50::DECIMAL(10,2), 'a "b", c' || chr(10) || 'é', DATE '2024-02-29', TIMESTAMP '2024-02-29 10:00:00.123456', TIMESTAMPTZ '2024-02-29 10:00:00+02', '\\x00\\xFF'::BLOB, 'c56a4180-65aa-42ec-a945-5fd21dec0538'::UUID),
        (NULL, NULL, NULL, 'nan'::REAL, 'inf'::DOUBLE, NULL, '', NULL, NULL, NULL, NULL, NULL)
      ) t(b, i, l, r, d, n, t, day, "at", moment, bytes, u)""";

  private Path folder;
  private SparkSession spark;
  private PlatformSide platform;
  private DuckDb duckDb;

  @BeforeAll
  void start(@TempDir Path temporary) throws IOException, SQLException {
    folder = temporary;
    spark = Spark.local(folder);
    platform = new PlatformSide(folder.resolve("runs"), spark);
    duckDb = DuckDb.open();
  }

  @AfterAll
  void stop() throws IOException, SQLException {
    duckDb.close();
    platform.close();
    spark.stop();
  }

  @ParameterizedTest
  @ValueSource(strings = {"parquet", "csv"})
  void aTableIsFilledWithEveryTypeOfABatch(String format) throws SQLException, IOException {
    Schema schema =
        new Schema(
            Types.NestedField.optional(1, "b", Types.BooleanType.get()),
            Types.NestedField.optional(2, "i", Types.IntegerType.get()),
            Types.NestedField.optional(3, "l", Types.LongType.get()),
            Types.NestedField.optional(4, "r", Types.FloatType.get()),
            Types.NestedField.optional(5, "d", Types.DoubleType.get()),
            Types.NestedField.optional(6, "n", Types.DecimalType.of(10, 2)),
            Types.NestedField.optional(7, "t", Types.StringType.get()),
            Types.NestedField.optional(8, "day", Types.DateType.get()),
            Types.NestedField.optional(9, "at", Types.TimestampType.withoutZone()),
            Types.NestedField.optional(10, "moment", Types.TimestampType.withZone()),
            Types.NestedField.optional(11, "bytes", Types.BinaryType.get()),
            Types.NestedField.optional(12, "u", Types.UUIDType.get()),
            Types.NestedField.optional(13, "later", Types.IntegerType.get()));
    platform.catalog().create(format, "erp.everything", schema);
    ObjectNode job = platform.job(format, "fill").put("table", "erp.everything");
    job.putArray("parts").add(format.equals("csv") ? csv() : parquet("all", EVERYTHING));

    JsonNode result = platform.run(job);
    assertThat(result.toString()).isEqualTo("{\"state\":\"done\",\"rows\":2}");
    assertThat(platform.query(format, "SELECT * FROM erp.everything ORDER BY i NULLS LAST"))
        .isEqualTo(
            "[[true,1,\"9007199254740993\",0.1,1.0E300,\"1.50\",\"a \\\"b\\\", c\\né\",\"2024-02-29\",\"2024-02-29T10:00:00.123456\",\"2024-02-29T08:00:00Z\",\"AP8=\",\"c56a4180-65aa-42ec-a945-5fd21dec0538\",null],"
                + "[null,null,null,\"NaN\",\"Infinity\",null,\"\",null,null,null,null,null,null]]");
  }

  @Test
  void batchesReplaceRowsAndTakeAwayThoseWhoseKeysHaveGone() throws SQLException {
    Table table = platform.catalog().create("m1", "erp.grades", GRADES);
    fill(
        "m1",
        "SELECT * FROM (VALUES (1, 1.5::DOUBLE), (2, 2.5), (3, NULL), (NULL, 9)) t(id, grade)");
    ObjectNode job = merge("m1", "LATEST", table);
    step(job, "2024-01-02T00:00:00Z", "SELECT 2 AS id, 20::DOUBLE AS grade UNION ALL SELECT 4, 4");
    ObjectNode second = step(job, "2024-01-03T00:00:00Z", "SELECT 5 AS id, 5::DOUBLE AS grade");
    second.putArray("changes").add(parquet("c", "SELECT 5 AS id, 50::DOUBLE AS grade"));
    second
        .putArray("keys")
        .add(parquet("k", "SELECT * FROM (VALUES (1), (2), (5), (NULL::INTEGER)) t(id)"));

    JsonNode result = platform.run(job);
    assertThat(result.toString())
        .isEqualTo("{\"state\":\"done\",\"rows\":4,\"found\":2,\"current\":4}");
    assertThat(platform.query("m1", "SELECT * FROM erp.grades ORDER BY id NULLS LAST"))
        .isEqualTo("[[1,1.5],[2,20.0],[5,50.0],[null,9.0]]");
    assertThat(platform.run(job)).isEqualTo(result);
  }

  @Test
  void versionsEndWhenARowChangesOrGoes() throws SQLException {
    Table table = platform.catalog().create("h1", "erp.grades", HISTORY);
    ObjectNode first = merge("h1", "ALL", table).put("id", "h1-first");
    step(
            first,
            "2024-01-01T00:00:00Z",
            "SELECT * FROM (VALUES (1, 1::DOUBLE), (2, 2), (3, 3), (4, 'nan'::DOUBLE)) t(id, grade)")
        .put("whole", true);
    assertThat(platform.run(first).path("current").asInt()).isEqualTo(4);

    table.refresh();
    ObjectNode then = merge("h1", "ALL", table).put("id", "h1-then");
    step(
        then,
        "2024-01-02T00:00:00Z",
        "SELECT * FROM (VALUES (1, 1::DOUBLE), (2, 22), (4, 'nan'::DOUBLE), (5, NULL)) t(id, grade)");
    step(then, "2024-01-03T00:00:00Z", "SELECT 2 AS id, 222::DOUBLE AS grade")
        .putArray("keys")
        .add(parquet("k", "SELECT * FROM (VALUES (1), (2), (4), (5)) t(id)"));
    JsonNode result = platform.run(then);
    assertThat(result.toString())
        .isEqualTo("{\"state\":\"done\",\"rows\":7,\"found\":4,\"current\":4}");
    assertThat(
            platform.query(
                "h1",
                "SELECT id, grade, date_format(valid_from, 'd') AS since, date_format(valid_to, 'd') AS until FROM erp.grades ORDER BY id, valid_from"))
        .isEqualTo(
            "[[1,1.0,\"1\",null],[2,2.0,\"1\",\"2\"],[2,22.0,\"2\",\"3\"],[2,222.0,\"3\",null],[3,3.0,\"1\",\"3\"],[4,\"NaN\",\"1\",null],[5,null,\"2\",null]]");
  }

  @Test
  void newRowsAreAddedOnlyIfNoOtherChanged() throws SQLException {
    Table table = platform.catalog().create("a1", "erp.grades", GRADES);
    fill("a1", "SELECT 1 AS id, 1::DOUBLE AS grade");
    ObjectNode changed = merge("a1", "LATEST", table);
    changed.put("id", "a1-changed").withObject("merge").put("mode", "append");
    step(changed, "2024-01-02T00:00:00Z", "SELECT 1 AS id, 2::DOUBLE AS grade");
    assertThat(platform.run(changed).toString())
        .isEqualTo("{\"state\":\"done\",\"rows\":0,\"changed\":1}");

    ObjectNode added = merge("a1", "LATEST", table);
    added.put("id", "a1-added").withObject("merge").put("mode", "append");
    step(added, "2024-01-02T00:00:00Z", "SELECT 1 AS id, 1::DOUBLE AS grade UNION ALL SELECT 2, 2");
    for (int i = 0; i < 2; i++) {
      assertThat(platform.run(added).toString())
          .isEqualTo("{\"state\":\"done\",\"rows\":1,\"changed\":0}");
    }
    assertThat(platform.query("a1", "SELECT * FROM erp.grades ORDER BY id"))
        .isEqualTo("[[1,1.0],[2,2.0]]");
  }

  @Test
  void aKeyThatIsThereTwiceIsNoKey() throws SQLException {
    Table table = platform.catalog().create("k1", "erp.grades", GRADES);
    ObjectNode job = merge("k1", "LATEST", table);
    step(job, "2024-01-02T00:00:00Z", "SELECT 1 AS id, 1::DOUBLE AS grade UNION ALL SELECT 1, 2");
    JsonNode result = platform.run(job);
    assertThat(result.path("code").asText()).isEqualTo("DATA_INVALID");
    assertThat(result.path("message").asText())
        .startsWith(
            "erp.grades: 1 rows of a batch have the same id as another, so it is no key; name the right primary_key");
    table.refresh();
    assertThat(table.snapshots()).isEmpty();
  }

  @Test
  void aFileThatIsNotWhatWasExtractedIsNotLoaded() throws SQLException {
    Table table = platform.catalog().create("c1", "erp.grades", GRADES);
    String file = parquet("f", "SELECT 1 AS id, 1::DOUBLE AS grade");
    ObjectNode job = platform.job("c1", "fill").put("table", "erp.grades");
    job.putArray("parts").addObject().put("file", file).put("sha256", "00ff");
    JsonNode altered = platform.run(job);
    assertThat(altered.path("code").asText()).isEqualTo("DATA_CORRUPT");
    assertThat(altered.path("message").asText())
        .isEqualTo(
            "The staged file %s is not what was extracted: its checksum is not the 00ff of the manifest; extract again"
                .formatted(file));

    ObjectNode none = platform.job("c1", "fill").put("id", "c1-none").put("table", "erp.grades");
    none.putArray("parts").addObject().put("file", file + ".none").put("sha256", "00ff");
    JsonNode missing = platform.run(none);
    assertThat(missing.path("code").asText()).isEqualTo("DATA_CORRUPT");
    assertThat(missing.path("message").asText()).contains("it is missing, or this machine");
    table.refresh();
    assertThat(table.snapshots()).isEmpty();
  }

  private void fill(String run, String sql) throws SQLException {
    ObjectNode job = platform.job(run, "fill").put("table", "erp.grades");
    job.putArray("parts").add(parquet("f", sql));
    assertThat(platform.run(job).path("state").asText()).isEqualTo("done");
  }

  private ObjectNode merge(String run, String versions, Table table) {
    ObjectNode job = platform.job(run, "merge").put("table", "erp.grades");
    ObjectNode merge = job.putObject("merge").put("mode", "merge").put("versions", versions);
    merge.putArray("key").add("id");
    table.refresh();
    if (table.currentSnapshot() != null) {
      merge.put("base", String.valueOf(table.currentSnapshot().snapshotId()));
    }
    merge.putArray("steps");
    return job;
  }

  private ObjectNode step(ObjectNode job, String at, String rows) throws SQLException {
    ObjectNode step = ((ArrayNode) job.path("merge").path("steps")).addObject().put("at", at);
    step.putArray("rows").add(parquet("b", rows));
    ArrayNode columns = step.putArray("columns");
    columns.addObject().put("name", "id").put("type", "int");
    columns.addObject().put("name", "grade").put("type", "double");
    return step;
  }

  /** As the platform's staging writes it. */
  private String parquet(String name, String sql) throws SQLException {
    Path file = folder.resolve(name + System.nanoTime() + ".parquet");
    duckDb.execute(
        "COPY (%s) TO '%s' (FORMAT parquet, PARQUET_VERSION V1, COMPRESSION zstd)"
            .formatted(sql, file));
    return file.toUri().toString();
  }

  private String csv() throws SQLException, IOException {
    Path plain = folder.resolve("all.csv");
    duckDb.execute(
        "COPY (SELECT * REPLACE (to_base64(bytes) AS bytes) FROM (%s)) TO '%s' (FORMAT csv, HEADER, DELIMITER ',', quote '\"', escape '\"', nullstr '', FORCE_QUOTE (t))"
            .formatted(EVERYTHING, plain));
    Path packed = folder.resolve("all.csv.gz");
    try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(packed))) {
      Files.copy(plain, out);
    }
    return packed.toUri().toString();
  }
}
