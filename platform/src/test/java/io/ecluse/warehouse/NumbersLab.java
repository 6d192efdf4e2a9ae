package io.ecluse.warehouse;

import io.ecluse.Servers;
import io.ecluse.disk.Disk;
import io.ecluse.duckdb.DuckDbEngine;
import io.ecluse.engine.Cancellation;
import io.ecluse.engine.EngineSettings;
import io.ecluse.engine.RowReader;
import io.ecluse.metadata.Metadata;
import io.ecluse.schema.Column;
import io.ecluse.schema.DataType;
import io.ecluse.schema.Effect;
import io.ecluse.schema.TableName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A warehouse with a table of numbers, which runs publish. */
abstract class NumbersLab {
  static final TableName NUMBERS = new TableName("lab", "numbers");
  final Instant later = Instant.now().plus(Duration.ofDays(2));
  final Instant longAgo = Instant.now().minus(Duration.ofDays(2));
  @TempDir static Path folder;
  static Metadata metadata;
  static Warehouse warehouse;
  static DuckDbEngine engine;

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
  }

  @AfterAll
  static void close() {
    engine.close();
    metadata.close();
  }

  /** Writes rows 1 to n in a run, without publishing. */
  void write(String run, int n) {
    StagedTable table = warehouse.stage(run, NUMBERS, List.of(new Column("n", DataType.BIGINT)));
    engine.write(
        table, "select range as n from range(" + n + ")", ReadView.PUBLISHED, new Cancellation());
  }

  /** Publishes states of 1 to n rows, by runs r1 to rn, and returns when each was. */
  List<Instant> publish(int n) {
    List<Instant> times = new ArrayList<>();
    for (int i = 1; i <= n; i++) {
      write("r" + i, i);
      times.add(warehouse.publish("r" + i).at());
    }
    return times;
  }

  long rows(ReadView view) {
    long[] rows = {0};
    engine.run(
        "select n from lab.numbers",
        view,
        new Cancellation(),
        new RowReader() {
          @Override
          public void columns(List<String> names, List<String> types) {}

          @Override
          public boolean row(Object[] values) {
            rows[0]++;
            return true;
          }
        });
    return rows[0];
  }

  Retention all() {
    return retention(later, later, Effect.REMOVE);
  }

  Retention retention(Instant states, Instant files, Effect effect) {
    return new Retention(states, files, Set.of(), Set.of(), effect);
  }

  Map<String, Long> files() throws IOException {
    Map<String, Long> files = new TreeMap<>();
    try (Stream<Path> walk = Files.walk(folder.resolve("warehouse"))) {
      for (Path file : walk.filter(Files::isRegularFile).toList()) {
        files.put(folder.relativize(file).toString(), Files.size(file));
      }
    }
    return files;
  }

  long dataFiles() throws IOException {
    return files().keySet().stream().filter(f -> f.endsWith(".parquet")).count();
  }

  static List<Column> numbers() {
    return List.of(new Column("n", DataType.BIGINT));
  }
}
