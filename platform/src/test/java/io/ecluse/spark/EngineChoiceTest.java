package io.ecluse.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.withinPercentage;

import io.ecluse.Registrations;
import io.ecluse.Servers;
import io.ecluse.disk.Disk;
import io.ecluse.duckdb.DuckDbEngine;
import io.ecluse.duckdb.EngineParser;
import io.ecluse.engine.Cancellation;
import io.ecluse.engine.Demand;
import io.ecluse.engine.EngineSettings;
import io.ecluse.engine.Engines;
import io.ecluse.engine.Errand;
import io.ecluse.metadata.Metadata;
import io.ecluse.project.ProjectReader;
import io.ecluse.project.Settings;
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
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which engine is chosen, and what is said of it. */
class EngineChoiceTest {
  private static final String CLUSTERS = "name: x\nclusters: { big: { type: local }%s }\n";
  private static final String SORTED = "SELECT n FROM raw.numbers ORDER BY n";

  @TempDir static Path folder;
  private static Metadata metadata;
  private static Warehouse warehouse;
  private static DuckDbEngine duckDb;
  private static long bytes;

  @BeforeAll
  static void open() {
    metadata = Servers.newMetadata();
    warehouse = new Warehouse(metadata.jdbi(), "test", folder.resolve("warehouse"), new Disk());
    duckDb =
        new DuckDbEngine(
            new EngineSettings(128L << 20, 2, folder.resolve("spill"), 8L << 20, List.of(folder)),
            warehouse);
    TableName numbers = new TableName("raw", "numbers");
    try (StagedTable table =
        warehouse.stage("load", numbers, List.of(new Column("n", DataType.BIGINT)))) {
      duckDb.write(
          table, "SELECT range AS n FROM range(10000)", ReadView.PUBLISHED, new Cancellation());
    }
    warehouse.publish("load");
    bytes = warehouse.snapshot(numbers, ReadView.PUBLISHED).orElseThrow().bytes();
  }

  @AfterAll
  static void close() {
    duckDb.close();
    metadata.close();
  }

  private static Engines.Choice choice(String project, long memory, Errand.Wish wish, String sql)
      throws IOException {
    return choosing(
        project, memory, e -> e.choose(Errand.quiet("run", wish), sql, ReadView.PUBLISHED));
  }

  private static Engines.Choice load(String project, String staging, long bytes)
      throws IOException {
    return choosing(
        project,
        100,
        e ->
            e.load(
                Errand.quiet("run", Errand.Wish.NONE),
                staging,
                bytes,
                new Demand(1, 0, 0, List.of(), Optional.empty())));
  }

  private static Engines.Choice choosing(
      String project, long memory, Function<Engines, Engines.Choice> choosing) throws IOException {
    Path place = Files.createTempDirectory(folder, "project");
    Files.writeString(place.resolve("ecluse.yaml"), project);
    Settings settings =
        new ProjectReader(new EngineParser(), Registrations.builtIn().vocabulary())
            .settings(place, "dev")
            .orElseThrow();
    Signal signal = new Signal();
    JobStore jobs = new JobStore(metadata.jdbi(), "test");
    SessionStore sessions = new SessionStore(metadata.jdbi(), "test");
    try (JobDoor door =
        new JobDoor(
            place.resolve("port"),
            new JobHandlers(sessions, jobs, signal),
            ask -> JobHandlers.error(404, "none"),
            new DoorJars(java.util.List::of))) {
      SparkJobs none =
          new SparkJobs(
              jobs,
              new Sessions(
                  new Sessions.Kept(sessions, jobs, place, signal),
                  new Launcher(
                      new SparkDistribution(Map.of()),
                      new ApplicationJar(Map.of()),
                      () -> new Launcher.Store("/tables", Map.of())),
                  new Sessions.Kinds(Map.of(), Map.of())),
              door,
              signal);
      return choosing.apply(new EngineChoice(duckDb, warehouse, none, () -> settings, memory));
    }
  }

