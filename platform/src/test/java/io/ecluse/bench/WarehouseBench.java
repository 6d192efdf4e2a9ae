package io.ecluse.bench;

import io.ecluse.Servers;
import io.ecluse.TemporaryFolders;
import io.ecluse.disk.Disk;
import io.ecluse.duckdb.DuckDbEngine;
import io.ecluse.engine.Cancellation;
import io.ecluse.engine.EngineSettings;
import io.ecluse.engine.RowReader;
import io.ecluse.metadata.Metadata;
import io.ecluse.schema.Column;
import io.ecluse.schema.DataType;
import io.ecluse.schema.Layout;
import io.ecluse.schema.TableName;
import io.ecluse.storage.LocalCopies;
import io.ecluse.storage.Places;
import io.ecluse.storage.Relocation;
import io.ecluse.storage.S3Server;
import io.ecluse.storage.Storages;
import io.ecluse.warehouse.Home;
import io.ecluse.warehouse.ReadView;
import io.ecluse.warehouse.StagedTable;
import io.ecluse.warehouse.Warehouse;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * The same tables in a folder and on a store (S3Proxy, another process on this machine): nothing
 * here yet, everything here, and less room here than they take.
 */
public final class WarehouseBench {
  private static final TableName FACTS = new TableName("lab", "facts");
  private static final int ROUNDS = 9;
  private static final double FACTOR = 1.1;
  private static final double EXTRA_MILLIS = 10;
  private static final Map<String, String> QUERIES = new LinkedHashMap<>();

  static {
    QUERIES.put("count", "SELECT count(*) FROM lab.facts");
    QUERIES.put("group", "SELECT part, sum(amount) FROM lab.facts GROUP BY part");
    QUERIES.put("all columns", "SELECT max(hash), max(note), sum(amount), max(n) FROM lab.facts");
  }

  private final Path folder = TemporaryFolders.create("ecluse-bench-");
  private final Metadata metadata = Servers.newMetadata();
  private final Figures figures = new Figures();
  private final String store = "s3://" + S3Server.shared().newBucket() + "/tables";
  private final long rows;

  private WarehouseBench(long rows) {
    this.rows = rows;
  }

  public static void main(String[] arguments) {
    new WarehouseBench(Arrays.asList(arguments).contains("--quick") ? 200_000 : 3_000_000).run();
  }

  /** What a process has that reads tables somewhere. */
  private record Reader(Warehouse warehouse, DuckDbEngine engine) implements AutoCloseable {
    void ask(String sql) {
      engine.run(
          sql,
          ReadView.PUBLISHED,
          new Cancellation(),
          new RowReader() {
            @Override
            public void columns(List<String> names, List<String> types) {}

            @Override
            public boolean row(Object[] values) {
              return true;
            }
          });
    }

    @Override
    public void close() {
      engine.close();
      warehouse.close();
    }
  }

  private Reader reader(String place, long cache) {
    Warehouse warehouse =
        new Warehouse(
            metadata.jdbi(),
            "bench",
            places(place, cache),
            new Disk(),
            to -> Optional.of(places(to, cache)));
    warehouse.settle(new Home(folder.toString(), Home.Kind.PRIVATE));
    EngineSettings settings =
        new EngineSettings(1L << 30, 2, folder.resolve("spill"), 8L << 30, warehouse.folders());
    return new Reader(warehouse, new DuckDbEngine(settings, warehouse));
  }

  private Places places(String place, long cache) {
    return place.startsWith("/")
        ? Places.of(Path.of(place), new Disk())
        : new Places(
            Storages.open(place, S3Server.shared()::settings),
            folder.resolve("work"),
            new LocalCopies(folder.resolve("copies"), cache, Clock.systemUTC()));
  }

