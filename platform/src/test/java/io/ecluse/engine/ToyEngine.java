package io.ecluse.engine;

import io.ecluse.schema.Column;
import io.ecluse.schema.ContentSums;
import io.ecluse.schema.DataType;
import io.ecluse.schema.TableName;
import io.ecluse.warehouse.ReadView;
import io.ecluse.warehouse.StagedTable;
import io.ecluse.warehouse.TableColumn;
import io.ecluse.warehouse.TableSnapshot;
import io.ecluse.warehouse.Warehouse;
import io.ecluse.warehouse.WrittenFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The least that is an engine: a database of its own for each thing that is asked, whole tables,
 * one file each, nothing counted but rows. It uses nothing of the engines that the platform has,
 * and what queries write goes on in a {@link Cluster}, which outlives it.
 */
public final class ToyEngine implements Engine {
  private static final Pattern TABLE = Pattern.compile("(?i)\\b(?:from|join)\\s+(\\w+)\\.(\\w+)");

  private final Warehouse warehouse;
  private final Cluster cluster;

  private ToyEngine(Warehouse warehouse, Cluster cluster) {
    this.warehouse = warehouse;
    this.cluster = cluster;
  }

  /** Where the jobs are, and what was asked, a word for each thing. */
  public static final class Cluster implements Engine.Type {
    private final List<String> asked = new CopyOnWriteArrayList<>();
    private final Map<String, Query> jobs = new ConcurrentHashMap<>();
    private volatile boolean done;

    private record Query(String sql, ReadView view) {}

    @Override
    public Engine open(EngineSettings settings, Warehouse warehouse) {
      return new ToyEngine(warehouse, this);
    }

    public List<String> asked() {
      return asked;
    }

    /** Every job comes to its end from now on. */
    public void finish() {
      done = true;
    }
  }

  private interface Work<T> {
    T on(Statement statement) throws Exception;
  }

  private <T> T with(String what, Work<T> work) {
    cluster.asked.add(what);
    try (Connection connection = DriverManager.getConnection("jdbc:duckdb:");
        Statement statement = connection.createStatement()) {
      return work.on(statement);
    } catch (Exception e) {
      throw new IllegalStateException(what, e);
    }
  }

  private Map<TableName, TableSnapshot> bind(Statement statement, String sql, ReadView view)
      throws Exception {
    Map<TableName, TableSnapshot> tables = warehouse.snapshots(tables(sql), view);
    for (Map.Entry<TableName, TableSnapshot> table : tables.entrySet()) {
      statement.execute("CREATE SCHEMA IF NOT EXISTS " + Column.quote(table.getKey().schema()));
      statement.execute(
          "CREATE VIEW %s AS FROM read_parquet(%s)"
              .formatted(
                  table.getKey().quoted(),
                  list(table.getValue().files().stream().map(f -> Path.of(f.path())).toList())));
    }
    return tables;
  }

  private static String list(List<Path> files) {
    return files.stream().map(f -> "'" + f + "'").collect(Collectors.joining(", ", "[", "]"));
  }

  @Override
  public void warmUp() {}

  @Override
  public Set<TableName> tables(String sql) {
    Set<TableName> tables = new LinkedHashSet<>();
    Matcher matcher = TABLE.matcher(sql);
    while (matcher.find()) {
      tables.add(new TableName(matcher.group(1), matcher.group(2)));
    }
    return tables;
  }

  @Override
  public List<Column> describe(String sql, ReadView view) {
    return with(
        "describe",
        statement -> {
          bind(statement, sql, view);
          List<Column> columns = new ArrayList<>();
          try (ResultSet rows = statement.executeQuery("DESCRIBE " + sql)) {
            while (rows.next()) {
              DataType type = DataType.parse(rows.getString(2)).orElseThrow();
              columns.add(new Column(rows.getString(1), type));
            }
          }
          return columns;
        });
  }

