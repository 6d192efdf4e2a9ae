package io.ecluse.bench;

import io.ecluse.disk.Disk;
import io.ecluse.duckdb.DuckDbEngine;
import io.ecluse.engine.BatchFile;
import io.ecluse.engine.Cancellation;
import io.ecluse.engine.EngineSettings;
import io.ecluse.engine.Merge;
import io.ecluse.metadata.DatabaseSettings;
import io.ecluse.metadata.Metadata;
import io.ecluse.schema.Column;
import io.ecluse.schema.TableName;
import io.ecluse.warehouse.ReadView;
import io.ecluse.warehouse.StagedTable;
import io.ecluse.warehouse.TableSnapshot;
import io.ecluse.warehouse.Warehouse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Fills a table, or merges changed rows into it several times, in a process of its own. */
public final class IncrementLoop {
  private static final long MEMORY = 512L << 20;
  private static final long DISK = 20L << 30;
  private static final int CHANGED = 10_000;
  private static final TableName TABLE = new TableName("bench", "grades");

  private final Path folder;
  private final long rows;
  private final Warehouse warehouse;
  private final DuckDbEngine engine;

  private IncrementLoop(Path folder, long rows, Warehouse warehouse, DuckDbEngine engine) {
    this.folder = folder;
    this.rows = rows;
    this.warehouse = warehouse;
    this.engine = engine;
  }

  /**
   * @param arguments what to do (fill, recent, scattered or read), folder, rows of the table,
   *     rounds, then URL and user of the metadata
   */
  public static void main(String[] arguments) throws Exception {
    Path folder = Path.of(arguments[1]);
    try (Metadata metadata =
        new Metadata(
            new DatabaseSettings(arguments[4], arguments[5], System.getenv("BENCH_PASSWORD")))) {
      Warehouse warehouse =
          new Warehouse(metadata.jdbi(), "bench", folder.resolve("warehouse"), new Disk());
      try (DuckDbEngine opened =
          new DuckDbEngine(
              new EngineSettings(MEMORY, 2, folder.resolve("spill"), DISK, List.of(folder)),
              warehouse)) {
        new IncrementLoop(folder, Long.parseLong(arguments[2]), warehouse, opened)
            .run(arguments[0], Integer.parseInt(arguments[3]));
      }
    }
  }

  private void run(String what, int rounds) throws Exception {
    Processes processes = new Processes(ProcessHandle.current(), folder.resolve("none"));
    if (what.equals("fill")) {
      Rounds.run(1, processes, i -> fill());
    } else if (what.equals("read")) {
      Rounds.run(rounds, processes, i -> read());
    } else {
      for (int i = 0; i < rounds; i++) {
        batch(what, i);
      }
      Rounds.run(rounds, processes, i -> merge(what, i));
    }
  }

  private static String columns(String number) {
    return "(%1$s * 10)::BIGINT AS id, (hash(%1$s) %% 50000)::INTEGER AS student_id, 'S' || (hash(%1$s + 1) %% 300) AS subject, ((hash(%1$s + 2) %% 2000) / 100)::DECIMAL(6, 2) AS grade, hash(%1$s) %% 3 > 0 AS passed, DATE '2020-01-01' + (%1$s * 2000 // 100000000)::INTEGER AS day, 'note ' || (hash(%1$s + 3) %% 1000000) AS note"
        .formatted(number);
  }

  private void fill() {
    String run = "fill";
    String sql = "SELECT %s FROM range(%d) t(i)".formatted(columns("i"), rows);
    StagedTable table = warehouse.stage(run, TABLE, engine.describe(sql, new ReadView.OfRun(run)));
    engine.write(table, sql, new ReadView.OfRun(run), new Cancellation());
    warehouse.publish(run);
  }

  private Path file(String what, int round) {
    return folder.resolve(what + round + ".parquet");
  }

  /** Of recent keys, half are new; the others are there, anywhere in the table. */
  private void batch(String what, int round) throws Exception {
    Path file = file(what, round);
    Files.deleteIfExists(file);
    String numbers =
        what.equals("recent")
            ? "SELECT %d + i AS i FROM range(%d) t(i)"
                .formatted(rows + (round - 1L) * CHANGED / 2, CHANGED)
            : "SELECT DISTINCT (hash(i + %d) %% %d)::BIGINT AS i FROM range(%d) t(i)"
                .formatted(round * CHANGED, rows, CHANGED);
    try (Connection plain = DriverManager.getConnection("jdbc:duckdb:");
        Statement statement = plain.createStatement()) {
      statement.execute(
          "COPY (SELECT * REPLACE ('changed %d' AS note) FROM (SELECT %s FROM (%s))) TO '%s' (FORMAT parquet)"
              .formatted(round, columns("i"), numbers, file));
    }
  }

  private void merge(String what, int round) {
    String run = what + System.nanoTime();
    TableSnapshot base = warehouse.snapshot(TABLE, ReadView.PUBLISHED).orElseThrow();
    List<Column> columns = base.columns().stream().map(c -> c.column()).toList();
    StagedTable table = warehouse.stage(run, TABLE, columns);
    Merge.Step step =
        new Merge.Step(
            BatchFile.here(List.of(file(what, round))),
            List.of(),
            columns,
            Optional.empty(),
            false,
            Instant.EPOCH);
    engine.fill(
        table,
        new Merge(Optional.of(base), List.of("id"), Merge.Versions.LATEST, List.of(step)),
        Optional.of("batch" + round),
        new Cancellation());
    warehouse.publish(run);
  }

  private void read() {
    engine.run(
        "SELECT subject, count(*), avg(grade) FROM bench.grades WHERE passed GROUP BY subject",
        ReadView.PUBLISHED,
        new Cancellation(),
        new io.ecluse.engine.RowReader() {
          @Override
          public void columns(List<String> names, List<String> types) {}

          @Override
          public boolean row(Object[] values) {
            return true;
          }
        });
  }
}
