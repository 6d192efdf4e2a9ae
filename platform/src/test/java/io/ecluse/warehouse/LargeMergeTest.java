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
import io.ecluse.schema.ContentSums;
import io.ecluse.schema.DataType;
import io.ecluse.schema.Layout;
import io.ecluse.schema.TableName;
import io.ecluse.storage.LocalCopies;
import io.ecluse.storage.Places;
import io.ecluse.storage.S3Server;
import io.ecluse.storage.Storages;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Batches into tables on S3 of which no more than a third may be here at once. */
@Timeout(180)
class LargeMergeTest {
  private static final TableName FACTS = new TableName("lab", "facts");
  private static final int ROWS = 50_000;
  private static final Layout BY_PART =
      new Layout(List.of(new Layout.Part(Layout.Transform.IDENTITY, "part", 1)), List.of());
  private static final List<Column> COLUMNS =
      List.of(
          new Column("part", DataType.INTEGER),
          new Column("n", DataType.BIGINT),
          new Column("text", DataType.VARCHAR),
          new Column("points", DataType.INTEGER));

  @TempDir Path folder;
  private final String location = "s3://" + S3Server.shared().newBucket() + "/lake";
  private final List<AutoCloseable> opened = new ArrayList<>();
  private Metadata metadata;
  private Connection plain;
  private Lab whole;
  private Lab little;
  private int batches;

  /** Tables of an environment, and how much of them may be here. */
  private record Lab(String name, Warehouse warehouse, DuckDbEngine engine) {
    private Optional<TableSnapshot> published() {
      return warehouse.snapshot(FACTS, ReadView.PUBLISHED);
    }

    Merge.Merged merge(String run, Merge.Versions versions, Merge.Step... steps) {
      try (StagedTable table = stage(run, versions, steps)) {
        Merge merge = new Merge(published(), List.of("n"), versions, List.of(steps));
        Merge.Merged merged = engine.fill(table, merge, Optional.of(run), new Cancellation());
        warehouse.publish(run);
        return merged;
      }
    }

    Merge.Added append(String run, Merge.Step... steps) {
      try (StagedTable table = stage(run, Merge.Versions.LATEST, steps)) {
        Merge merge = new Merge(published(), List.of("n"), Merge.Versions.LATEST, List.of(steps));
        Merge.Added added = engine.append(table, merge, Optional.of(run), new Cancellation());
        if (added.changed() == 0) {
          warehouse.publish(run);
        }
        return added;
      }
    }

    private StagedTable stage(String run, Merge.Versions versions, Merge.Step... steps) {
      List<Column> data = steps[0].columns();
      return warehouse.stage(
          run, FACTS, versions == Merge.Versions.ALL ? Merge.withValidity(data) : data, BY_PART);
    }

    ContentSums sums() {
      return engine.sums(FACTS, ReadView.PUBLISHED);
    }
  }

  @BeforeEach
  void open() throws SQLException {
    metadata = Servers.newMetadata();
    opened.add(metadata);
    plain = DriverManager.getConnection("jdbc:duckdb:");
    opened.add(plain);
    whole = lab("whole", 1L << 30);
  }

  private Lab lab(String name, long cache) {
    Path own = folder.resolve(name);
    Warehouse warehouse =
        new Warehouse(
            metadata.jdbi(),
            name.replace("2", ""),
            new Places(
                Storages.open(location + "/" + name.replace("2", ""), S3Server.shared()::settings),
                own.resolve("work"),
                new LocalCopies(own.resolve("copies"), cache, Clock.systemUTC())),
            new Disk());
    DuckDbEngine engine =
        new DuckDbEngine(
            new EngineSettings(
                256L << 20,
                2,
                own.resolve("spill"),
                1L << 30,
                List.of(own.resolve("copies"), own.resolve("work"), folder.resolve("batches"))),
            warehouse);
    opened.add(warehouse);
    opened.add(engine);
    return new Lab(name, warehouse, engine);
  }

  /** The same table in both, of which one may have a third here. */
  private void begin(Merge.Versions versions) throws SQLException {
    Merge.Step all = step(rows(0, ROWS, 0), Optional.empty(), Whole.YES);
    whole.merge("r0", versions, all);
    lab("little", 1L << 30).merge("r0", versions, all);
    little = lab("little2", whole.published().orElseThrow().bytes() / 3);
  }

  @AfterEach
  void close() throws Exception {
    for (int i = opened.size() - 1; i >= 0; i--) {
      opened.get(i).close();
    }
  }

  private enum Whole {
    YES,
    NO
  }

  private static String rows(int from, int to, int points) {
    return "SELECT (i %% 3)::INT AS part, i AS n, md5(i::VARCHAR) || md5((i * 7)::VARCHAR) || md5((i * 11)::VARCHAR) || md5((i * 13)::VARCHAR) AS text, %d AS points FROM range(%d, %d) t(i)"
        .formatted(points, from, to);
  }

  private Path file(String sql) throws SQLException {
    Path file = folder.resolve("batches").resolve("in" + batches++ + ".parquet");
    file.getParent().toFile().mkdirs();
    try (Statement statement = plain.createStatement()) {
      statement.execute("COPY (%s) TO '%s' (FORMAT parquet)".formatted(sql, file));
    }
    return file;
  }

