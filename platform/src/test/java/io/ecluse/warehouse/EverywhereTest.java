package io.ecluse.warehouse;

import static org.assertj.core.api.Assertions.assertThat;

import io.ecluse.Servers;
import io.ecluse.disk.Disk;
import io.ecluse.duckdb.DuckDbEngine;
import io.ecluse.engine.BatchFile;
import io.ecluse.engine.Cancellation;
import io.ecluse.engine.EngineSettings;
import io.ecluse.engine.Merge;
import io.ecluse.engine.Rows;
import io.ecluse.metadata.Metadata;
import io.ecluse.schema.Column;
import io.ecluse.schema.DataType;
import io.ecluse.schema.Effect;
import io.ecluse.schema.TableName;
import io.ecluse.storage.DoubtfulDoor;
import io.ecluse.storage.DoubtfulDoor.Fault;
import io.ecluse.storage.HdfsServer;
import io.ecluse.storage.LocalCopies;
import io.ecluse.storage.Places;
import io.ecluse.storage.S3Server;
import io.ecluse.storage.Storage;
import io.ecluse.storage.StorageSettings;
import io.ecluse.storage.Storages;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * What a warehouse does, wherever it is: publication of several tables or none, increments,
 * history, small files that become one, views, the past, rollback, expiry, files of nobody.
 */
@Timeout(180)
class EverywhereTest {
  private static final TableName ROWS = new TableName("lab", "rows");
  private static final TableName PAST = new TableName("lab", "past");
  private static final TableName SEEN = new TableName("lab", "seen");
  private static final List<Column> COLUMNS =
      List.of(new Column("id", DataType.BIGINT), new Column("state", DataType.VARCHAR));
  private static final int SEED = 20261128;

  /** Where tables are. */
  private enum Where {
    FOLDER,
    HDFS,
    S3,
    /** Answers are lost, requests done twice, and lists have what was deleted. */
    DOUBTFUL_S3
  }

  @TempDir Path folder;
  private final List<AutoCloseable> opened = new ArrayList<>();
  private Warehouse warehouse;
  private DuckDbEngine engine;
  private Storage store;
  private int runs;

  private void open(Where where) throws IOException {
    Metadata metadata = Servers.newMetadata();
    opened.add(metadata);
    store = storage(where);
    Places places =
        where == Where.FOLDER
            ? Places.of(folder.resolve("lake"), new Disk())
            : new Places(
                store,
                folder.resolve("work"),
                new LocalCopies(folder.resolve("copies"), 1L << 30, Clock.systemUTC()));
    warehouse = new Warehouse(metadata.jdbi(), "test", places, new Disk());
    List<Path> reached = new ArrayList<>(places.folders());
    reached.add(Files.createDirectories(folder.resolve("batches")));
    engine =
        new DuckDbEngine(
            new EngineSettings(256L << 20, 2, folder.resolve("spill"), 1L << 28, reached),
            warehouse);
    opened.add(warehouse);
    opened.add(engine);
    warehouse.settle(new Home(folder.toString(), Home.Kind.PRIVATE));
  }

  private Storage storage(Where where) throws IOException {
    S3Server s3 = S3Server.shared();
    return switch (where) {
      case FOLDER -> Storages.open(folder.resolve("lake").toString(), () -> StorageSettings.NONE);
      case HDFS -> Storages.open(HdfsServer.shared().newLocation(), () -> StorageSettings.NONE);
      case S3 -> Storages.open("s3://" + s3.newBucket() + "/lake", s3::settings);
      case DOUBTFUL_S3 -> {
        Random random = new Random(SEED);
        DoubtfulDoor door = new DoubtfulDoor(s3.port(), asked -> doubtful(asked, random));
        opened.add(door);
        yield Storages.open("s3://" + s3.newBucket() + "/lake", () -> s3.settings(door.port()));
      }
    };
  }

  private static Fault doubtful(String asked, Random random) {
    int of = random.nextInt(100);
    if (of < 6) {
      return Fault.ANSWER_LOST;
    }
    if (of < 9) {
      return Fault.CUT;
    }
    return asked.contains("list-type=2")
        ? Fault.NOTHING_FORGOTTEN
        : of < 20 ? Fault.TWICE : Fault.NONE;
  }

  @AfterEach
  void close() throws Exception {
    for (int i = opened.size() - 1; i >= 0; i--) {
      opened.get(i).close();
    }
  }

  private Merge.Step step(String rows, Optional<String> keys) throws SQLException {
    List<Path> seen = new ArrayList<>();
    if (keys.isPresent()) {
      seen.add(file(keys.get()));
    }
    return new Merge.Step(
        BatchFile.here(List.of(file(rows))),
        List.of(),
        COLUMNS,
        keys.map(k -> BatchFile.here(seen)),
        false,
        Instant.parse("2026-01-01T00:00:00Z").plusSeconds(runs));
  }

  private Path file(String sql) throws SQLException {
    Path file = folder.resolve("batches/in" + runs++ + ".parquet");
    try (Connection plain = DriverManager.getConnection("jdbc:duckdb:");
        Statement statement = plain.createStatement()) {
      statement.execute("COPY (%s) TO '%s' (FORMAT parquet)".formatted(sql, file));
    }
    return file;
  }

