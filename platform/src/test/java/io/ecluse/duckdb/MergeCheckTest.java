package io.ecluse.duckdb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ecluse.engine.BatchFile;
import io.ecluse.engine.EngineSettings;
import io.ecluse.engine.Merge;
import io.ecluse.error.EcluseException;
import io.ecluse.error.ErrorCode;
import io.ecluse.schema.Column;
import io.ecluse.schema.DataType;
import io.ecluse.schema.TableName;
import io.ecluse.warehouse.WrittenFile;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files of a table against files of batches, the former altered behind the platform's back. */
class MergeCheckTest {
  private static final TableName ORDERS = new TableName("shop", "orders");
  private static final List<Column> COLUMNS =
      List.of(
          new Column("id", DataType.INTEGER),
          new Column("state", DataType.VARCHAR),
          new Column("total", DataType.decimal(10, 2)));
  private static final String OLD =
      "SELECT i AS id, 'new' AS state, i * 1.5 AS total FROM range(100) t(i)";
  private static final String BATCH =
      "SELECT i AS id, 'paid' AS state, i * 2.5 AS total FROM range(90, 110) t(i)";
  private static final String MERGED =
      "SELECT * FROM (%s) WHERE id < 90 UNION ALL %s".formatted(OLD, BATCH);

  @TempDir Path folder;
  private DuckDb duckDb;
  private DuckDbSession session;
  private int files;

  @BeforeEach
  void open() {
    duckDb =
        new DuckDb(
            new EngineSettings(256L << 20, 2, folder.resolve("spill"), 1L << 30, List.of(folder)));
    session = duckDb.open();
  }

  @AfterEach
  void close() {
    session.close();
    duckDb.close();
  }

  private Path file(List<Column> columns, String sql) {
    Path file = folder.resolve("file" + files++ + ".parquet");
    StagedFiles.write(session, columns, "(" + sql + ")", 100, file);
    return file;
  }

  private Merge.Step step(String sql) {
    return step(sql, Optional.empty(), false);
  }

  private Merge.Step step(String sql, Optional<String> keys, boolean whole) {
    return new Merge.Step(
        BatchFile.here(List.of(file(COLUMNS, sql))),
        List.of(),
        COLUMNS,
        keys.map(k -> BatchFile.here(List.of(file(COLUMNS.subList(0, 1), k)))),
        whole,
        Instant.EPOCH);
  }

  private static Merge merge(Merge.Versions versions, Merge.Step... steps) {
    return new Merge(Optional.empty(), List.of("id"), versions, List.of(steps));
  }

  private List<WrittenFile> written(List<Column> columns, String sql) {
    return List.of(new WrittenFile(file(columns, sql), 1, 1, Map.of(), List.of()));
  }

  private long merged(Merge merge, String sql) {
    return new MergeCheck(session, merge, COLUMNS).requireMerged(ORDERS, written(COLUMNS, sql));
  }

  private static String altered(String sql, String columns) {
    return "SELECT * REPLACE (%s) FROM (%s)".formatted(columns, sql);
  }

  @Test
  void findsTheRowsOfABatchAmongAllOthers() {
    assertThat(merged(merge(Merge.Versions.LATEST, step(BATCH)), MERGED)).isEqualTo(20);
  }

  @Test
  void namesTheColumnOfAnAlteredValue() {
    Merge merge = merge(Merge.Versions.LATEST, step(BATCH));
    assertThatThrownBy(
            () ->
                merged(
                    merge,
                    altered(MERGED, "CASE WHEN id = 95 THEN 'PAID' ELSE state END AS state")))
        .hasMessageContaining(
            "shop.orders would not hold what its batches do: state differs in 1 of 20 rows.")
        .hasMessageContaining("Nothing was changed; load again")
        .extracting(e -> ((EcluseException) e).code())
        .isEqualTo(ErrorCode.INTERNAL);
    assertThatThrownBy(
            () ->
                merged(
                    merge, altered(MERGED, "CASE WHEN id = 95 THEN NULL ELSE total END AS total")))
        .hasMessageContaining("total differs in 1 of 20 rows.");
  }

  @Test
  void seesValuesThatAreInEachOthersRows() {
    assertThatThrownBy(
            () ->
                merged(
                    merge(Merge.Versions.LATEST, step(BATCH)),
                    altered(
                        MERGED,
                        "CASE id WHEN 95 THEN 240.0 WHEN 96 THEN 237.5 ELSE total END AS total")))
        .hasMessageContaining("total differs in 2 of 20 rows.");
  }

