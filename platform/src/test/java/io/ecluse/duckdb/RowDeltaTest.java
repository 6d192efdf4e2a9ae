package io.ecluse.duckdb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ecluse.engine.Cancellation;
import io.ecluse.engine.Merge;
import io.ecluse.error.EcluseException;
import io.ecluse.error.ErrorCode;
import io.ecluse.schema.Column;
import io.ecluse.schema.DataType;
import io.ecluse.schema.Effect;
import io.ecluse.schema.Layout;
import io.ecluse.warehouse.Retention;
import io.ecluse.warehouse.StagedTable;
import io.ecluse.warehouse.TableColumn;
import io.ecluse.warehouse.TableSnapshot;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Merges into tables whose files are large enough to be left alone, against plain DuckDB. */
class RowDeltaTest extends GradesLab {
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
