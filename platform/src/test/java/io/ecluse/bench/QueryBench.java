package io.ecluse.bench;

import io.ecluse.DemoFixture;
import io.ecluse.Platform;
import io.ecluse.access.Caller;
import io.ecluse.access.Policy;
import io.ecluse.engine.Cancellation;
import io.ecluse.engine.RowReader;
import io.ecluse.query.Ticket;
import io.ecluse.scheduler.RunState;
import io.ecluse.schema.TableName;
import io.ecluse.warehouse.PublishedTable;
import io.ecluse.warehouse.ReadView;
import io.ecluse.warehouse.TableSnapshot;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** Queries through the engine, against DuckDB itself on the very same Parquet files. */
public final class QueryBench {
  private static final int ROUNDS = 25;
  private static final double FACTOR = 1.1;
  private static final double EXTRA_MILLIS = 10;
  private static final Map<String, String> QUERIES = new LinkedHashMap<>();

  static {
    QUERIES.put("count", "SELECT count(*) FROM erp.attendances");
    QUERIES.put("one student", "SELECT * FROM marts.students WHERE student_id = 77");
    QUERIES.put(
        "dashboard tile",
        "SELECT campus, promotion, count(*), avg(average_grade) FROM marts.students GROUP BY campus, promotion");
    QUERIES.put(
        "join and group",
        "SELECT l.subject_id, count(*), avg(CASE WHEN a.present THEN 1e0 ELSE 0e0 END) FROM erp.attendances a"
            + " JOIN erp.lessons l ON l.id = a.lesson_id JOIN erp.students s ON s.id = a.student_id"
            + " GROUP BY l.subject_id");
    QUERIES.put(
        "100,000 rows", "SELECT student_id, lesson_id, present FROM erp.attendances LIMIT 100000");
  }

  private QueryBench() {}

  public static void main(String[] arguments) throws Exception {
    double scale = Arrays.asList(arguments).contains("--quick") ? 0.2 : 1;
    try (Workspace workspace = Workspace.open(scale);
        Platform platform = workspace.platform()) {
      System.out.println("Filling the warehouse…");
      if (platform.scheduler().awaitEnd(DemoFixture.start(platform)).state() != RunState.SUCCESS) {
        throw new AssertionError("The run did not succeed");
      }
      try (Connection raw = raw(platform)) {
        compare(platform, raw, scale);
      }
    }
  }

  /** A DuckDB whose views are the files of the tables as they are now. */
  private static Connection raw(Platform platform) throws SQLException {
    Set<TableName> names =
        platform.warehouse().tables().stream()
            .map(PublishedTable::name)
            .collect(Collectors.toSet());
    Connection raw = DriverManager.getConnection("jdbc:duckdb:");
    execute(raw, "SET threads = " + Runtime.getRuntime().availableProcessors());
    for (TableSnapshot table : platform.warehouse().snapshots(names, ReadView.PUBLISHED).values()) {
      String files =
          table.files().stream()
              .map(f -> "'" + f.path() + "'")
              .collect(Collectors.joining(", ", "[", "]"));
      execute(raw, "CREATE SCHEMA IF NOT EXISTS " + table.table().schema());
      execute(raw, "CREATE VIEW %s AS FROM read_parquet(%s)".formatted(table.table(), files));
    }
    return raw;
  }

  private static void compare(Platform platform, Connection raw, double scale) throws SQLException {
    Figures figures = new Figures();
    System.out.printf("%nMilliseconds, median of %d, scale %s%n", ROUNDS, scale);
    Figures.row("", "engine", "raw DuckDB", "difference");
    for (Map.Entry<String, String> query : QUERIES.entrySet()) {
      List<Double> ours = new ArrayList<>();
      List<Double> theirs = new ArrayList<>();
      for (int i = -ROUNDS; i < ROUNDS; i++) { // as many to warm up
        double engine = engine(platform, query.getValue());
        double duckDb = duckDb(raw, query.getValue());
        if (i >= 0) {
          ours.add(engine);
          theirs.add(duckDb);
        }
      }
      double engine = Figures.median(ours);
      double duckDb = Figures.median(theirs);
      Figures.row(query.getKey(), engine, duckDb, engine - duckDb);
      figures.atMost("query: " + query.getKey(), engine, "ms", FACTOR * duckDb + EXTRA_MILLIS);
    }
    figures.print();
  }

  private static double engine(Platform platform, String sql) {
    long begin = System.nanoTime();
    platform.queries().stream(
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
    return (System.nanoTime() - begin) / 1e6;
  }

  private static double duckDb(Connection raw, String sql) throws SQLException {
    long begin = System.nanoTime();
    try (Statement statement = raw.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      int columns = rows.getMetaData().getColumnCount();
      while (rows.next()) {
        for (int i = 1; i <= columns; i++) {
          rows.getObject(i);
        }
      }
    }
    return (System.nanoTime() - begin) / 1e6;
  }

  private static void execute(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }
}
