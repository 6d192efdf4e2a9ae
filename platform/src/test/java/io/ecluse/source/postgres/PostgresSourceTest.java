package io.ecluse.source.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ecluse.Servers;
import io.ecluse.disk.Disk;
import io.ecluse.duckdb.DuckDbEngine;
import io.ecluse.engine.BatchFile;
import io.ecluse.engine.Cancellation;
import io.ecluse.engine.EngineSettings;
import io.ecluse.engine.RowReader;
import io.ecluse.error.EcluseException;
import io.ecluse.error.ErrorCode;
import io.ecluse.metadata.Metadata;
import io.ecluse.schema.RowsWanted;
import io.ecluse.schema.TableName;
import io.ecluse.source.ExtractRequest;
import io.ecluse.source.ImpactLimits;
import io.ecluse.source.Landing;
import io.ecluse.source.SilentListener;
import io.ecluse.staging.BatchManifest;
import io.ecluse.staging.StagedColumn;
import io.ecluse.staging.StagingArea;
import io.ecluse.warehouse.ReadView;
import io.ecluse.warehouse.Warehouse;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PostgresSourceTest {
  @TempDir Path folder;
  private final String erp = Servers.newDatabase();
  private Metadata metadata;
  private Warehouse warehouse;
  private DuckDbEngine engine;
  private StagingArea staging;

  @BeforeEach
  void open() {
    metadata = Servers.newMetadata();
    warehouse = new Warehouse(metadata.jdbi(), "test", folder.resolve("warehouse"), new Disk());
    engine =
        new DuckDbEngine(
            new EngineSettings(
                512L << 20,
                2,
                folder.resolve("spill"),
                1L << 30,
                List.of(folder.resolve("warehouse"), folder.resolve("staging"))),
            warehouse);
    staging = new StagingArea(folder.resolve("staging"));
  }

  @AfterEach
  void close() {
    engine.close();
    metadata.close();
  }

  private PostgresSource source(String password) {
    return source(password, 0);
  }

  private PostgresSource source(String password, long maxRejected) {
    return new PostgresSource(
        LocalErp.settings(
            LocalErp.server(Servers.server().port(), erp, Servers.server().user(), password),
            3,
            ImpactLimits.NONE,
            maxRejected,
            LocalErp.Ranges.USUAL),
        new Landing.Stage(staging, engine.parts(), Clock.systemUTC()));
  }

  private List<BatchManifest> extract(String... streams) {
    return source(Servers.server().password())
        .extract(
            new ExtractRequest("x1", "run1", List.of(streams), RowsWanted.AS_PLANNED),
            new SilentListener());
  }

  private List<List<Object>> query(String sql) {
    List<List<Object>> rows = new ArrayList<>();
    engine.run(
        sql,
        ReadView.PUBLISHED,
        new Cancellation(),
        new RowReader() {
          @Override
          public void columns(List<String> names, List<String> types) {}

          @Override
          public boolean row(Object[] values) {
            List<Object> row = new ArrayList<>();
            for (Object value : values) {
              row.add(String.valueOf(value));
            }
            rows.add(row);
            return true;
          }
        });
    return rows;
  }

  private void load(BatchManifest batch) {
    var table =
        warehouse.stage(
            "run1",
            new TableName(batch.source(), batch.stream()),
            batch.columns().stream().map(StagedColumn::column).toList());
    assertThat(
            engine.fill(
                table,
                BatchFile.here(staging.reading().parts(batch)),
                Optional.empty(),
                new Cancellation()))
        .isEqualTo(batch.rows());
  }

  @Test
  void bringsEveryTypeIntoAPublishedTableUnchanged() {
    Servers.execute(
        erp,
        """
        CREATE DOMAIN code AS varchar(5);
        CREATE TABLE things (b bool, i2 int2, i4 int4, i8 int8, f4 float4, f8 float8, n numeric(12,3),
          nn numeric, t text, v varchar(30), c char(4), d date, ts timestamp, tz timestamptz, y bytea,
          u uuid, j jsonb, a int[], o time, k code);
        INSERT INTO things VALUES
          (true, 1, -2, 9007199254740993, 1.5, 'NaN', -123456.789, 12345678901234567890123456789012345678901.5,
           'Cesson-Sévigné', '', 'ab', '0004-02-29', '2020-02-29 23:59:59.999999', '2020-01-01 00:00:00+02',
           '\\x00ff', '123e4567-e89b-12d3-a456-426614174000', '{"a": [1, null]}', '{1,NULL,3}', '12:34:56.5', 'x'),
          (NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL);
        """);

    BatchManifest batch = extract("things").get(0);
    load(batch);
    assertThat(batch.rows()).isEqualTo(2);
    assertThatThrownBy(() -> query("select * from erp.things")).hasMessageContaining("erp.things");
    warehouse.publish("run1");
    warehouse.publish("run1");

    assertThat(query("select * exclude (y) from erp.things order by i4 nulls last"))
        .first()
        .asString()
        .isEqualTo(
            "[true, 1, -2, 9007199254740993, 1.5, NaN, -123456.789, 12345678901234567890123456789012345678901.5,"
                + " Cesson-Sévigné, , ab  , 0004-02-29, 2020-02-29T23:59:59.999999, 2019-12-31T22:00Z,"
                + " 123e4567-e89b-12d3-a456-426614174000, {\"a\": [1, null]}, {1,NULL,3}, 12:34:56.5, x]");
    assertThat(query("select count(*), count(b), count(k) from erp.things"))
        .containsExactly(List.of("2", "1", "1"));
    assertThat(query("select hex(y) from erp.things where b")).containsExactly(List.of("00FF"));
  }

  @Test
  void readsABigTableInRangesThatHoldEveryRowOnce() {
    Servers.execute(
        erp,
        """
        CREATE TABLE big AS SELECT i AS id, repeat(md5(i::text), 30) AS filler FROM generate_series(1, 300000) t(i);
        ALTER TABLE big ALTER filler SET STORAGE PLAIN;
        """);

    BatchManifest batch = extract("big").get(0);
    load(batch);
    warehouse.publish("run1");

    assertThat(batch.parts().size()).isGreaterThan(1);
    assertThat(query("select count(*), count(distinct id), sum(id) from erp.big"))
        .containsExactly(List.of("300000", "300000", "45000150000"));
  }

  @Test
  void saysWhichTableIsMissingAndWhichThereAre() {
    Servers.execute(erp, "CREATE TABLE students (id int)");

    assertThatThrownBy(() -> extract("studens"))
        .isInstanceOf(EcluseException.class)
        .hasMessageContaining("no table studens")
        .hasMessageContaining("students")
        .extracting(e -> ((EcluseException) e).code())
        .isEqualTo(ErrorCode.SOURCE_MISSING_STREAM);
  }

  @Test
  void refusesAnInfiniteDateRatherThanLosingIt() {
    Servers.execute(erp, "CREATE TABLE odd (d date); INSERT INTO odd VALUES ('infinity')");

    assertThatThrownBy(() -> extract("odd"))
        .hasMessageContaining("odd.d holds an infinite date")
        .extracting(e -> ((EcluseException) e).code())
        .isEqualTo(ErrorCode.DATA_INVALID);
    assertThat(staging.newest("erp", "odd")).isEmpty();
  }

  @Test
  void leavesOutRowsThatCannotLandUpToAsManyAsAreAllowed() {
    Servers.execute(
        erp,
        """
        CREATE TABLE odd (id int PRIMARY KEY, name text, d date, n numeric(5,2), t timestamptz);
        INSERT INTO odd SELECT i, 'n' || i, '2026-01-01', 1.5, now() FROM generate_series(1, 100) t(i);
        UPDATE odd SET d = '-infinity' WHERE id = 7;
        UPDATE odd SET n = 'NaN' WHERE id = 8;
        UPDATE odd SET t = '294276-12-31 00:00:00Z' WHERE id = 9;
        UPDATE odd SET name = NULL WHERE id = 10;
        """);

    assertThatThrownBy(
            () -> source(Servers.server().password(), 2).extract(request(), new SilentListener()))
        .hasMessageContaining("odd id = ")
        .hasMessageContaining("extract.max_rejected in sources/erp.yaml");
    BatchManifest batch =
        source(Servers.server().password(), 3).extract(request(), new SilentListener()).get(0);
    load(batch);
    warehouse.publish("run1");

    assertThat(batch.rows()).isEqualTo(97);
    assertThat(batch.rejected().rows()).isEqualTo(3);
    assertThat(staging.find("erp", "odd", "x1")).contains(batch);
    assertThat(batch.rejected().examples())
        .extracting(String::valueOf)
        .containsExactlyInAnyOrder(
            "id = 7: odd.d holds an infinite date, which a warehouse table cannot hold",
            "id = 8: odd.n holds NaN, which a warehouse table cannot hold",
            "id = 9: odd.t holds a timestamp after the year 294246, which a warehouse table cannot hold");
    assertThat(
            query(
                "select count(*), count(name), min(name), max(length(name)), count(*) filter (id between 7 and 9), sum(n) from erp.odd"))
        .containsExactly(List.of("97", "96", "n1", "4", "0", "145.50"));
  }

  @Test
  void readsOnWhenEveryRowOfABatchIsRejected() {
    Servers.execute(
        erp,
        """
        CREATE TABLE odd (id int PRIMARY KEY, d date, note text);
        INSERT INTO odd SELECT i, CASE WHEN i <= 9000 THEN 'infinity'::date ELSE '2026-01-01' END, repeat('x', 1000)
        FROM generate_series(1, 10000) t(i);
        """);

    BatchManifest batch =
        source(Servers.server().password(), 9000).extract(request(), new SilentListener()).get(0);

    assertThat(batch.rows()).isEqualTo(1000);
    assertThat(batch.rejected().rows()).isEqualTo(9000);
  }

  private static ExtractRequest request() {
    return new ExtractRequest("x1", "run1", List.of(), RowsWanted.AS_PLANNED);
  }

  @Test
  void saysThatThePasswordIsWrongWithoutSayingThePassword() {
    assertThatThrownBy(() -> source("not-it").streams())
        .hasMessageContaining("refused user ecluse")
        .hasMessageNotContaining("not-it")
        .extracting(e -> ((EcluseException) e).code())
        .isEqualTo(ErrorCode.SOURCE_REFUSED);
  }

  @Test
  void landsATableWithoutRows() {
    Servers.execute(erp, "CREATE TABLE nothing (id int, name text)");

    BatchManifest batch = extract("nothing").get(0);
    load(batch);
    warehouse.publish("run1");

    assertThat(query("select count(*), max(name) from erp.nothing"))
        .containsExactly(List.of("0", "null"));
  }
}