  private static Errand.Wish wish(String engine) {
    return new Errand.Wish(Optional.of(engine), Optional.empty());
  }

  @Test
  void withoutClustersAutoIsDuckDb() throws IOException {
    Engines.Choice choice = choice("name: x\n", 1, Errand.Wish.NONE, SORTED);

    assertThat(choice.engine()).isSameAs(duckDb);
    assertThat(choice.why()).isEqualTo("DuckDB, as there are no clusters");
  }

  @Test
  void autoTakesTheClusterForWhatThisMachineHoldsBadly() throws IOException {
    String project = CLUSTERS.formatted("");

    Engines.Choice large = choice(project, bytes / 2, Errand.Wish.NONE, SORTED);
    Engines.Choice small = choice(project, bytes * 10, Errand.Wish.NONE, SORTED);

    assertThat(large.name()).isEqualTo("spark");
    assertThat(large.why())
        .startsWith("Spark on cluster big: ")
        .contains("in its tables, 0 joins, 0 groups, 1 sorts");
    assertThat(small.engine()).isSameAs(duckDb);
    assertThat(small.why()).startsWith("DuckDB: ").contains("1 sorts");
  }

  @Test
  void autoReadsMuchOnThisMachineIfNothingOfItIsHeld() throws IOException {
    String scan = "SELECT n + 1 AS m FROM raw.numbers WHERE n > 3";

    assertThat(choice(CLUSTERS.formatted(""), bytes / 2, Errand.Wish.NONE, scan).name())
        .isEqualTo("duckdb");
    assertThat(choice(CLUSTERS.formatted(""), bytes / 100, Errand.Wish.NONE, scan).name())
        .isEqualTo("spark");
  }

  private static final TableName WIDE = new TableName("raw", "wide");

  private static Estimate estimate(String sql) {
    return Estimate.of(duckDb, warehouse, sql, ReadView.PUBLISHED);
  }

  /** Ten thousand rows of a number, and a text that hardly packs. */
  private static void wide() {
    if (warehouse.snapshot(WIDE, ReadView.PUBLISHED).isEmpty()) {
      List<Column> columns =
          List.of(new Column("n", DataType.BIGINT), new Column("hash", DataType.VARCHAR));
      try (StagedTable table = warehouse.stage("wide", WIDE, columns)) {
        duckDb.write(
            table,
            "SELECT range AS n, md5(range::varchar) AS hash FROM range(10000)",
            ReadView.PUBLISHED,
            new Cancellation());
      }
      warehouse.publish("wide");
    }
  }

  @Test
  void countsWhatTheNamedColumnsTakeAlone() {
    wide();

    Estimate number = estimate("SELECT max(n) AS n FROM raw.wide");
    Estimate all = estimate("SELECT * FROM raw.wide");

    assertThat(number.files()).isEqualTo(all.files());
    assertThat(all.read()).isCloseTo(all.files(), withinPercentage(5));
    assertThat(number.read()).isBetween(1L, all.read() / 3);
    String there =
        "SELECT n FROM raw.numbers x WHERE EXISTS (SELECT %s FROM raw.wide w WHERE w.n = x.n)";
    assertThat(estimate(there.formatted("*")).read())
        .isEqualTo(estimate(there.formatted("1")).read())
        .isLessThan(estimate(there.formatted("* EXCLUDE (n)")).read());
    assertThat(number.words()).contains(" to read of ").contains("0 joins, 0 groups, 0 sorts");
  }

