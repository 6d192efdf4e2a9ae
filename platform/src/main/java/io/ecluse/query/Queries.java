package io.ecluse.query;

import io.ecluse.access.Action;
import io.ecluse.access.Caller;
import io.ecluse.access.Policy;
import io.ecluse.access.Subject;
import io.ecluse.duckdb.Binding;
import io.ecluse.duckdb.DuckDbWords;
import io.ecluse.duckdb.FileSelection;
import io.ecluse.duckdb.Narrowing;
import io.ecluse.duckdb.ParsedQuery;
import io.ecluse.duckdb.Sql;
import io.ecluse.duckdb.TableNames;
import io.ecluse.engine.EngineWords;
import io.ecluse.engine.QueryText;
import io.ecluse.engine.RowReader;
import io.ecluse.error.EcluseException;
import io.ecluse.schema.TableName;
import io.ecluse.warehouse.ReadView;
import io.ecluse.warehouse.TableFiles;
import io.ecluse.warehouse.TableSnapshot;
import io.ecluse.warehouse.ViewQuery;
import io.ecluse.warehouse.Warehouse;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.stream.Stream;

/**
 * The one door for reads. Whoever reads rows of tables comes by here, as a {@link Caller}, and gets
 * what the policy lets them see, in their turn, and until they are gone.
 *
 * <p>Each query runs in a process that can open the files of its snapshots and nothing else, has a
 * limit of memory that the operating system keeps, and is killed when it does not end. Safe for use
 * by several threads.
 */
public final class Queries implements AutoCloseable {
  private static final int REMEMBERED = 256;
  private static final int LONGEST_REMEMBERED = 50_000;

  private final WorkerPool pool;
  private final Lanes lanes = new Lanes();
  private final Warehouse warehouse;
  private final TableNames names;
  private final WorkerSettings settings;
  private final Policy policy;
  private final AnswerCache cache;
  private final Narrow narrow = new Narrow();
  private final Map<String, ParsedQuery> parsed =
      Collections.synchronizedMap(
          new LinkedHashMap<>(16, 0.75f, true) {
            private static final long serialVersionUID = 1L;

            @Override
            protected boolean removeEldestEntry(Map.Entry<String, ParsedQuery> eldest) {
              return size() > REMEMBERED;
            }
          });

  private Optional<EngineWords> words = Optional.empty();
  private Set<String> unsteady = Set.of();

  public Queries(WorkerSettings settings, Warehouse warehouse, Policy policy) {
    this(settings, warehouse, policy, System::nanoTime);
  }

  Queries(WorkerSettings settings, Warehouse warehouse, Policy policy, LongSupplier nanos) {
    this.policy = policy;
    this.cache = new AnswerCache(nanos);
    this.pool = new WorkerPool(settings);
    this.warehouse = warehouse;
    this.names = new TableNames(warehouse);
    this.settings = settings;
  }

  /** What a query may say; asked for once, for it changes with the engine's version only. */
  public synchronized EngineWords words() {
    EngineWords known = words.orElseGet(DuckDbWords::read);
    words = Optional.of(known);
    return known;
  }

  /** Where results and exports belong. */
  Path folder() {
    return settings.engine().spill();
  }

  /** Starts a process now rather than with the first query. */
  public void warmUp() {
    WorkerProcess worker = pool.take();
    worker.parse("select 1");
    pool.giveBack(worker);
  }

  /** Whether a query of this caller would run at once. */
  boolean isFree(Lane lane, Caller caller) {
    return lanes.isFree(lane, caller.name());
  }

