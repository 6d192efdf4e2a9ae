package io.ecluse.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.ecluse.access.Policy;
import io.ecluse.scheduler.Run;
import io.ecluse.scheduler.RunState;
import io.ecluse.spark.PlainSpark;
import io.ecluse.warehouse.ReadView;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.iceberg.DeleteFile;
import org.apache.iceberg.FileScanTask;
import org.apache.iceberg.Table;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.deletes.PositionDelete;
import org.apache.iceberg.deletes.PositionDeleteWriter;
import org.apache.iceberg.io.CloseableIterable;
import org.apache.iceberg.parquet.Parquet;
import org.apache.iceberg.types.Types;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * PyIceberg and DuckDB's extension read the rows that we read, and what they write is published.
 */
@Timeout(400)
class PythonEnginesTest {
  @TempDir static Path folder;
  private static PythonEngines engines;
  private static OutsideFixture shop;
  private static String token;

  @BeforeAll
  static void open() throws IOException {
    engines = PythonEngines.install(folder);
    shop = new OutsideFixture(folder.resolve("shop"), Policy.OPEN);
    Run run = shop.daily();
    assertThat(run.state()).as(String.valueOf(run.error())).isEqualTo(RunState.SUCCESS);
    token = shop.platform().tokens().newBearer("engines");
  }

  @AfterAll
  static void close() {
    if (shop != null) {
      shop.close();
    }
  }

  private static String url(String path) {
    return shop.server().url() + "/iceberg" + path;
  }

  @Test
  void readAllTypesAsWeDo() {
    String row =
        "[\"True\", \"42\", \"1234567890123\", \"1.5\", \"nan\", \"12345.67\", \"Noël 🎄\", \"2026-02-28\", \"2026-02-28T23:59:59.123456\", \"2026-02-28T21:59:59.123456Z\", \"6162\", \"01234567-89ab-cdef-0123-456789abcdef\"]";
    String nulls = "[" + "\"NULL\", ".repeat(11) + "\"NULL\"]";

    assertThat(engines.ask("read-pyiceberg", url(""), token, "marts.kinds"))
        .containsExactly(nulls, row);
    assertThat(engines.ask("read-duckdb", url(""), token, "marts.kinds"))
        .containsExactly(nulls, row);
  }

  @Test
  void readDeletesAndEvolvedSchemasAsWeDo() throws IOException {
    String run = shop.open();
    Table toys = shop.catalog("/runs/" + run, token).loadTable(TableIdentifier.of("stock", "toys"));
    toys.updateSchema()
        .renameColumn("shop", "place")
        .addColumn("stars", Types.IntegerType.get())
        .commit();
    toys.newAppend().appendFile(ForeignRows.file(toys, new Object[] {4L, 9.5, "west", 5})).commit();
    delete(toys, 2L);

    String sql = "SELECT * FROM stock.toys ORDER BY id";
    List<Object[]> ours =
        List.of(
            new Object[] {1L, 2.5, "north", null},
            new Object[] {3L, 4.5, "south", null},
            new Object[] {4L, 9.5, "west", 5});
    assertThat(shop.rows(sql, new ReadView.OfRun(run))).containsExactlyElementsOf(ours);
    assertThat(shop.close(run).state()).isEqualTo(RunState.SUCCESS);
    assertThat(shop.rows(sql, ReadView.PUBLISHED)).containsExactlyElementsOf(ours);
    List<String> theirs =
        List.of(
            "[\"1\", \"2.5\", \"north\", \"NULL\"]",
            "[\"3\", \"4.5\", \"south\", \"NULL\"]",
            "[\"4\", \"9.5\", \"west\", \"5\"]");
    assertThat(engines.ask("read-pyiceberg", url(""), token, "stock.toys")).isEqualTo(theirs);
    assertThat(engines.ask("read-duckdb", url(""), token, "stock.toys")).isEqualTo(theirs);
  }

  /** Deletes the row of an id by its position. */
  private static void delete(Table table, long id) throws IOException {
    try (CloseableIterable<FileScanTask> tasks = table.newScan().planFiles()) {
      for (FileScanTask task : tasks) {
        if (task.file().recordCount() > 1) {
          PositionDeleteWriter<Void> writer =
              Parquet.writeDeletes(
                      table
                          .io()
                          .newOutputFile(
                              table.location() + "/data/" + UUID.randomUUID() + "-d.parquet"))
                  .withSpec(table.spec())
                  .buildPositionWriter();
          try (writer) {
            writer.write(PositionDelete.<Void>create().set(task.file().location(), id - 1));
          }
          DeleteFile deletes = writer.toDeleteFile();
          table.newRowDelta().addDeletes(deletes).commit();
        }
      }
    }
  }

