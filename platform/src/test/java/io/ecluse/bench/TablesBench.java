package io.ecluse.bench;

import io.ecluse.Servers;
import io.ecluse.access.Caller;
import io.ecluse.access.Policy;
import io.ecluse.bench.SqlProcess.Cost;
import io.ecluse.disk.Disk;
import io.ecluse.duckdb.DuckDbEngine;
import io.ecluse.engine.Cancellation;
import io.ecluse.engine.EngineSettings;
import io.ecluse.engine.RowReader;
import io.ecluse.metadata.Metadata;
import io.ecluse.query.Queries;
import io.ecluse.query.Ticket;
import io.ecluse.query.WorkerSettings;
import io.ecluse.schema.Column;
import io.ecluse.schema.DataType;
import io.ecluse.schema.Layout;
import io.ecluse.schema.TableName;
import io.ecluse.warehouse.ReadView;
import io.ecluse.warehouse.StagedTable;
import io.ecluse.warehouse.TableSnapshot;
import io.ecluse.warehouse.Warehouse;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** Many tables published at once, and one table of many files read. */
public final class TablesBench implements AutoCloseable {
  private static final TableName MANY = new TableName("lab", "many");
  private static final long MEMORY = 1L << 30;

  private final Path folder = Workspace.newFolder();
  private final Metadata metadata = Servers.newMetadata();
  private final Figures figures = new Figures();
  private final Processes own =
      new Processes(ProcessHandle.current(), folder.resolve("nobody is here"));
  private final int files;

  private TablesBench(int files) {
    this.files = files;
  }

  public static void main(String[] arguments) throws Exception {
    List<String> words = Arrays.asList(arguments);
    boolean all = words.stream().allMatch(w -> w.startsWith("--"));
    try (TablesBench bench = new TablesBench(words.contains("--quick") ? 500 : 10_000)) {
      if (all || words.contains("publication")) {
        bench.publication();
      }
      if (all || words.contains("planning")) {
        bench.planning();
      }
      bench.figures.print();
    }
  }

  private Warehouse warehouse() {
    return new Warehouse(metadata.jdbi(), "bench", folder.resolve("warehouse"), new Disk());
  }

  private EngineSettings settings(Path spill) {
    return new EngineSettings(MEMORY, 2, spill, 8L << 30, List.of(folder));
  }

  private interface Work {
    void run() throws Exception;
  }

  private Cost cost(Work work) throws Exception {
    double cpu = own.cpuSeconds();
    long begin = System.nanoTime();
    work.run();
    double millis = (System.nanoTime() - begin) / 1e6;
    return new Cost(millis, (own.cpuSeconds() - cpu) * 1000, "");
  }

  private static Cost median(List<Cost> costs) {
    return new Cost(
        Figures.median(costs.stream().map(Cost::millis).toList()),
        Figures.median(costs.stream().map(Cost::cpu).toList()),
        "");
  }

  private void publication() throws Exception {
    System.out.printf("%nTables published at once; milliseconds, medians of five%n");
    Figures.row("", "first", "CPU", "again", "CPU");
    Warehouse warehouse = warehouse();
    try (DuckDbEngine engine = new DuckDbEngine(settings(folder.resolve("spill")), warehouse)) {
      for (int tables : List.of(1, 10, 100)) {
        List<Cost> first = new ArrayList<>();
        List<Cost> again = new ArrayList<>();
        for (int round = -1; round < 5; round++) {
          String name = "t%d_%d".formatted(tables, round + 1);
          Cost made = published(warehouse, engine, name + "_first", name, tables);
          Cost changed = published(warehouse, engine, name + "_again", name, tables);
          if (round >= 0) {
            first.add(made);
            again.add(changed);
          }
        }
        Cost made = median(first);
        Cost changed = median(again);
        Figures.row(tables + " tables", made.millis(), made.cpu(), changed.millis(), changed.cpu());
        figures.atMost("publication of %d tables".formatted(tables), changed.millis(), "ms", 1_000);
      }
    }
  }