  @Test
  void seesRowsThatAreMissingOrThereTwice() {
    Merge merge = merge(Merge.Versions.LATEST, step(BATCH));
    assertThatThrownBy(() -> merged(merge, "SELECT * FROM (" + MERGED + ") WHERE id <> 99"))
        .hasMessageContaining("missing are 1 of 20 rows.");
    assertThatThrownBy(
            () ->
                merged(
                    merge,
                    MERGED + " UNION ALL SELECT * FROM (" + BATCH + ") WHERE id BETWEEN 95 AND 97"))
        .hasMessageContaining("too many are 3 rows.");
  }

  @Test
  void leavesRowsAloneThatNoBatchSpeaksOf() {
    assertThat(
            merged(
                merge(Merge.Versions.LATEST, step(BATCH)),
                altered(MERGED, "CASE WHEN id = 5 THEN 'other' ELSE state END AS state")))
        .isEqualTo(20);
  }

  @Test
  void wantsNothingElseWhenTheLastBatchIsWhole() {
    Merge merge = merge(Merge.Versions.LATEST, step(OLD), step(BATCH, Optional.empty(), true));
    assertThat(merged(merge, BATCH)).isEqualTo(20);
    assertThatThrownBy(() -> merged(merge, MERGED)).hasMessageContaining("too many are 90 rows.");
  }

  @Test
  void takesTheLastBatchOfAKeyAndLeavesOutWhatALaterOneSawDeleted() {
    Merge merge =
        merge(
            Merge.Versions.LATEST,
            step(OLD),
            step(BATCH, Optional.of("SELECT i AS id FROM range(50, 110) t(i)"), false));
    String right = "SELECT * FROM (%s) WHERE id >= 50".formatted(MERGED);
    assertThat(merged(merge, right)).isEqualTo(60);
    assertThatThrownBy(() -> merged(merge, "SELECT * FROM (" + MERGED + ") WHERE id >= 51"))
        .hasMessageContaining("missing are 1 of 60 rows.");
    assertThatThrownBy(
            () ->
                merged(
                    merge,
                    right.replace(
                        "UNION ALL " + BATCH,
                        "UNION ALL SELECT i, 'new', i * 1.5 FROM range(90, 110) t(i)")))
        .hasMessageContaining("state differs in 20 of 60 rows, total differs in 20 of 60 rows.");
  }

  @Test
  void comparesTheVersionsInForce() {
    List<Column> columns = Merge.withValidity(COLUMNS);
    String versions =
        "SELECT *, TIMESTAMPTZ '2026-01-01 00:00:00Z' AS valid_from, NULL AS valid_to FROM (%s)"
                .formatted(BATCH)
            + " UNION ALL SELECT *, TIMESTAMPTZ '2025-01-01 00:00:00Z', TIMESTAMPTZ '2026-01-01 00:00:00Z' FROM (%s)"
                .formatted(OLD);
    Merge merge = merge(Merge.Versions.ALL, step(BATCH, Optional.empty(), true));
    MergeCheck check = new MergeCheck(session, merge, COLUMNS);

    assertThat(check.requireMerged(ORDERS, written(columns, versions))).isEqualTo(20);
    assertThatThrownBy(
            () ->
                check.requireMerged(
                    ORDERS,
                    written(
                        columns,
                        altered(
                            versions,
                            "CASE WHEN id = 95 THEN now() ELSE valid_to END AS valid_to"))))
        .hasMessageContaining("missing are 1 of 20 rows.");
  }

  @Test
  void comparesRowsThatAreOnlyAdded() {
    Merge merge = merge(Merge.Versions.LATEST, step(OLD), step(BATCH));
    MergeCheck check = new MergeCheck(session, merge, COLUMNS);
    String twice = OLD + " UNION ALL " + BATCH; // ten keys come twice
    String both =
        "SELECT o.* FROM (%s) o ANTI JOIN (%s) b ON o.id = b.id UNION ALL %s"
            .formatted(OLD, BATCH, BATCH);

    assertThat(check.requireAdded(ORDERS, written(COLUMNS, both))).isEqualTo(110);
    assertThatThrownBy(() -> check.requireAdded(ORDERS, written(COLUMNS, twice)))
        .hasMessageContaining("too many are 10 rows");
    assertThatThrownBy(
            () ->
                check.requireAdded(
                    ORDERS,
                    written(
                        COLUMNS,
                        altered(both, "CASE WHEN id = 5 THEN 'other' ELSE state END AS state"))))
        .hasMessageContaining("state differs in");
  }
}
