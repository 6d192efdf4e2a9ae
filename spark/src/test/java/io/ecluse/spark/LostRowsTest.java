package io.ecluse.spark;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.DataFiles;
import org.apache.iceberg.DeleteFile;
import org.apache.iceberg.FileMetadata;
import org.apache.iceberg.Table;
import org.apache.iceberg.spark.Spark3Util;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Spark over files of the kind that the platform writes: rows, and which of them are gone. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class LostRowsTest {
  private static final int FILE_PATH_ID = 2147483546;
  private static final int POSITION_ID = 2147483545;

  private Path folder;
  private SparkSession spark;

  @BeforeAll
  void start(@TempDir Path temporary) throws Exception {
    folder = temporary;
    spark = Spark.local(folder);
    spark.conf().set("spark.sql.catalog.lake", "org.apache.iceberg.spark.SparkCatalog");
    spark.conf().set("spark.sql.catalog.lake.type", "hadoop");
    spark.conf().set("spark.sql.catalog.lake.warehouse", folder.resolve("lake").toString());
    spark.sql(
        "CREATE TABLE lake.erp.marks (id BIGINT, note STRING) USING iceberg TBLPROPERTIES ('format-version' = '2')");
    write(Spark3Util.loadIcebergTable(spark, "lake.erp.marks"));
  }

  @AfterAll
  void stop() {
    spark.stop();
  }

  private void write(Table table) throws SQLException, IOException {
    Path rows = folder.resolve("rows.parquet");
    Path gone = folder.resolve("gone.parquet");
    try (DuckDb duckDb = DuckDb.open()) {
      duckDb.execute(
          "COPY (SELECT i::BIGINT AS id, 'n' || i AS note FROM range(300000) t(i)) TO '%s' (FORMAT parquet, COMPRESSION zstd, FIELD_IDS {id: 1, note: 2})"
              .formatted(rows));
      duckDb.execute(
          "COPY (SELECT '%s' AS file_path, pos FROM (SELECT i::BIGINT AS pos FROM range(0, 300000, 1000) t(i)) ORDER BY pos) TO '%s' (FORMAT parquet, COMPRESSION zstd, FIELD_IDS {file_path: %d, pos: %d})"
              .formatted(rows, gone, FILE_PATH_ID, POSITION_ID));
    }
    DataFile data =
        DataFiles.builder(table.spec())
            .withPath(rows.toString())
            .withFormat("parquet")
            .withFileSizeInBytes(Files.size(rows))
            .withRecordCount(300_000)
            .build();
    DeleteFile deletes =
        FileMetadata.deleteFileBuilder(table.spec())
            .ofPositionDeletes()
            .withPath(gone.toString())
            .withFormat("parquet")
            .withFileSizeInBytes(Files.size(gone))
            .withRecordCount(300)
            .withReferencedDataFile(rows.toString())
            .build();
    table.newAppend().appendFile(data).commit();
    table.newRowDelta().addDeletes(deletes).commit();
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void sparkLeavesThemOut(boolean vectorized) {
    spark
        .read()
        .option("vectorization-enabled", vectorized)
        .table("lake.erp.marks")
        .createOrReplaceTempView("marks");
    assertThat(
            spark
                .sql("SELECT count(*), count_if(id % 1000 = 0), min(id), max(note) FROM marks")
                .first()
                .mkString(" "))
        .isEqualTo("299700 0 1 n99999");
  }

  @Test
  void sparkLooksForOneThatIsThereAndOneThatIsNot() {
    assertThat(
            spark
                .sql("SELECT id FROM lake.erp.marks WHERE id IN (5000, 5001)")
                .collectAsList()
                .toString())
        .isEqualTo("[[5001]]");
  }
}