  @Test
  void writeInARunWhatIsThenPublishedWithIt() {
    String run = shop.open();

    engines.ask("write-pyiceberg", url("/runs/" + run), token, "partners.gifts");
    engines.ask("write-duckdb", url("/runs/" + run), token, "partners.gifts");

    assertThat(shop.close(run).state()).isEqualTo(RunState.SUCCESS);
    assertThat(shop.rows("SELECT * FROM partners.gifts ORDER BY id", ReadView.PUBLISHED))
        .containsExactly(
            new Object[] {2L, Double.NaN, null},
            new Object[] {3L, 2.0, "été"},
            new Object[] {9L, 7.5, null},
            new Object[] {20L, Double.NaN, "duck"},
            new Object[] {21L, 100.0, null});
    assertThat(engines.ask("filter-duckdb", url(""), token, "partners.gifts", "weight = 7.5"))
        .containsExactly("[\"9\", \"7.5\", \"NULL\"]");
  }

  @Test
  void joinAsTheDocumentationSays() throws IOException {
    String docs = Files.readString(Path.of("../docs/iceberg.md"));

    assertThat(engines.ask("documented", url(""), token, block(docs, "python")).toString())
        .contains("shop: string", "total: double");
    assertThat(engines.ask("documented-duckdb", url(""), token, block(docs, "sql")))
        .containsExactly("[\"2\"]");
  }

  @Test
  void readAndWriteBySparkAsTheDocumentationSays() throws Exception {
    String docs = Files.readString(Path.of("../docs/iceberg.md"));
    List<String> settings = new ArrayList<>();
    Matcher conf = Pattern.compile("--conf (\\S+)").matcher(block(docs, ""));
    while (conf.find()) {
      settings.add(conf.group(1));
    }
    assertThat(settings).hasSize(4);
    String run = shop.open();
    for (String each : List.copyOf(settings)) { // the run's catalog, in the same words
      settings.add(
          each.replace(".ecluse", ".run").replaceFirst("/iceberg$", "/iceberg/runs/" + run));
    }
    assertThat(
            PlainSpark.rows(
                folder,
                settings,
                "SELECT `boolean`, `integer`, bigint, real, `double`, `decimal`, varchar, `date`, `timestamp`, timestamptz, hex(blob), uuid FROM ecluse.marts.kinds WHERE `boolean`",
                "CREATE TABLE run.partners.sparks USING iceberg AS SELECT id, 2 * price AS price FROM ecluse.stock.toys",
                "INSERT INTO run.partners.sparks VALUES (9, CAST('NaN' AS DOUBLE)), (10, NULL)",
                "ALTER TABLE run.partners.sparks ADD COLUMN note STRING",
                "DELETE FROM run.partners.sparks WHERE id = 1",
                "SELECT count(*) FROM run.partners.sparks"))
        .containsExactly(
            "[true,42,1234567890123,1.5,NaN,12345.67,Noël 🎄,2026-02-28,2026-02-28T23:59:59.123456,2026-02-28 21:59:59.123456,6162,01234567-89ab-cdef-0123-456789abcdef]",
            "[4]");
    assertThat(shop.close(run).state()).isEqualTo(RunState.SUCCESS);
    assertThat(shop.rows("SELECT * FROM partners.sparks ORDER BY id", ReadView.PUBLISHED))
        .containsExactly(
            new Object[] {2L, 7.0, null},
            new Object[] {3L, 9.0, null},
            new Object[] {9L, Double.NaN, null},
            new Object[] {10L, null, null});
  }

  /** The first block of a language, at this server. */
  private static String block(String docs, String language) {
    return docs.split("```" + language + "\n")[1]
        .split("```")[0]
        .replace("http://localhost:8080/iceberg", url(""))
        .replace("'TOKEN'", "'" + token + "'")
        .replace("\"TOKEN\"", "\"" + token + "\"")
        .replace("token=TOKEN", "token=" + token);
  }
}