  private static String rows(int from, int to, String state) {
    return "SELECT i AS id, '%s' AS state FROM range(%d, %d) t(i)".formatted(state, from, to);
  }

  private void merge(String run, TableName name, Merge.Versions versions, Merge.Step step) {
    List<Column> columns = versions == Merge.Versions.ALL ? Merge.withValidity(COLUMNS) : COLUMNS;
    try (StagedTable table = warehouse.stage(run, name, columns)) {
      Merge merge =
          new Merge(
              warehouse.snapshot(name, ReadView.PUBLISHED), List.of("id"), versions, List.of(step));
      engine.fill(table, merge, Optional.of(run), new Cancellation());
    }
  }

  private String both(Merge.Step step) {
    String run = "r" + runs++;
    merge(run, ROWS, Merge.Versions.LATEST, step);
    merge(run, PAST, Merge.Versions.ALL, step);
    return run;
  }

  private List<String> read(String sql, ReadView view) {
    Rows rows = new Rows();
    engine.run(sql, view, new Cancellation(), rows);
    return rows.all().stream().map(r -> String.join(" ", texts(r))).toList();
  }

  private static List<String> texts(Object[] row) {
    List<String> texts = new ArrayList<>();
    for (Object each : row) {
      texts.add(String.valueOf(each));
    }
    return texts;
  }

  private List<String> now() {
    return read(
        "SELECT 'r', state, count(*) FROM lab.rows GROUP BY ALL UNION ALL SELECT 'p', CASE WHEN valid_to IS NULL THEN state ELSE 'over' END, count(*) FROM lab.past GROUP BY ALL ORDER BY ALL",
        ReadView.PUBLISHED);
  }

  @ParameterizedTest
  @EnumSource(Where.class)
  void doesAllThatAWarehouseDoes(Where where) throws Exception {
    open(where);
    warehouse.publish(both(step(rows(0, 1000, "new"), Optional.empty())));
    Instant first = Instant.now();
    String change = both(step(rows(990, 1010, "paid"), Optional.of(rows(10, 1010, ""))));
    assertThat(now()).as("not published").containsExactly("p new 1000", "r new 1000");
    warehouse.publish(change);
    List<String> paid = List.of("p new 980", "p over 20", "p paid 20", "r new 980", "r paid 20");
    assertThat(now()).isEqualTo(paid);
    assertThat(read("SELECT count(*) FROM lab.rows WHERE state = 'new'", new ReadView.AsOf(first)))
        .containsExactly("1000");

    views();
    String late = both(step(rows(0, 1, "late"), Optional.empty()));
    assertThat(warehouse.publish(late).tables()).containsExactlyInAnyOrder(ROWS, PAST);
    assertThat(now()).contains("r late 1");
    warehouse.rollBack(late);
    assertThat(now()).isEqualTo(paid);
    grows();
    forgets();
  }

  private void views() {
    String run = "v" + runs++;
    warehouse.stageView(
        run,
        SEEN,
        List.of(new Column("n", DataType.BIGINT)),
        new ViewQuery("SELECT count(*) AS n FROM lab.rows", List.of(ROWS)));
    warehouse.publish(run);
    assertThat(read("SELECT n FROM lab.seen", ReadView.PUBLISHED)).containsExactly("1000");
  }

  /** By files that would be one each time, were they not made one. */
  private void grows() throws SQLException {
    for (int i = 0; i < 10; i++) {
      warehouse.publish(both(step(rows(2000 + i, 2001 + i, "more"), Optional.empty())));
    }
    assertThat(read("SELECT n FROM lab.seen", ReadView.PUBLISHED)).containsExactly("1010");
    assertThat(warehouse.snapshot(ROWS, ReadView.PUBLISHED).orElseThrow().files())
        .hasSizeLessThan(9);
  }

  private void forgets() throws SQLException {
    List<String> before = now();
    String nobodys =
        warehouse.snapshot(ROWS, ReadView.PUBLISHED).orElseThrow().files().get(0).path();
    String orphan =
        nobodys.replace(folder.resolve("lake") + "/", "").replaceFirst("[^/]+$", "torn.parquet");
    store.write(orphan, new byte[] {1, 2, 3});
    String lost = both(step(rows(0, 5, "lost"), Optional.empty()));
    Instant later = Instant.now().plus(Duration.ofDays(3));
    Retention all = new Retention(later, later, Set.of(), Set.of(lost), Effect.REMOVE);

    Reclaimed gone = warehouse.reclaim(all);

    assertThat(gone.snapshots()).isPositive();
    assertThat(store.find(orphan)).isEmpty();
    warehouse.reclaim(all);
    assertThat(now()).isEqualTo(before);
    assertThat(warehouse.history(ROWS)).hasSize(Retention.LEAST_STATES);
    for (TableVersion version : warehouse.history(ROWS)) {
      assertThat(
              read("SELECT count(*) FROM lab.rows", new ReadView.AtSnapshot(version.snapshotId())))
          .containsExactly("" + version.rows());
    }
  }
}