  private void run() {
    String here = folder.resolve("here").toString();
    long bytes;
    Map<String, Cost> local = new LinkedHashMap<>();
    try (Reader reader = reader(here, 1)) {
      fill(reader);
      bytes = reader.warehouse.snapshot(FACTS, ReadView.PUBLISHED).orElseThrow().bytes();
      QUERIES.forEach((name, sql) -> local.put(name, warm(reader, sql)));
      Cost moved =
          cost(
              () ->
                  reader
                      .warehouse
                      .relocation()
                      .move(store, new Relocation.Asked(p -> {}, () -> false)));
      System.out.printf(
          "Moved to the store: %.1f MB/s, %.2f CPU s%n",
          bytes / 1e6 / (moved.millis / 1000), moved.cpu / 1000);
    }
    System.out.printf(
        "%n%,d rows, %.0f MB; milliseconds, and CPU milliseconds of this process%n",
        rows, bytes / 1e6);
    Figures.row(
        "",
        "folder",
        "store, cold",
        "second read",
        "other process",
        "a quarter fits",
        "CPU of these");
    QUERIES.forEach((name, sql) -> compare(name, sql, local.get(name), bytes));
    figures.print();
    TemporaryFolders.delete(folder);
    metadata.close();
  }

  private void compare(String name, String sql, Cost local, long bytes) {
    List<Double> colds = new ArrayList<>();
    Cost cold = new Cost(0, 0);
    for (int i = 0; i < 3; i++) {
      forget();
      try (Reader reader = reader(store, 1L << 34)) {
        cold = cost(() -> ask(reader, sql));
        colds.add(cold.millis);
      }
    }
    Cost second;
    try (Reader reader = reader(store, 1L << 34)) {
      ask(reader, sql);
      second = warm(reader, sql);
    }
    List<Double> others = new ArrayList<>();
    Cost other = new Cost(0, 0);
    for (int i = 0; i < 3; i++) {
      try (Reader reader = reader(store, 1L << 34)) {
        other = cost(() -> ask(reader, sql));
        others.add(other.millis);
      }
    }
    forget();
    Cost parts;
    try (Reader reader = reader(store, bytes / 4)) {
      parts = cost(() -> ask(reader, sql));
    }
    forget();
    Figures.row(
        name,
        local.millis,
        Figures.median(colds),
        second.millis,
        Figures.median(others),
        parts.millis,
        "  %.0f %.0f %.0f %.0f %.0f"
            .formatted(local.cpu, cold.cpu, second.cpu, other.cpu, parts.cpu));
    figures.atMost(
        "second read: " + name, second.millis, "ms", FACTOR * local.millis + EXTRA_MILLIS);
  }

  private void forget() {
    TemporaryFolders.delete(folder.resolve("copies"));
  }

  private static Boolean ask(Reader reader, String sql) {
    reader.ask(sql);
    return true;
  }

  private void fill(Reader reader) {
    List<Column> columns =
        List.of(
            new Column("part", DataType.INTEGER),
            new Column("n", DataType.BIGINT),
            new Column("amount", DataType.DOUBLE),
            new Column("hash", DataType.VARCHAR),
            new Column("note", DataType.VARCHAR));
    Layout layout =
        new Layout(List.of(new Layout.Part(Layout.Transform.IDENTITY, "part", 1)), List.of());
    try (StagedTable table = reader.warehouse.stage("r", FACTS, columns, layout)) {
      reader.engine.write(
          table,
          "select (range %% 16)::int as part, range as n, range * 1.5e0 as amount, md5(range::varchar) as hash, 'note ' || range as note from range(%d)"
              .formatted(rows),
          ReadView.PUBLISHED,
          new Cancellation());
    }
    reader.warehouse.publish("r");
  }

  /**
   * What something took.
   *
   * @param cpu milliseconds of this process
   */
  private record Cost(double millis, double cpu) {}

  private static Cost cost(Supplier<?> work) {
    long cpu = cpu();
    long begin = System.nanoTime();
    var unused = work.get();
    return new Cost((System.nanoTime() - begin) / 1e6, (cpu() - cpu) / 1e6);
  }

  private static long cpu() {
    return ((com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
        .getProcessCpuTime();
  }

  private static Cost warm(Reader reader, String sql) {
    List<Double> millis = new ArrayList<>();
    List<Double> cpu = new ArrayList<>();
    for (int i = -2; i < ROUNDS; i++) {
      Cost cost = cost(() -> ask(reader, sql));
      if (i >= 0) {
        millis.add(cost.millis);
        cpu.add(cost.cpu);
      }
    }
    return new Cost(Figures.median(millis), Figures.median(cpu));
  }
}
