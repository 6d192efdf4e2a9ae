package io.ecluse.duckdb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ecluse.engine.BatchFile;
import io.ecluse.engine.Cancellation;
import io.ecluse.engine.Merge;
import io.ecluse.engine.Rows;
import io.ecluse.error.EcluseException;
import io.ecluse.error.ErrorCode;
import io.ecluse.schema.Column;
import io.ecluse.schema.DataType;
import io.ecluse.schema.Effect;
import io.ecluse.schema.Layout;
import io.ecluse.schema.TableName;
import io.ecluse.source.StagedWarehouse;
import io.ecluse.warehouse.ReadView;
import io.ecluse.warehouse.Retention;
import io.ecluse.warehouse.StagedTable;
import io.ecluse.warehouse.TableColumn;
import io.ecluse.warehouse.TableSnapshot;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Merges into tables whose files are large enough to be left alone, against plain DuckDB. */
class RowDeltaTest {
  private static final TableName GRADES = new TableName("erp", "grades");
  private static final int ROWS = 60_000;

  @TempDir Path folder;
  private StagedWarehouse lab;
  private Connection plain;
  private int files;
  private int runs;

  @BeforeEach
  void open() throws SQLException {
    lab = new StagedWarehouse(folder);
    plain = DriverManager.getConnection("jdbc:duckdb:");
    execute("SET TimeZone = 'UTC'");
  }

  @AfterEach
  void close() throws SQLException {
    plain.close();
    lab.close();
  }

  private void execute(String sql) throws SQLException {
    try (Statement statement = plain.createStatement()) {
      statement.execute(sql);
    }
  }

  /** Rows that compress to more than a file that is always written anew. */
  private static String rows(String key, int from, int to, String state) {
    return "SELECT %s AS id, '%s' AS state, md5(i::VARCHAR) || md5((i + 1)::VARCHAR) AS note FROM range(%d, %d) t(i)"
        .formatted(key, state, from, to);
  }

  private Path file(String sql) throws SQLException {
    Path file = folder.resolve("warehouse").resolve("in" + files++ + ".parquet");
    file.getParent().toFile().mkdirs();
    execute("COPY (%s) TO '%s' (FORMAT parquet)".formatted(sql, file));
    return file;
  }

  private static List<Column> columns(DataType key) {
    return List.of(
        new Column("id", key),
        new Column("state", DataType.VARCHAR),
        new Column("note", DataType.VARCHAR));
  }

  private Merge.Step step(String sql, List<Column> columns, Optional<String> keys)
      throws SQLException {
    return new Merge.Step(
        BatchFile.here(List.of(file(sql))),
        List.of(),
        columns,
        keys.isPresent()
            ? Optional.of(BatchFile.here(List.of(file(keys.get()))))
            : Optional.empty(),
        false,
        Instant.parse("2026-01-01T00:00:00Z").plusSeconds(files));
  }

  private Optional<TableSnapshot> published() {
    return lab.warehouse().snapshot(GRADES, ReadView.PUBLISHED);
  }

  /** Merges into a published table and publishes. */
  private Merge.Merged merge(Merge.Versions versions, Layout layout, Merge.Step... steps) {
    String run = "run" + runs++;
    List<Column> data = steps[0].columns();
    StagedTable table =
        lab.warehouse()
            .stage(
                run,
                GRADES,
                versions == Merge.Versions.ALL ? Merge.withValidity(data) : data,
                layout);
    Merge.Merged merged =
        lab.engine()
            .fill(
                table,
                new Merge(published(), List.of("id"), versions, List.of(steps)),
                Optional.of(run),
                new Cancellation());
    lab.warehouse().publish(run);
    return merged;
  }

  private Merge.Merged latest(Merge.Step... steps) {
    return merge(Merge.Versions.LATEST, Layout.sorted(List.of("id")), steps);
  }

  private List<String> read(String sql) {
    Rows rows = new Rows();
    lab.engine().run(sql, ReadView.PUBLISHED, new Cancellation(), rows);
    return rows.all().stream().map(Arrays::toString).toList();
  }

  private List<String> expected(String sql) throws SQLException {
    List<String> rows = new ArrayList<>();
    try (Statement statement = plain.createStatement();
        var result = statement.executeQuery(sql)) {
      while (result.next()) {
        Object[] values = new Object[result.getMetaData().getColumnCount()];
        for (int i = 0; i < values.length; i++) {
          values[i] = result.getObject(i + 1);
        }
        rows.add(Arrays.toString(values));
      }
    }
    return rows;
  }