  private Merge.Step step(String sql, Optional<String> keys, Whole all) throws SQLException {
    Optional<List<BatchFile>> seen =
        keys.isPresent()
            ? Optional.of(BatchFile.here(List.of(file(keys.get()))))
            : Optional.empty();
    return new Merge.Step(
        BatchFile.here(List.of(file(sql))),
        List.of(),
        COLUMNS,
        seen,
        all == Whole.YES,
        Instant.parse("2026-01-01T00:00:00Z").plusSeconds(batches));
  }

  private static Merge.Step typed(Merge.Step step, DataType points) {
    List<Column> columns = new ArrayList<>(COLUMNS.subList(0, 3));
    columns.add(new Column("points", points));
    return new Merge.Step(
        step.rows(), step.changes(), columns, step.keys(), step.whole(), step.at());
  }

  private void assertSame(Merge.Versions versions, Merge.Step... steps) throws IOException {
    String run = "r" + batches;
    Merge.Merged merged = little.merge(run, versions, steps);
    assertThat(merged).isEqualTo(whole.merge(run, versions, steps));
    assertSame(versions);
  }

  private void assertSame(Merge.Versions versions) throws IOException {
    assertThat(little.sums()).isEqualTo(whole.sums());
    String since = versions == Merge.Versions.ALL ? "valid_from" : "points";
    assertThat(number("SELECT count(*) - count(DISTINCT (n, " + since + ")) FROM lab.facts"))
        .isZero();
    try (Stream<Path> kept = Files.list(folder.resolve("little2/copies/kept"))) {
      assertThat(kept.mapToLong(f -> f.toFile().length()).sum())
          .isLessThan(whole.published().orElseThrow().bytes() / 2);
    }
    try (Stream<Path> files = Files.walk(folder.resolve("little2/copies/leased"))) {
      assertThat(files.filter(f -> f.toString().contains("/held/"))).isEmpty();
    }
  }

  private long number(String sql) {
    Rows rows = new Rows();
    little.engine.run(sql, ReadView.PUBLISHED, new Cancellation(), rows);
    return ((Number) rows.all().get(0)[0]).longValue();
  }

  @Test
  void rowsAreReplacedAndDeletedInPlace() throws Exception {
    begin(Merge.Versions.LATEST);

    assertSame(Merge.Versions.LATEST, step(rows(40_000, 40_150, 1), Optional.empty(), Whole.NO));
    assertThat(little.published().orElseThrow().files())
        .as("large files stay, with marks")
        .anyMatch(f -> f.deleted().rows() > 0);
    assertSame(
        Merge.Versions.LATEST,
        step(
            rows(ROWS - 10, ROWS + 20, 2),
            Optional.of("SELECT i AS n FROM range(100, " + (ROWS + 20) + ") t(i)"),
            Whole.NO));
    assertSame(Merge.Versions.LATEST, step(rows(0, 30_000, 3), Optional.empty(), Whole.NO));
    assertThat(number("SELECT count(*) FROM lab.facts WHERE points = 3")).isEqualTo(30_000);
  }

  @Test
  void aTableOfWhichAColumnHasAnotherTypeIsWrittenAnew() throws Exception {
    begin(Merge.Versions.LATEST);

    assertSame(
        Merge.Versions.LATEST,
        typed(step(rows(5, 10, 7), Optional.empty(), Whole.NO), DataType.BIGINT));

    assertThat(number("SELECT sum(points)::BIGINT FROM lab.facts")).isEqualTo(35);
    assertThat(number("SELECT count(*) FROM lab.facts")).isEqualTo(ROWS);
  }

  @Test
  void versionsAreKept() throws Exception {
    begin(Merge.Versions.ALL);

    assertSame(Merge.Versions.ALL, step(rows(40_000, 40_150, 1), Optional.empty(), Whole.NO));
    assertSame(
        Merge.Versions.ALL,
        step(
            rows(ROWS, ROWS + 20, 2),
            Optional.of("SELECT i AS n FROM range(100, " + (ROWS + 20) + ") t(i)"),
            Whole.NO));
    assertSame(Merge.Versions.ALL, step(rows(0, ROWS, 0), Optional.empty(), Whole.YES));
    assertThat(number("SELECT count(*) FROM lab.facts WHERE valid_to IS NULL")).isEqualTo(ROWS);
  }

  @Test
  void newRowsAreAddedAndChangedOnesAreSeen() throws Exception {
    begin(Merge.Versions.LATEST);
    Merge.Step more = step(rows(ROWS - 50, ROWS + 50, 0), Optional.empty(), Whole.NO);
    Merge.Step other = step(rows(ROWS - 50, ROWS + 60, 1), Optional.empty(), Whole.NO);

    assertThat(little.append("a1", more))
        .isEqualTo(whole.append("a1", more))
        .isEqualTo(new Merge.Added(50, 0));
    assertSame(Merge.Versions.LATEST);
    assertThat(little.append("a2", other)).isEqualTo(new Merge.Added(0, 100));
    assertSame(Merge.Versions.LATEST);
  }
}