  private Cost published(
      Warehouse warehouse, DuckDbEngine engine, String run, String name, int tables)
      throws Exception {
    for (int i = 0; i < tables; i++) {
      try (StagedTable table =
          warehouse.stage(
              run,
              new TableName("lab", name + "_" + i),
              List.of(new Column("n", DataType.BIGINT), new Column("note", DataType.VARCHAR)))) {
        engine.write(
            table,
            "SELECT range AS n, 'note ' || range AS note FROM range(100)",
            ReadView.PUBLISHED,
            new Cancellation());
      }
    }
    return cost(() -> warehouse.publish(run));
  }

  private void fill(Warehouse warehouse) {
    System.out.printf("%nWriting a table of %d files…%n", files);
    List<Column> columns =
        List.of(
            new Column("part", DataType.INTEGER),
            new Column("n", DataType.BIGINT),
            new Column("note", DataType.VARCHAR));
    Layout layout =
        new Layout(List.of(new Layout.Part(Layout.Transform.IDENTITY, "part", 1)), List.of());
    try (DuckDbEngine engine = new DuckDbEngine(settings(folder.resolve("spill")), warehouse);
        StagedTable table = warehouse.stage("many", MANY, columns, layout)) {
      engine.write(
          table,
          "SELECT CAST(range // 20 AS INTEGER) AS part, range AS n, 'note ' || range AS note FROM range(%d)"
              .formatted(20L * files),
          ReadView.PUBLISHED,
          new Cancellation());
    }
    warehouse.publish("many");
  }

  private void planning() throws Exception {
    fill(warehouse());
    System.out.printf(
        "%nA table of %d files; milliseconds until the first row, CPU; medians of three in turns%n",
        files);
    Figures.row("", "cold", "CPU", "warm", "CPU", "raw DuckDB", "CPU");
    for (Map.Entry<String, String> query :
        Map.of(
                "one row", "SELECT n FROM lab.many LIMIT 1",
                "count", "SELECT count(*) FROM lab.many",
                "one file of it", "SELECT max(n) FROM lab.many WHERE part = 77",
                "sum", "SELECT sum(n) FROM lab.many")
            .entrySet()) {
      List<Cost> cold = new ArrayList<>();
      List<Cost> warm = new ArrayList<>();
      List<Cost> raw = new ArrayList<>();
      for (int i = 0; i < 3; i++) {
        Warehouse warehouse = warehouse();
        try (Queries queries =
            new Queries(
                new WorkerSettings(settings(folder.resolve("people")), folder.resolve("program")),
                warehouse,
                Policy.OPEN)) {
          queries.warmUp();
          cold.add(cost(() -> ask(queries, query.getValue())));
          warm.add(cost(() -> ask(queries, query.getValue())));
        }
        raw.add(raw(warehouse, query.getValue()));
      }
      Cost[] all = {median(cold), median(warm), median(raw)};
      Figures.row(
          query.getKey(),
          all[0].millis(),
          all[0].cpu(),
          all[1].millis(),
          all[1].cpu(),
          all[2].millis(),
          all[2].cpu());
      figures.atMost(
          "%d files, cold: %s".formatted(files, query.getKey()),
          all[0].millis(),
          "ms",
          1.1 * all[2].millis() + 10);
    }
  }

  private static void ask(Queries queries, String sql) {
    queries.stream(
        Ticket.patient(Caller.commandLine(Policy.OPEN), new Cancellation()),
        sql,
        ReadView.PUBLISHED,
        new RowReader() {
          @Override
          public void columns(List<String> names, List<String> types) {}

          @Override
          public boolean row(Object[] values) {
            return true;
          }
        });
  }

  /** DuckDB itself, which is told the files. */
  private Cost raw(Warehouse warehouse, String sql) throws Exception {
    TableSnapshot table =
        warehouse.snapshots(Set.of(MANY), ReadView.PUBLISHED).values().iterator().next();
    String paths =
        table.files().stream()
            .map(f -> "'" + f.path() + "'")
            .collect(Collectors.joining(", ", "read_parquet([", "])"));
    try (Connection connection = DriverManager.getConnection("jdbc:duckdb:");
        Statement statement = connection.createStatement()) {
      statement.execute("SET threads = 2");
      return cost(
          () -> {
            try (ResultSet rows = statement.executeQuery(sql.replace(MANY.toString(), paths))) {
              rows.next();
            }
          });
    }
  }

  @Override
  public void close() {
    metadata.close();
    Workspace.delete(folder);
  }
}
