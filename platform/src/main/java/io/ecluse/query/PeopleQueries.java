package io.ecluse.query;

import io.ecluse.duckdb.Binding;
import io.ecluse.duckdb.ParsedQuery;
import io.ecluse.duckdb.QueryText;
import io.ecluse.duckdb.Sql;
import io.ecluse.duckdb.TableNames;
import io.ecluse.engine.RowReader;
import io.ecluse.error.EcluseException;
import io.ecluse.schema.TableName;
import io.ecluse.warehouse.ReadView;
import io.ecluse.warehouse.TableSnapshot;
import io.ecluse.warehouse.Warehouse;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;

/**
 * Runs what people ask, each query in a process that can open the files of its snapshots and
 * nothing else, has a limit of memory that the operating system keeps, and is killed when it does
 * not end. Safe for use by several threads.
 */
public final class PeopleQueries implements AutoCloseable {
  private static final int REMEMBERED = 256;
  private static final int LONGEST_REMEMBERED = 10_000;

  private final WorkerPool pool;
  private final Lanes lanes = new Lanes();
  private final TableNames names;
  private final WorkerSettings settings;
  private final Map<String, ParsedQuery> parsed =
      Collections.synchronizedMap(
          new LinkedHashMap<>(16, 0.75f, true) {
            private static final long serialVersionUID = 1L;

            @Override
            protected boolean removeEldestEntry(Map.Entry<String, ParsedQuery> eldest) {
              return size() > REMEMBERED;
            }
          });

  public PeopleQueries(WorkerSettings settings, Warehouse warehouse) {
    this.pool = new WorkerPool(settings);
    this.names = new TableNames(warehouse);
    this.settings = settings;
  }

  /** Where results and exports belong. */
  public Path folder() {
    return settings.engine().spill();
  }

  /** Most bytes of results and exports together. */
  public long resultBytes() {
    return settings.results();
  }

  /** Starts a process now rather than with the first query. */
  public void warmUp() {
    WorkerProcess worker = pool.take();
    worker.parse("select 1");
    pool.giveBack(worker);
  }

  /** Whether a query of this caller would run at once. */
  boolean isFree(Lane lane, String caller) {
    return lanes.isFree(lane, caller);
  }

  /**
   * Runs a query and hands its rows on while they come.
   *
   * @return the snapshot that was read of each table
   * @throws EcluseException SQL_INVALID with the position, NOT_FOUND for a table that is not there,
   *     OUT_OF_MEMORY, CANCELLED, TOO_MANY_REQUESTS, RESULT_TOO_LARGE for a row
   */
  public Map<TableName, TableSnapshot> run(
      Ticket ticket, String sql, ReadView view, RowReader reader) {
    String query = QueryText.trimmed(sql);
    return in(
        ticket,
        worker -> {
          Map<TableName, TableSnapshot> tables = names.find(parse(worker, query), view);
          worker.rows(
              new WorkerRequest(
                  WorkerRequest.Step.ROWS,
                  files(tables),
                  Binding.of(tables),
                  query,
                  0,
                  Long.MAX_VALUE),
              reader);
          return tables;
        });
  }

  /**
   * Runs a query and leaves its rows in one Parquet file, within {@link #folder}.
   *
   * @return the snapshot that was read of each table
   */
  public Map<TableName, TableSnapshot> toParquet(
      Ticket ticket, String sql, ReadView view, Target target) {
    String query = QueryText.trimmed(sql);
    String limited =
        target.most().isPresent()
            ? "SELECT * FROM (\n%s\n) LIMIT %d".formatted(query, target.most().get())
            : "SELECT * FROM (\n" + query + "\n)";
    return in(
        ticket,
        worker -> {
          Map<TableName, TableSnapshot> tables = names.find(parse(worker, query), view);
          worker.write(
              new WorkerRequest(
                  WorkerRequest.Step.WRITE,
                  files(tables),
                  Binding.of(tables),
                  "COPY (\n%s\n) TO %s (FORMAT parquet)"
                      .formatted(limited, Sql.text(worker.output().toString())),
                  2,
                  0),
              target);
          return tables;
        });
  }

  /** What a query would read now; its text is parsed at most once in a while. */
  public Map<TableName, TableSnapshot> snapshots(Ticket ticket, String sql, ReadView view) {
    String query = QueryText.trimmed(sql);
    ParsedQuery known = parsed.get(query);
    ParsedQuery parsedNow = known == null ? in(ticket, worker -> parse(worker, query)) : known;
    return names.find(parsedNow, view);
  }

  /** Does what is asked of files alone. */
  <T> T withFiles(Ticket ticket, Function<WorkerProcess, T> work) {
    return in(ticket, work);
  }

  /** What reads results that were left in Parquet files. */
  public ResultFiles results() {
    return new ResultFiles(this);
  }

  private <T> T in(Ticket ticket, Function<WorkerProcess, T> work) {
    try (Lanes.Place place = lanes.enter(ticket)) {
      WorkerProcess worker = pool.take();
      Deadline deadline = new Deadline(ticket, worker, pool.timer());
      try {
        ticket.cancellation().onCancel(worker::cancel);
        return work.apply(worker);
      } catch (EcluseException e) {
        throw deadline.isOver() ? deadline.error(e) : e;
      } finally {
        deadline.end();
        ticket.cancellation().done();
        pool.giveBack(worker);
      }
    }
  }

  private ParsedQuery parse(WorkerProcess worker, String sql) {
    ParsedQuery known = parsed.get(sql);
    if (known != null) {
      return known;
    }
    ParsedQuery query = ParsedQuery.of(sql, worker.parse(sql));
    if (sql.length() <= LONGEST_REMEMBERED) {
      parsed.put(sql, query);
    }
    return query;
  }

  private static List<String> files(Map<TableName, TableSnapshot> tables) {
    Set<String> files = new TreeSet<>();
    tables.values().forEach(t -> files.addAll(t.paths()));
    return List.copyOf(files);
  }

  @Override
  public void close() {
    pool.close();
  }
}
