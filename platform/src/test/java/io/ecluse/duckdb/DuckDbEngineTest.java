package io.ecluse.duckdb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ecluse.Servers;
import io.ecluse.disk.Disk;
import io.ecluse.engine.Cancellation;
import io.ecluse.engine.EngineSettings;
import io.ecluse.engine.Rows;
import io.ecluse.error.EcluseException;
import io.ecluse.error.ErrorCode;
import io.ecluse.metadata.Metadata;
import io.ecluse.schema.Column;
import io.ecluse.schema.DataType;
import io.ecluse.schema.TableName;
import io.ecluse.warehouse.ReadView;
import io.ecluse.warehouse.StagedTable;
import io.ecluse.warehouse.Warehouse;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class DuckDbEngineTest {
  private static final TableName NUMBERS = new TableName("lab", "numbers");

  @TempDir Path folder;
  private Metadata metadata;
  private Warehouse warehouse;
  private DuckDbEngine engine;

  @BeforeEach
  void open() {
    metadata = Servers.newMetadata();
    warehouse = new Warehouse(metadata.jdbi(), "test", folder.resolve("warehouse"), new Disk());
    engine =
        new DuckDbEngine(
            new EngineSettings(
                64L << 20,
                2,
                folder.resolve("spill"),
                8L << 20,
                List.of(folder.resolve("warehouse"))),
            warehouse);
    StagedTable table = warehouse.stage("run1", NUMBERS, List.of(new Column("n", DataType.BIGINT)));
    engine.write(
        table, "select range as n from range(1000)", ReadView.PUBLISHED, new Cancellation());
    warehouse.publish("run1");
  }

  @AfterEach
  void close() {
    engine.close();
    metadata.close();
  }

  private long rows(String sql) {
    Rows rows = new Rows();
    engine.run(sql, ReadView.PUBLISHED, new Cancellation(), rows);
    return rows.all().size();
  }

  @Test
  void refusesAQueryThatNeedsTooMuchMemoryAndRunsTheNext() {
    assertThatThrownBy(
            () ->
                rows(
                    "select count(*) from (select md5(a.n::varchar || '-' || b.n) as h, count(*) from lab.numbers a, lab.numbers b, range(20) group by 1)"))
        .hasMessageContaining("64 MB of memory")
        .hasMessageContaining("query.memory_limit")
        .extracting(e -> ((EcluseException) e).code())
        .isEqualTo(ErrorCode.OUT_OF_MEMORY);

    assertThat(rows("select n from lab.numbers")).isEqualTo(1000);
  }

  @Test
  void endsAQueryThatIsCancelled() throws InterruptedException {
    Cancellation cancellation = new Cancellation();
    Thread canceller =
        new Thread(
            () -> {
              try {
                Thread.sleep(300);
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
              cancellation.cancel();
            });
    canceller.start();
    assertThatThrownBy(
            () ->
                engine.run(
                    "select sum(a.n * b.n * c.n) from lab.numbers a, lab.numbers b, lab.numbers c, lab.numbers d",
                    ReadView.PUBLISHED,
                    cancellation,
                    new Rows()))
        .extracting(e -> ((EcluseException) e).code())
        .isEqualTo(ErrorCode.CANCELLED);
    canceller.join();

    assertThat(rows("select n from lab.numbers")).isEqualTo(1000);
  }

  @Test
  void saysWhereAQueryIsWrong() {
    assertThatThrownBy(() -> rows("select n,\n  nn from lab.numbers"))
        .hasMessageContaining("nn")
        .extracting(e -> ((EcluseException) e).position().orElseThrow())
        .isEqualTo(new EcluseException.Position(2, 3));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "select * from read_csv('FILE')",
        "select * from read_text('FILE')",
        "select * from 'FILE'",
        "from 'FILE'",
        "select content from read_blob('FILE')",
        "select * from lab.numbers where n in (select 1 from glob('FILE'))",
        "with x as (from read_text('FILE')) select * from x",
        "select (select content from read_text('FILE'))",
        "select * from query('select 1')",
        "select * from duckdb_settings()",
        "copy (select 1) to 'FILE.csv'",
        "attach 'FILE' as other",
        "install httpfs",
        "load httpfs",
        "set memory_limit = '10GB'",
        "pragma database_list",
        "create table t as select 1",
        "drop view lab.numbers",
        "select 1; drop view lab.numbers",
        "export database 'FILE'",
        "select t.* from \"FILE\" t, (with \"FILE\" as (select 1 z) select * from \"FILE\") x",
        "call duckdb_tables()",
      })
  void readsNothingButTheTables(String sql) throws IOException {
    Path secret = Files.writeString(folder.resolve("secret"), "a,b\nhidden,hidden\n");
    String there = sql.replace("FILE", secret.toString());

    assertThatThrownBy(() -> rows(there))
        .isInstanceOf(EcluseException.class)
        .hasMessageNotContaining("hidden")
        .extracting(e -> ((EcluseException) e).code())
        .isIn(ErrorCode.SQL_INVALID, ErrorCode.NOT_FOUND);
    assertThat(folder.resolve("secret.csv")).doesNotExist();
    assertThat(rows("select n from lab.numbers")).isEqualTo(1000);
  }

  @Test
  void suggestsTheTableThatWasMeant() {
    assertThatThrownBy(() -> rows("select * from lab.nombers"))
        .hasMessageContaining("did you mean lab.numbers?")
        .extracting(e -> ((EcluseException) e).code())
        .isEqualTo(ErrorCode.NOT_FOUND);
  }
}