  @Test
  void ofJoinedTablesTheLargestIsNotHeld() {
    wide();
    String join = "SELECT count(*) AS c FROM raw.wide w JOIN raw.numbers x ON x.n = w.n";

    long numbers = estimate(join).held();

    assertThat(numbers).isEqualTo(10_000L * (8 + 16));
    assertThat(estimate(join + " WHERE x.n > 9").held()).isEqualTo(numbers / 5);
    assertThat(estimate("SELECT n FROM raw.wide WHERE n IN (SELECT n FROM raw.numbers)").held())
        .isEqualTo(numbers);
    assertThat(
            estimate(
                    "SELECT n FROM raw.wide UNION ALL SELECT n FROM raw.numbers ORDER BY n LIMIT 5")
                .held())
        .isLessThan(numbers / 2);
  }

  @Test
  void sortsHoldAllTheirRowsAndTheFirstFewNone() {
    wide();

    assertThat(estimate("SELECT n FROM raw.wide ORDER BY n").held()).isEqualTo(10_000L * 24);
    assertThat(estimate("SELECT n FROM raw.wide ORDER BY n LIMIT 9").held()).isZero();
    assertThat(estimate("SELECT row_number() OVER (ORDER BY n) AS n FROM raw.wide").held())
        .isEqualTo(10_000L * 24);
  }

  @Test
  void aWordDecidesWhateverTheQueryNeeds() throws IOException {
    String project = "engine: spark\n" + CLUSTERS.formatted("");

    assertThat(choice(project, 1L << 40, Errand.Wish.NONE, SORTED).why())
        .isEqualTo("Spark on cluster big, as was asked");
    assertThat(choice(project, 1, wish("duckdb"), SORTED).why()).isEqualTo("DuckDB, as was asked");
    assertThat(choice("name: x\n", 1, wish("spark"), SORTED).why())
        .isEqualTo("Spark on cluster local, as was asked");
  }

  @Test
  void ofSeveralClustersOneIsToBeNamed() {
    String project = CLUSTERS.formatted(", other: { type: local }");

    assertThatThrownBy(() -> choice(project, 1, wish("spark"), SORTED))
        .hasMessageContaining("There are several clusters, ")
        .hasMessageContaining("--cluster NAME");
  }

  @Test
  void batchesAreLoadedByTheEngineThatIsMeant() throws IOException {
    String big = CLUSTERS.formatted("");

    assertThat(load("engine: spark\n" + big, "/staging", 1).why())
        .isEqualTo("Loaded by Spark on cluster big: as was asked");
    assertThat(load("engine: duckdb\n" + big, "/staging", 1_000_000).engine()).isSameAs(duckDb);
    assertThat(load(big, "/staging", 100).engine()).isSameAs(duckDb);
    assertThat(load(big, "/staging", 101).why())
        .isEqualTo("Loaded by Spark on cluster big: 101 B in the batches; DuckDB has 100 B");
    assertThat(load("name: x\n", "/staging", 1_000_000).engine()).isSameAs(duckDb);
  }

  @Test
  void batchesThatAClusterDoesNotReachAreLoadedHereAndItIsSaidWhy() throws IOException {
    String far =
        "name: x\nengine: spark\nwarehouse: { location: 'hdfs://there/tables' }\nclusters: { far: { type: standalone, master: 'spark://10.0.0.5:7077'%s } }\n";

    Engines.Choice here = load(far.formatted(""), "/staging", 1);
    assertThat(here.engine()).isSameAs(duckDb);
    assertThat(here.why())
        .isEqualTo(
            "Loaded by DuckDB, though Spark is meant (as was asked): the batches are in /staging of this machine, which cluster far does not reach; set staging.location to a place where the tables are");
    assertThat(load(far.formatted(""), "s3://there/staging", 1).why())
        .endsWith(
            "Spark on cluster far does not read s3://; name what does under conf: spark.hadoop.fs.s3.impl");
    assertThat(
            load(far.formatted(", conf: { spark.hadoop.fs.s3.impl: x.Y }"), "s3://there/staging", 1)
                .name())
        .isEqualTo("spark");
    assertThat(load(far.formatted(""), "hdfs://there/staging", 1).name()).isEqualTo("spark");
  }
}