  private static final String SUMS =
      "SELECT count(*)::BIGINT, count(DISTINCT id)::BIGINT, sum(hash(id, state, note))::VARCHAR, min(state), max(state) FROM ";

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '`',
      value = {
        "i::BIGINT;BIGINT",
        "(i - 30000)::INTEGER;INTEGER",
        "CASE WHEN i = 30000 THEN NULL ELSE i END::BIGINT;BIGINT",
        "'élève-ß-😀-' || i;VARCHAR",
        "CASE i WHEN 30000 THEN NULL WHEN 30001 THEN '' ELSE repeat('x', 20) || i END;VARCHAR",
        "(i / 100)::DECIMAL(12, 2);DECIMAL(12,2)",
        "DATE '1900-01-01' + i::INTEGER;DATE",
        "TIMESTAMP '1969-01-01 00:00:00.000001' + to_seconds(i * 977);TIMESTAMP",
        "timezone('UTC', TIMESTAMP '1969-01-01' + to_seconds(i * 977));TIMESTAMPTZ",
        "md5(i::VARCHAR)::UUID;UUID",
        "CASE i WHEN 30000 THEN 'NaN'::DOUBLE ELSE i / 7 END;DOUBLE",
        "i::VARCHAR::BLOB;BLOB",
      })
  void replacesRowsByKeysOfAnyType(String key, String type) throws SQLException {
    List<Column> columns = columns(DataType.parse(type).orElseThrow());
    String old = rows(key, 0, ROWS, "old");
    latest(step(old, columns, Optional.empty()));
    String whole = published().orElseThrow().files().get(0).path();

    String some = rows(key, ROWS / 2 - 50, ROWS / 2 + 50, "new");
    String more = rows(key, ROWS, ROWS + 10, "new");
    Merge.Merged merged = latest(step(some + " UNION ALL " + more, columns, Optional.empty()));

    assertThat(merged.found()).isEqualTo(110);
    assertThat(merged.rows()).isEqualTo(ROWS + 10);
    TableSnapshot now = published().orElseThrow();
    assertThat(now.rows()).isEqualTo(ROWS + 10);
    assertThat(now.files())
        .as("the large file stays, without its hundred rows, beside a small one")
        .anySatisfy(
            f -> {
              assertThat(f.path()).isEqualTo(whole);
              assertThat(f.deleted().rows()).isEqualTo(100);
            })
        .hasSize(2);
    execute(
        "CREATE TABLE e AS SELECT * FROM (%s) o WHERE note NOT IN (SELECT note FROM (%s)) UNION ALL %s UNION ALL %s"
            .formatted(old, some, some, more));
    assertThat(read(SUMS + "erp.grades")).isEqualTo(expected(SUMS + "e"));
  }

  @Test
  void deletesWhatTheSourceHasNoMoreAndKeepsTheRest() throws SQLException {
    List<Column> columns = columns(DataType.BIGINT);
    latest(step(rows("i", 0, ROWS, "old"), columns, Optional.empty()));
    Merge.Merged merged =
        latest(
            step(
                rows("i", 10, 12, "new"),
                columns,
                Optional.of(
                    "SELECT i AS id FROM range(%d) t(i) WHERE i %% 1000 <> 1".formatted(ROWS))),
            step(
                rows("i", 11, 13, "newer"),
                columns,
                Optional.of(
                    "SELECT i AS id FROM range(%d) t(i) WHERE i %% 1000 <> 2".formatted(ROWS))));

    assertThat(merged.rows()).isEqualTo(ROWS - 2 * ROWS / 1000);
    assertThat(published().orElseThrow().files()).hasSize(2);
    assertThat(
            read("SELECT state, count(*), min(id) FROM erp.grades GROUP BY state ORDER BY state"))
        .containsExactly(
            "[new, 1, 10]", "[newer, 2, 11]", "[old, %d, 0]".formatted(ROWS - 120 - 3));
    assertThat(read("SELECT count(*) FROM erp.grades WHERE id % 1000 IN (1, 2)"))
        .containsExactly("[0]");
  }

  @Test
  void findsRowsThatMovedFromFileToFileHoweverOftenTheyChange() throws SQLException {
    List<Column> columns = columns(DataType.BIGINT);
    latest(step(rows("i", 0, ROWS, "old"), columns, Optional.empty()));
    execute("CREATE TABLE e AS " + rows("i", 0, ROWS, "old"));
    for (int i = 0; i < 30; i++) {
      String changed =
          "SELECT * REPLACE ('s%d' AS state) FROM (%s) WHERE (id * 7919 + %d) %% 631 = 0"
              .formatted(i, rows("i", 0, ROWS + i, "x"), i % 3);
      latest(step(changed, columns, Optional.empty()));
      execute("DELETE FROM e WHERE id IN (SELECT id FROM (%s))".formatted(changed));
      execute("INSERT INTO e " + changed);
      assertThat(published().orElseThrow().files())
          .as("files after %d merges", i)
          .hasSizeLessThanOrEqualTo(10);
    }
    assertThat(read(SUMS + "erp.grades")).isEqualTo(expected(SUMS + "e"));
    assertThat(read("SELECT id, state, note FROM erp.grades WHERE id = 631"))
        .isEqualTo(expected("SELECT * FROM e WHERE id = 631"));
  }

  @Test
  void writesAFileAnewThatHasLostAQuarter() throws SQLException {
    List<Column> columns = columns(DataType.BIGINT);
    latest(step(rows("i", 0, ROWS, "old"), columns, Optional.empty()));
    latest(step(rows("i", 0, ROWS / 5, "new"), columns, Optional.empty()));
    assertThat(published().orElseThrow().files()).anyMatch(f -> f.deleted().rows() == ROWS / 5);

    latest(step(rows("i", ROWS - ROWS / 10, ROWS, "new"), columns, Optional.empty()));

    assertThat(published().orElseThrow().files()).allMatch(f -> f.deleted().rows() == 0);
    assertThat(read("SELECT state, count(*) FROM erp.grades GROUP BY state ORDER BY state"))
        .containsExactly("[new, 18000]", "[old, 42000]");
  }

  @Test
  void keepsVersionsAsIfAllWereWrittenAnew() throws SQLException {
    List<Column> columns = columns(DataType.BIGINT);
    Layout byKey = Layout.sorted(List.of("id"));
    merge(Merge.Versions.ALL, byKey, step(rows("i", 0, ROWS, "old"), columns, Optional.empty()));
    String path = published().orElseThrow().files().get(0).path();
    String mixed = rows("i", 100, 200, "old") + " UNION ALL " + rows("i", 200, 300, "new");

    Merge.Merged merged =
        merge(
            Merge.Versions.ALL,
            byKey,
            step(mixed, columns, Optional.empty()),
            step(
                rows("i", 250, 260, "newer"),
                columns,
                Optional.of("SELECT i AS id FROM range(50, %d) t(i)".formatted(ROWS))));

    assertThat(merged.current()).isEqualTo(ROWS - 50);
    assertThat(merged.rows()).isEqualTo(ROWS + 100 + 10);
    assertThat(published().orElseThrow().files())
        .as("what has not changed stays where it is")
        .anySatisfy(
            f -> {
              assertThat(f.path()).isEqualTo(path);
              assertThat(f.deleted().rows()).isEqualTo(150);
            });
    assertThat(
            read(
                "SELECT state, valid_to IS NULL, count(*), count(DISTINCT id) FROM erp.grades GROUP BY ALL ORDER BY ALL"))
        .containsExactly(
            "[new, false, 10, 10]",
            "[new, true, 90, 90]",
            "[newer, true, 10, 10]",
            "[old, false, 150, 150]",
            "[old, true, %d, %d]".formatted(ROWS - 150, ROWS - 150));
    assertThat(merge(Merge.Versions.ALL, byKey, step(mixed, columns, Optional.empty())).current())
        .as("old rows that come again begin again")
        .isEqualTo(ROWS - 50);
  }

  @Test
  void goesBackAndReadsThePast() throws SQLException {
    List<Column> columns = columns(DataType.BIGINT);
    latest(step(rows("i", 0, ROWS, "old"), columns, Optional.empty()));
    latest(step(rows("i", 0, 50, "new"), columns, Optional.empty()));
    latest(step(rows("i", 20, 80, "newer"), columns, Optional.empty()));
    String states = "SELECT state, count(*) FROM erp.grades GROUP BY state ORDER BY state";
    assertThat(read(states)).containsExactly("[new, 20]", "[newer, 60]", "[old, 59920]");

    lab.warehouse().rollBack("run2");
    assertThat(read(states)).containsExactly("[new, 50]", "[old, 59950]");
    lab.warehouse().rollBack("run1");
    assertThat(read(states)).containsExactly("[old, 60000]");
    latest(step(rows("i", 0, 1, "other"), columns, Optional.empty()));
    assertThat(read(states)).containsExactly("[old, 59999]", "[other, 1]");
    assertThat(lab.warehouse().tables().get(0).rows()).isEqualTo(ROWS);
  }

  @Test
  void aRunThatBeganFromAnotherStateChangesNothing() throws SQLException {
    List<Column> columns = columns(DataType.BIGINT);
    latest(step(rows("i", 0, ROWS, "old"), columns, Optional.empty()));
    Optional<TableSnapshot> before = published();
    Merge.Step step = step(rows("i", 0, 50, "new"), columns, Optional.empty());
    latest(step);
    StagedTable late = lab.warehouse().stage("late", GRADES, columns);
    Merge merge = new Merge(before, List.of("id"), Merge.Versions.LATEST, List.of(step));

    assertThatThrownBy(() -> lab.engine().fill(late, merge, Optional.empty(), new Cancellation()))
        .hasMessageContaining("erp.grades was published by another run")
        .extracting(e -> ((EcluseException) e).code())
        .isEqualTo(ErrorCode.STAGE_CHANGED);
  }

  @Test
  void readsOnlyFilesThatMayHoldTheKeys() throws SQLException {
    List<Column> columns = columns(DataType.BIGINT);
    Layout parts = new Layout(Layout.partition("bucket(8, id)"), Layout.sort("id"));
    merge(Merge.Versions.LATEST, parts, step(rows("i", 0, ROWS, "old"), columns, Optional.empty()));
    List<String> before = published().orElseThrow().paths();
    assertThat(before).hasSize(8);

    merge(Merge.Versions.LATEST, parts, step(rows("i", 77, 78, "new"), columns, Optional.empty()));

    assertThat(published().orElseThrow().paths())
        .as("one bucket is written anew, as it is small")
        .hasSize(8)
        .filteredOn(p -> !before.contains(p))
        .hasSize(1);
    assertThat(read("SELECT count(*), count(*) FILTER (state = 'new') FROM erp.grades"))
        .containsExactly("[60000, 1]");
  }

  @Test
  void filesOfFormerPartitionsAreReadAndChangedBesideNewOnes() throws SQLException {
    List<Column> columns = columns(DataType.BIGINT);
    latest(step(rows("i", 0, ROWS, "old"), columns, Optional.empty()));
    Layout buckets = new Layout(Layout.partition("bucket(4, id), state"), Layout.sort("id desc"));
    merge(
        Merge.Versions.LATEST,
        buckets,
        step(rows("i", ROWS, ROWS + 100, "new"), columns, Optional.empty()));
    assertThat(published().orElseThrow().files()).hasSize(5);

    Layout truncated = new Layout(Layout.partition("truncate(10000, id)"), List.of());
    merge(
        Merge.Versions.LATEST,
        truncated,
        step(
            rows("i", 0, 10, "newer") + " UNION ALL " + rows("i", ROWS + 50, ROWS + 60, "newer"),
            columns,
            Optional.empty()));

    assertThat(read("SELECT state, count(*) FROM erp.grades GROUP BY state ORDER BY state"))
        .containsExactly("[new, 90]", "[newer, 20]", "[old, 59990]");
    assertThat(read("SELECT count(*), count(DISTINCT id) FROM erp.grades"))
        .containsExactly("[60100, 60100]");
    lab.warehouse().rollBack("run2");
    assertThat(read("SELECT state, count(*) FROM erp.grades GROUP BY state ORDER BY state"))
        .containsExactly("[new, 100]", "[old, 60000]");
  }

  @Test
  void aColumnThatPartitionedATableMayGoOrChangeItsType() throws SQLException {
    List<Column> columns = columns(DataType.BIGINT);
    Layout states = new Layout(Layout.partition("state"), Layout.sort("state, id"));
    merge(Merge.Versions.LATEST, states, step(rows("i", 0, 100, "a"), columns, Optional.empty()));
    merge(Merge.Versions.LATEST, states, step(rows("i", 50, 150, "b"), columns, Optional.empty()));
    List<Column> less = List.of(columns.get(0), columns.get(2));
    merge(
        Merge.Versions.LATEST,
        Layout.NONE,
        step("SELECT id, note FROM (%s)".formatted(rows("i", 0, 10, "x")), less, Optional.empty()));
    assertThat(read("SELECT count(*) FROM erp.grades")).containsExactly("[150]");

    List<Column> numbers =
        List.of(columns.get(0), new Column("state", DataType.INTEGER), columns.get(2));
    merge(
        Merge.Versions.LATEST,
        states,
        step(
            "SELECT id, 7 AS state, note FROM (%s)".formatted(rows("i", 0, 10, "x")),
            numbers,
            Optional.empty()));
    assertThat(read("SELECT state, count(*) FROM erp.grades GROUP BY state ORDER BY state"))
        .containsExactly("[7, 10]", "[null, 140]");
    lab.warehouse().rollBack("run3");
    lab.warehouse().rollBack("run2");
    assertThat(read("SELECT state, count(*) FROM erp.grades GROUP BY state ORDER BY state"))
        .containsExactly("[a, 50]", "[b, 100]");
  }

  @Test
  void saysWhichColumnALayoutNamesInVain() {
    List<Column> columns = columns(DataType.DOUBLE);
    assertThatThrownBy(() -> stage(columns, new Layout(Layout.partition("month(day)"), List.of())))
        .hasMessage(
            "erp.grades has no column day, which its partition names; it has id, state, note");
    assertThatThrownBy(
            () -> stage(columns, new Layout(Layout.partition("bucket(4, id)"), List.of())))
        .hasMessageContaining("erp.grades cannot be partitioned by bucket(4, id): id is DOUBLE")
        .extracting(e -> ((EcluseException) e).code())
        .isEqualTo(ErrorCode.INVALID_PROJECT);
    assertThatThrownBy(() -> stage(columns, new Layout(List.of(), Layout.sort("grade"))))
        .hasMessageContaining("has no column grade, which its sort names");
  }

  private StagedTable stage(List<Column> columns, Layout layout) {
    return lab.warehouse().stage("run", GRADES, columns, layout);
  }

  @Test
  void addsRowsAndLooksForOthersOnlyWhereTheyMayBe() throws SQLException {
    List<Column> columns = columns(DataType.BIGINT);
    latest(step(rows("i", 0, ROWS, "old"), columns, Optional.empty()));
    for (int i = 0; i < 20; i++) {
      StagedTable table = lab.warehouse().stage("add" + i, GRADES, columns);
      Merge merge =
          new Merge(
              published(),
              List.of("id"),
              Merge.Versions.LATEST,
              List.of(
                  step(
                      rows("i", ROWS + i * 10 - 5, ROWS + i * 10 + 10, "old"),
                      columns,
                      Optional.empty())));
      assertThat(
              lab.engine().append(table, merge, Optional.of("add" + i), new Cancellation()).rows())
          .isEqualTo(10);
      lab.warehouse().publish("add" + i);
    }
    assertThat(published().orElseThrow().files()).hasSizeLessThanOrEqualTo(9);
    assertThat(read("SELECT count(*), count(DISTINCT id) FROM erp.grades"))
        .containsExactly("[60200, 60200]");
    assertThat(published().orElseThrow().columns().stream().map(TableColumn::column).toList())
        .isEqualTo(columns);
  }

  @Test
  void removesWhatSaysOfForgottenStatesWhichRowsTheyHadLost() throws SQLException, IOException {
    List<Column> columns = columns(DataType.BIGINT);
    latest(step(rows("i", 0, ROWS, "old"), columns, Optional.empty()));
    for (int i = 0; i < 7; i++) {
      latest(step(rows("i", i * 20, i * 20 + 30, "new"), columns, Optional.empty()));
    }
    assertThat(deletes()).as("one of each state").hasSize(7);
    Instant later = Instant.now().plus(Duration.ofDays(1));

    lab.warehouse().reclaim(new Retention(later, later, Set.of(), Set.of(), Effect.REMOVE));

    assertThat(deletes()).as("of the five states that always stay").hasSize(5);
    assertThat(read("SELECT state, count(*) FROM erp.grades GROUP BY state ORDER BY state"))
        .containsExactly("[new, 150]", "[old, 59850]");
  }

  private List<Path> deletes() throws IOException {
    try (Stream<Path> all = Files.walk(lab.warehouse().folders().get(0))) {
      return all.filter(f -> f.getFileName().toString().startsWith("deletes_")).toList();
    }
  }
}
