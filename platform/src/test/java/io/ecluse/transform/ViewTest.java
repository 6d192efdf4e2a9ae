package io.ecluse.transform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ecluse.Servers;
import io.ecluse.disk.Disk;
import io.ecluse.duckdb.DuckDbEngine;
import io.ecluse.engine.Cancellation;
import io.ecluse.engine.EngineSettings;
import io.ecluse.engine.Engines;
import io.ecluse.engine.Errand;
import io.ecluse.engine.RowReader;
import io.ecluse.error.EcluseException;
import io.ecluse.error.ErrorCode;
import io.ecluse.metadata.Metadata;
import io.ecluse.project.ColumnTest;
import io.ecluse.project.Compute;
import io.ecluse.project.ModelFile;
import io.ecluse.project.ModelFile.Materialized;
import io.ecluse.schema.Column;
import io.ecluse.schema.DataType;
import io.ecluse.schema.Effect;
import io.ecluse.schema.Layout;
import io.ecluse.schema.TableName;
import io.ecluse.warehouse.PublishedTable;
import io.ecluse.warehouse.ReadView;
import io.ecluse.warehouse.Retention;
import io.ecluse.warehouse.StagedTable;
import io.ecluse.warehouse.TableSnapshot;
import io.ecluse.warehouse.Warehouse;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Models that are views: staged, tested, published and rolled back as tables are. */
@Timeout(60)
class ViewTest {
  private static final TableName GRADES = new TableName("erp", "grades");
  private static final TableName TOTALS = new TableName("marts", "totals");
  private static final String SUM = "SELECT sum(grade) AS total FROM erp.grades -- of all";

  @TempDir static Path folder;
  private static Metadata metadata;
  private static Warehouse warehouse;
  private static DuckDbEngine engine;
  private static Models models;

  @BeforeAll
  static void open() {
    metadata = Servers.newMetadata();
    warehouse = new Warehouse(metadata.jdbi(), "test", folder.resolve("warehouse"), new Disk());
    engine =
        new DuckDbEngine(
            new EngineSettings(
                128L << 20,
                2,
                folder.resolve("spill"),
                8L << 20,
                List.of(folder.resolve("warehouse"))),
            warehouse);
    models =
        new Models(
            Map.of("table", new AsTable(), "view", new AsView()),
            warehouse,
            Engines.only(engine),
            new ModelStates(metadata.jdbi(), "test"));
  }

