package io.ecluse.duckdb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ecluse.engine.Merge;
import io.ecluse.error.EcluseException;
import io.ecluse.error.ErrorCode;
import io.ecluse.schema.Column;
import io.ecluse.schema.DataType;
import io.ecluse.schema.Layout;
import io.ecluse.warehouse.StagedTable;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Merges into tables that are partitioned and sorted, and were otherwise before. */
class DeltaLayoutsTest extends GradesLab {
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
}