  @Override
  public Job write(StagedTable table, String sql, ReadView view, Cancellation cancellation) {
    String id = "job-" + cluster.jobs.size();
    cluster.jobs.put(id, new Cluster.Query(sql, view));
    cluster.asked.add("write");
    return elsewhere(new JobHandle("toy", id));
  }

  private static Job elsewhere(JobHandle handle) {
    return new Job.Elsewhere(handle, Duration.ofMillis(20));
  }

  private static long fill(
      Statement statement, StagedTable table, String from, Optional<String> batch)
      throws Exception {
    Path file = Files.createDirectories(table.dataFolder()).resolve("toy.parquet");
    String columns =
        table.columns().stream()
            .map(TableColumn::column)
            .map(c -> "CAST(%1$s AS %2$s) AS %1$s".formatted(c.quoted(), c.type().sql()))
            .collect(Collectors.joining(", "));
    String ids =
        table.columns().stream()
            .map(c -> c.column().quoted() + ": " + c.fieldId())
            .collect(Collectors.joining(", "));
    statement.execute(
        "COPY (SELECT %s FROM %s) TO '%s' (FORMAT parquet, FIELD_IDS {%s})"
            .formatted(columns, from, file, ids));
    long rows = statement.getLargeUpdateCount();
    table.replaceWith(
        List.of(new WrittenFile(file, rows, Files.size(file), Map.of(), List.of())), batch);
    return rows;
  }

  @Override
  public Optional<Job> resume(JobHandle handle, StagedTable table, Cancellation cancellation) {
    if (cancellation.isCancelled() && !cluster.done) {
      cluster.asked.add("end " + handle.id());
      cluster.jobs.remove(handle.id());
      return Optional.empty();
    }
    Optional<Cluster.Query> job = Optional.ofNullable(cluster.jobs.get(handle.id()));
    return job.map(
        query ->
            with(
                "resume",
                statement -> {
                  if (!cluster.done) {
                    return elsewhere(handle);
                  }
                  bind(statement, query.sql(), query.view());
                  String from = "(" + query.sql() + ")";
                  return new Job.Done(fill(statement, table, from, Optional.empty()));
                }));
  }

  @Override
  public long fill(
      StagedTable table, List<BatchFile> parts, Optional<String> batch, Cancellation cancellation) {
    return with(
        "fill",
        statement ->
            fill(statement, table, "read_parquet(" + list(BatchFile.paths(parts)) + ")", batch));
  }

  @Override
  public Merge.Added append(
      StagedTable table, Merge added, Optional<String> batch, Cancellation cancellation) {
    throw new UnsupportedOperationException("A toy fills whole tables");
  }

  @Override
  public Merge.Merged fill(
      StagedTable table, Merge merge, Optional<String> batch, Cancellation cancellation) {
    throw new UnsupportedOperationException("A toy fills whole tables");
  }

  @Override
  public Map<TableName, TableSnapshot> run(
      String sql, ReadView view, Cancellation cancellation, RowReader reader) {
    return with(
        "run",
        statement -> {
          Map<TableName, TableSnapshot> tables = bind(statement, sql, view);
          try (ResultSet rows = statement.executeQuery(sql)) {
            int columns = rows.getMetaData().getColumnCount();
            boolean more = true;
            while (more && rows.next()) {
              Object[] row = new Object[columns];
              for (int i = 0; i < columns; i++) {
                row[i] = rows.getObject(i + 1);
              }
              more = reader.row(row);
            }
          }
          return tables;
        });
  }

  @Override
  public ContentSums sums(TableName table, ReadView view) {
    throw new UnsupportedOperationException("A toy counts rows");
  }

  @Override
  public List<ContentSums> sums(List<Column> columns, List<BatchFile> files) {
    throw new UnsupportedOperationException("A toy counts rows");
  }

  @Override
  public void close() {
    cluster.asked.add("close");
  }
}