  /** One database and one engine for all tests; each begins with nothing in them. */
  @BeforeEach
  void clean() throws IOException {
    metadata
        .jdbi()
        .useHandle(
            h ->
                h.execute(
                    "TRUNCATE catalog_table, iceberg_namespace_properties, staged_table, publication, publication_table, published_view, view_version, discarded_run, maintenance CASCADE"));
    Path tables = folder.resolve("warehouse");
    if (Files.exists(tables)) {
      try (Stream<Path> files = Files.walk(tables)) {
        for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(file);
        }
      }
    }
    Files.createDirectories(tables);
    load("load1", 10);
    warehouse.publish("load1");
  }

  @AfterAll
  static void close() {
    engine.close();
    metadata.close();
  }

  private void load(String run, int... grades) {
    StagedTable table =
        warehouse.stage(run, GRADES, List.of(new Column("grade", DataType.INTEGER)));
    List<String> rows = new ArrayList<>();
    for (int grade : grades) {
      rows.add("(" + grade + ")");
    }
    engine.write(
        table,
        "SELECT grade FROM (VALUES " + String.join(", ", rows) + ") AS v (grade)",
        ReadView.PUBLISHED,
        new Cancellation());
  }

  private static ModelFile model(TableName name, Materialized kind, String sql) {
    return new ModelFile(
        name,
        "models/" + name.schema() + "/" + name.name() + ".sql",
        "",
        kind,
        Layout.NONE,
        Compute.UNSAID,
        Map.of("total", new ModelFile.Column("total", "", List.of(new ColumnTest.NotNull()))),
        sql,
        List.of(),
        Set.of());
  }

  private void build(String run, Materialized kind, String sql) {
    models.build(Errand.quiet(run), model(TOTALS, kind, sql), Map.of(), Optional.empty());
  }

  private Instant publish(String run, Materialized kind, String sql) {
    build(run, kind, sql);
    return warehouse.publish(run).at();
  }

  private String total(ReadView view) {
    return value("SELECT total FROM marts.totals", view);
  }

  private String value(String sql, ReadView view) {
    List<String> values = new ArrayList<>();
    engine.run(
        sql,
        view,
        new Cancellation(),
        new RowReader() {
          @Override
          public void columns(List<String> names, List<String> types) {}

          @Override
          public boolean row(Object[] row) {
            values.add(String.valueOf(row[0]));
            return true;
          }
        });
    return String.join(",", values);
  }

  private Map<TableName, PublishedTable.Kind> kinds() {
    Map<TableName, PublishedTable.Kind> kinds = new java.util.TreeMap<>();
    warehouse.tables().forEach(t -> kinds.put(t.name(), t.kind()));
    return kinds;
  }

  private long dataFiles() throws IOException {
    try (Stream<Path> files = Files.walk(folder.resolve("warehouse"))) {
      return files.filter(f -> f.toString().endsWith(".parquet")).count();
    }
  }

  @Test
  void readsWhatItsTablesHoldNowAndCostsNoFile() throws IOException {
    long files = dataFiles();

    publish("v1", Materialized.of("view"), SUM);

    assertThat(total(ReadView.PUBLISHED)).isEqualTo("10");
    assertThat(dataFiles()).isEqualTo(files);
    load("load2", 10, 20);
    warehouse.publish("load2");
    assertThat(total(ReadView.PUBLISHED)).isEqualTo("30");
    assertThat(kinds().get(TOTALS)).isEqualTo(PublishedTable.Kind.VIEW);
    assertThat(warehouse.columns(TOTALS).orElseThrow().get(0).column())
        .isEqualTo(new Column("total", DataType.BIGINT));
    assertThat(warehouse.view(TOTALS).orElseThrow().upstream()).containsExactly(GRADES);
  }

  @Test
  void isSeenByItsRunAndItsTestsAlone() {
    load("run", 1, 2);
    build("run", Materialized.of("view"), SUM);

    ReadView ofRun = new ReadView.OfRun("run");
    assertThat(total(ofRun)).isEqualTo("3");
    List<TestOutcome> outcomes =
        models.test(Errand.quiet("run"), model(TOTALS, Materialized.of("view"), SUM));
    assertThat(outcomes).hasSize(1).allMatch(TestOutcome::passed);
    assertThatThrownBy(() -> total(ReadView.PUBLISHED)).hasMessageContaining("no table");

    warehouse.publish("run");
    warehouse.publish("run");
    assertThat(total(ReadView.PUBLISHED)).isEqualTo("3");

    warehouse.rollBack("run");
    assertThatThrownBy(() -> total(ReadView.PUBLISHED)).hasMessageContaining("no table");
    assertThat(value("SELECT grade FROM erp.grades", ReadView.PUBLISHED)).isEqualTo("10");
  }

  @Test
  void failsATestThatWhatItReadsBreaks() {
    build("run", Materialized.of("view"), "SELECT nullif(grade, 10) AS total FROM erp.grades");

    assertThat(models.test(Errand.quiet("run"), model(TOTALS, Materialized.of("view"), SUM)).get(0))
        .matches(o -> !o.passed());
  }

  @Test
  void readsOtherViewsAndAllAsOfOneMoment() {
    models.build(
        Errand.quiet("run"),
        model(
            new TableName("core", "doubled"),
            Materialized.of("view"),
            "SELECT grade * 2 AS total FROM erp.grades"),
        Map.of(),
        Optional.empty());
    build(
        "run",
        Materialized.of("view"),
        "WITH d AS (SELECT total FROM core.doubled) SELECT sum(total) AS total FROM d");
    Instant then = warehouse.publish("run").at();
    assertThat(total(ReadView.PUBLISHED)).isEqualTo("20");

    load("load2", 100);
    assertThat(total(new ReadView.OfRun("load2"))).isEqualTo("200");
    assertThat(total(ReadView.PUBLISHED)).isEqualTo("20");
    warehouse.publish("load2");

    assertThat(total(ReadView.PUBLISHED)).isEqualTo("200");
    assertThat(total(new ReadView.AsOf(then))).isEqualTo("20");
    TableSnapshot first = warehouse.snapshot(GRADES, new ReadView.AsOf(then)).orElseThrow();
    assertThat(total(new ReadView.AtSnapshot(first.id()))).isEqualTo("20");
    assertThat(warehouse.snapshots(Set.of(TOTALS), ReadView.PUBLISHED).keySet())
        .containsExactly(GRADES, new TableName("core", "doubled"), TOTALS);
  }

  @Test
  void turnsIntoATableAndBackAlsoInThePast() {
    Instant table = publish("r1", Materialized.of("table"), SUM);
    Instant view =
        publish("r2", Materialized.of("view"), "SELECT 2 * sum(grade) AS total FROM erp.grades");
    assertThat(total(ReadView.PUBLISHED)).isEqualTo("20");
    assertThat(kinds().get(TOTALS)).isEqualTo(PublishedTable.Kind.VIEW);
    load("load2", 100);
    warehouse.publish("load2");
    assertThat(total(ReadView.PUBLISHED)).isEqualTo("200");

    publish("r3", Materialized.of("table"), "SELECT 3 * sum(grade) AS total FROM erp.grades");
    assertThat(total(ReadView.PUBLISHED)).isEqualTo("300");
    assertThat(kinds().get(TOTALS)).isEqualTo(PublishedTable.Kind.TABLE);
    publish("r4", Materialized.of("view"), "SELECT 4 * sum(grade) AS total FROM erp.grades");
    assertThat(total(ReadView.PUBLISHED)).isEqualTo("400");
    assertThat(total(new ReadView.AsOf(table))).isEqualTo("10");
    assertThat(total(new ReadView.AsOf(view))).isEqualTo("20");

    assertThatThrownBy(() -> warehouse.rollBack("r3"))
        .hasMessageContaining("was changed since by run r4");
    warehouse.rollBack("r4");
    assertThat(total(ReadView.PUBLISHED)).isEqualTo("300");
    warehouse.rollBack("r3");
    assertThat(total(ReadView.PUBLISHED)).isEqualTo("200");
    assertThat(kinds().get(TOTALS)).isEqualTo(PublishedTable.Kind.VIEW);
    warehouse.rollBack("r2");
    assertThat(total(ReadView.PUBLISHED)).isEqualTo("10");
    assertThat(kinds().get(TOTALS)).isEqualTo(PublishedTable.Kind.TABLE);
    warehouse.rollBack("r1");
    assertThat(kinds()).doesNotContainKey(TOTALS);

    publish("r5", Materialized.of("view"), SUM);
    assertThat(total(ReadView.PUBLISHED)).isEqualTo("100");
  }

  @Test
  void replacesWhatTheSameRunHadStagedOfTheOtherKind() {
    build("run", Materialized.of("table"), SUM);
    build("run", Materialized.of("view"), "SELECT 7 AS total FROM erp.grades");
    assertThat(total(new ReadView.OfRun("run"))).isEqualTo("7");
    build("run", Materialized.of("table"), "SELECT 8 AS total FROM erp.grades");
    warehouse.publish("run");

    assertThat(total(ReadView.PUBLISHED)).isEqualTo("8");
    assertThat(kinds().get(TOTALS)).isEqualTo(PublishedTable.Kind.TABLE);
  }

  @Test
  void isNotPublishedOverWhatAnotherRunMade() {
    build("slow", Materialized.of("view"), SUM);
    publish("fast", Materialized.of("table"), SUM);
    assertThatThrownBy(() -> warehouse.publish("slow"))
        .extracting(e -> ((EcluseException) e).code())
        .isEqualTo(ErrorCode.COMMIT_CONFLICT);

    build("slower", Materialized.of("table"), SUM);
    publish("faster", Materialized.of("view"), SUM);
    assertThatThrownBy(() -> warehouse.publish("slower"))
        .extracting(e -> ((EcluseException) e).code())
        .isEqualTo(ErrorCode.COMMIT_CONFLICT);
    assertThat(kinds().get(TOTALS)).isEqualTo(PublishedTable.Kind.VIEW);
  }

  @Test
  void saysThatWhatItReadsHasChangedOrIsGone() {
    publish("v1", Materialized.of("view"), SUM);
    StagedTable other =
        warehouse.stage("load2", GRADES, List.of(new Column("mark", DataType.INTEGER)));
    engine.write(other, "SELECT 1 AS mark", ReadView.PUBLISHED, new Cancellation());
    warehouse.publish("load2");
    assertThatThrownBy(() -> total(ReadView.PUBLISHED))
        .hasMessageContaining("The view marts.totals does not fit what it reads any more")
        .hasMessageContaining("grade");

    warehouse.rollBack("load2");
    assertThat(total(ReadView.PUBLISHED)).isEqualTo("10");
    warehouse.rollBack("load1");
    assertThatThrownBy(() -> total(ReadView.PUBLISHED))
        .hasMessageContaining("The view marts.totals reads erp.grades, which is not there")
        .extracting(e -> ((EcluseException) e).code())
        .isEqualTo(ErrorCode.NOT_FOUND);
  }

  @Test
  void saysThatViewsReadEachOther() {
    TableName other = new TableName("marts", "other");
    publish("r1", Materialized.of("view"), SUM);
    models.build(
        Errand.quiet("r2"),
        model(other, Materialized.of("view"), "SELECT total FROM marts.totals"),
        Map.of(),
        Optional.empty());
    warehouse.publish("r2");
    publish("r3", Materialized.of("view"), "SELECT total FROM marts.other");

    assertThatThrownBy(() -> total(ReadView.PUBLISHED))
        .hasMessageContaining("read each other in a circle")
        .hasMessageContaining("marts.other");
  }

  @Test
  void keepsTheTableThatItHidesWhileItCanBeRolledBackTo() {
    publish("r1", Materialized.of("table"), SUM);
    publish("r2", Materialized.of("view"), SUM);
    Instant later = Instant.now().plus(Duration.ofDays(60));

    warehouse.reclaim(new Retention(later, later, Set.of(), Set.of(), Effect.REMOVE));

    assertThat(total(ReadView.PUBLISHED)).isEqualTo("10");
    warehouse.rollBack("r2");
    assertThat(total(ReadView.PUBLISHED)).isEqualTo("10");
  }

  @Test
  void saysWhereTheSqlIsWrong() {
    assertThatThrownBy(
            () -> build("run", Materialized.of("view"), "SELECT nothing\nFROM erp.grades"))
        .hasMessageContaining("models/marts/totals.sql:1:8")
        .hasMessageContaining("nothing");
  }
}