  /**
   * The first rows of a query, which are not read again while what it reads is as it was.
   *
   * @param most rows; there may be fewer that are long
   * @throws EcluseException as {@link #stream}
   */
  public Answer read(Ticket ticket, String sql, ReadView view, int most) {
    return known(sql)
        .map(query -> key(ticket, sql, most, tables(ticket, query, view)))
        .flatMap(cache::find)
        .orElseGet(
            () -> {
              LimitedRows rows = new LimitedRows(most);
              Map<TableName, TableSnapshot> read = stream(ticket, sql, view, rows);
              Answer answer = Answer.of(rows.kept(), read);
              cache.keep(
                  key(ticket, sql, most, read), answer, rows.bytes(), life(ticket, sql, read));
              return answer;
            });
  }

  /** As long as the shortest of the query and of the views that it reads. */
  private AnswerCache.Life life(Ticket ticket, String sql, Map<TableName, TableSnapshot> read) {
    return Stream.concat(
                Stream.of(sql),
                read.values().stream().flatMap(t -> t.view().stream()).map(ViewQuery::sql))
            .map(each -> parsed(ticket, each))
            .allMatch(query -> query.isSteady(unsteady()))
        ? AnswerCache.Life.WHILE_TABLES_STAY
        : AnswerCache.Life.A_MINUTE;
  }

  private synchronized Set<String> unsteady() {
    if (unsteady.isEmpty()) {
      unsteady = DuckDbWords.unsteady();
    }
    return unsteady;
  }

  private static AnswerCache.Key key(
      Ticket ticket, String sql, int most, Map<TableName, TableSnapshot> tables) {
    return new AnswerCache.Key(sql, most, ticket.caller().roles(), Answer.ids(tables));
  }

  /**
   * Runs a query and hands its rows on while they come.
   *
   * @return the snapshot that was read of each table
   * @throws EcluseException SQL_INVALID with the position, NOT_FOUND for a table that is not there,
   *     FORBIDDEN for one that is not for this caller, OUT_OF_MEMORY, CANCELLED, TIMED_OUT,
   *     TOO_MANY_REQUESTS, RESULT_TOO_LARGE for a row
   */
  public Map<TableName, TableSnapshot> stream(
      Ticket ticket, String sql, ReadView view, RowReader reader) {
    return read(
        ticket,
        sql,
        view,
        (worker, query, here) ->
            worker.rows(request(WorkerRequest.Step.ROWS, here, query), reader));
  }

  /**
   * Runs a query and hands its rows on, while they come, as a stream of Arrow's (IPC): the name and
   * type of each column, nested ones with all their parts, and values that are as they were. The
   * stream is left open.
   *
   * @return the snapshot that was read of each table
   * @throws EcluseException as {@link #stream}, but for a row's length
   * @throws java.io.UncheckedIOException if nobody takes the rows any more; the query is ended
   */
  public Map<TableName, TableSnapshot> arrow(
      Ticket ticket, String sql, ReadView view, OutputStream out) {
    return read(
        ticket,
        sql,
        view,
        (worker, query, here) -> worker.arrow(request(WorkerRequest.Step.ARROW, here, query), out));
  }

  /** What a worker does with a query whose tables are within its reach. */
  private interface Reading {
    void read(WorkerProcess worker, String query, Map<TableName, TableSnapshot> here);
  }

  private Map<TableName, TableSnapshot> read(
      Ticket ticket, String sql, ReadView view, Reading reading) {
    String query = QueryText.trimmed(sql);
    return in(
        ticket,
        worker -> {
          Map<TableName, TableSnapshot> tables = tables(ticket, parse(worker, query), view);
          try (TableFiles files = warehouse.files(() -> !worker.isWanted())) {
            Map<TableName, TableSnapshot> some =
                FileSelection.of(warehouse, () -> all(worker, query, tables), tables);
            reading.read(worker, query, narrow.here(files, worker, query, some));
          }
          return tables;
        });
  }

  private static WorkerRequest request(
      WorkerRequest.Step step, Map<TableName, TableSnapshot> tables, String query) {
    return new WorkerRequest(step, files(tables), Binding.of(tables), query, 0, Long.MAX_VALUE);
  }

