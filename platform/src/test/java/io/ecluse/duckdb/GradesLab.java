package io.ecluse.duckdb;

import io.ecluse.engine.BatchFile;
import io.ecluse.engine.Cancellation;
import io.ecluse.engine.Merge;
import io.ecluse.engine.Rows;
import io.ecluse.schema.Column;
import io.ecluse.schema.DataType;
import io.ecluse.schema.Layout;
import io.ecluse.schema.TableName;
import io.ecluse.source.StagedWarehouse;
import io.ecluse.warehouse.ReadView;
import io.ecluse.warehouse.StagedTable;
import io.ecluse.warehouse.TableSnapshot;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** Merges of grades into a table, and plain DuckDB beside it. */
abstract class GradesLab {
  static final TableName GRADES = new TableName("erp", "grades");
  static final int ROWS = 60_000;
  @TempDir Path folder;
  StagedWarehouse lab;
  Connection plain;
  int files;
  int runs;

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

  void execute(String sql) throws SQLException {
    try (Statement statement = plain.createStatement()) {
      statement.execute(sql);
    }
  }

  /** Rows that compress to more than a file that is always written anew. */
  static String rows(String key, int from, int to, String state) {
    return "SELECT %s AS id, '%s' AS state, md5(i::VARCHAR) || md5((i + 1)::VARCHAR) AS note FROM range(%d, %d) t(i)"
        .formatted(key, state, from, to);
  }

  Path file(String sql) throws SQLException {
    Path file = folder.resolve("warehouse").resolve("in" + files++ + ".parquet");
    file.getParent().toFile().mkdirs();
    execute("COPY (%s) TO '%s' (FORMAT parquet)".formatted(sql, file));
    return file;
  }

  static List<Column> columns(DataType key) {
    return List.of(
        new Column("id", key),
        new Column("state", DataType.VARCHAR),
        new Column("note", DataType.VARCHAR));
  }

  Merge.Step step(String sql, List<Column> columns, Optional<String> keys) throws SQLException {
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

  Optional<TableSnapshot> published() {
    return lab.warehouse().snapshot(GRADES, ReadView.PUBLISHED);
  }

  /** Merges into a published table and publishes. */
  Merge.Merged merge(Merge.Versions versions, Layout layout, Merge.Step... steps) {
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

  Merge.Merged latest(Merge.Step... steps) {
    return merge(Merge.Versions.LATEST, Layout.sorted(List.of("id")), steps);
  }

  List<String> read(String sql) {
    Rows rows = new Rows();
    lab.engine().run(sql, ReadView.PUBLISHED, new Cancellation(), rows);
    return rows.all().stream().map(Arrays::toString).toList();
  }

  List<String> expected(String sql) throws SQLException {
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

  static final String SUMS =
      "SELECT count(*)::BIGINT, count(DISTINCT id)::BIGINT, sum(hash(id, state, note))::VARCHAR, min(state), max(state) FROM ";
}