  /**
   * Runs a query and leaves its rows in a Parquet file, for whoever may have them so.
   *
   * @throws EcluseException as {@link #stream}
   */
  public void export(Ticket ticket, String sql, ReadView view, Path file) {
    requireExport(ticket, sql);
    Target target = Target.all(file);
    write(ticket, sql, view, ResultFiles.Format.PARQUET.options(), target);
  }

  /**
   * Runs a query and leaves its rows in one Parquet file, for us to read again.
   *
   * @return the snapshot that was read of each table
   */
  Map<TableName, TableSnapshot> toParquet(Ticket ticket, String sql, ReadView view, Target target) {
    return write(ticket, sql, view, "FORMAT parquet", target);
  }

  private Map<TableName, TableSnapshot> write(
      Ticket ticket, String sql, ReadView view, String options, Target target) {
    String limit = target.most().map(rows -> " LIMIT " + rows).orElse("");
    return read(
        ticket,
        sql,
        view,
        (worker, query, here) ->
            worker.write(
                new WorkerRequest(
                    WorkerRequest.Step.WRITE,
                    files(here),
                    Binding.of(here),
                    "COPY (\nSELECT * FROM (\n%s\n)%s\n) TO %s (%s)"
                        .formatted(query, limit, Sql.text(worker.output().toString()), options),
                    2,
                    0),
                target));
  }

  /** What the parser said of a text not long ago; to ask it takes a place. */
  private Optional<ParsedQuery> known(String sql) {
    return Optional.ofNullable(parsed.get(QueryText.trimmed(sql)));
  }

  private Map<TableName, TableSnapshot> tables(Ticket ticket, ParsedQuery query, ReadView view) {
    require(ticket.caller(), Action.READ_ROWS, query);
    return names(ticket.caller()).find(query, view);
  }

  /** What a query names is asked for; what a view reads is up to whoever made the view. */
  private void require(Caller caller, Action action, ParsedQuery query) {
    names(caller)
        .names(query)
        .forEach(table -> policy.require(caller, action, Subject.table(table)));
  }

  private TableNames names(Caller caller) {
    return names.showing(t -> policy.permits(caller, Action.READ_ROWS, Subject.table(t)));
  }

  /**
   * Goes on only if the caller may have the rows of a query as a file.
   *
   * @throws EcluseException FORBIDDEN
   */
  void requireExport(Ticket ticket, String sql) {
    require(ticket.caller(), Action.EXPORT_ROWS, parsed(ticket, sql));
  }

  private ParsedQuery parsed(Ticket ticket, String sql) {
    String query = QueryText.trimmed(sql);
    return known(query).orElseGet(() -> in(ticket, worker -> parse(worker, query)));
  }

  /** Does what is asked of files alone. */
  <T> T withFiles(Ticket ticket, Function<WorkerProcess, T> work) {
    return in(ticket, work);
  }

  /** What reads results that were left in Parquet files. */
  ResultFiles results() {
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

  /** What is read of tables that are elsewhere and too large to be copied here. */
  private final class Narrow {
    Map<TableName, TableSnapshot> here(
        TableFiles files,
        WorkerProcess worker,
        String query,
        Map<TableName, TableSnapshot> tables) {
      return new Narrowing(files, folder(), settings.engine().spillBytes())
          .here(
              tables,
              () -> ParsedQuery.columns(all(worker, query, tables)),
              (select, read, file) -> write(worker, select, read, file));
    }

    private static long write(WorkerProcess worker, String select, List<String> read, Path file) {
      String sql =
          "COPY (%s) TO %s (FORMAT parquet)"
              .formatted(select, Sql.text(worker.output().toString()));
      return worker.write(
          new WorkerRequest(WorkerRequest.Step.WRITE, read, List.of(), sql, 0, 0),
          Target.all(file));
    }
  }

  private List<ParsedQuery> all(
      WorkerProcess worker, String query, Map<TableName, TableSnapshot> tables) {
    return ParsedQuery.withViews(query, tables, sql -> parse(worker, sql));
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
