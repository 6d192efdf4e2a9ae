package io.ecluse.duckdb;

import io.ecluse.engine.BatchFile;
import io.ecluse.engine.Cancellation;
import io.ecluse.engine.Demand;
import io.ecluse.engine.Engine;
import io.ecluse.engine.EngineSettings;
import io.ecluse.engine.Job;
import io.ecluse.engine.JobHandle;
import io.ecluse.engine.Merge;
import io.ecluse.engine.QueryText;
import io.ecluse.engine.RowReader;
import io.ecluse.error.ErrorCode;
import io.ecluse.schema.Column;
import io.ecluse.schema.ContentSums;
import io.ecluse.schema.TableName;
import io.ecluse.warehouse.ReadView;
import io.ecluse.warehouse.StagedTable;
import io.ecluse.warehouse.TableColumn;
import io.ecluse.warehouse.TableSnapshot;
import io.ecluse.warehouse.Warehouse;
import io.ecluse.warehouse.WrittenFile;
import java.nio.file.Path;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * The engine that runs in this process, and whose jobs end with it: a write is done when it
 * returns, and never elsewhere.
 */
public final class DuckDbEngine implements Engine {
  private final DuckDb duckDb;
  private final Warehouse warehouse;
  private final TableNames names;
  private final Supplier<List<Path>> staged;
  private Set<String> unsteady = Set.of();

  public DuckDbEngine(EngineSettings settings, Warehouse warehouse) {
    this(settings, warehouse, List::of);
  }

  /**
   * The same, where batches may be taken elsewhere.
   *
   * @param staged folders that they are in
   */
  public DuckDbEngine(EngineSettings settings, Warehouse warehouse, Supplier<List<Path>> staged) {
    this.duckDb = new DuckDb(settings);
    this.warehouse = warehouse;
    this.names = new TableNames(warehouse);
    this.staged = staged;
  }

  private List<Path> folders() {
    return Stream.concat(warehouse.folders().stream(), staged.get().stream()).toList();
  }

  private DuckDbSession open() {
    DuckDbSession session = duckDb.open(folders());
    return session.with(warehouse.files(session::isCancelled));
  }

  @Override
  public void warmUp() {
    duckDb.open().close();
  }

  @Override
  public Map<TableName, TableSnapshot> run(
      String sql, ReadView view, Cancellation cancellation, RowReader reader) {
    String query = QueryText.trimmed(sql);
    try (DuckDbSession session = open()) {
      cancellation.onCancel(session::cancel);
      Map<TableName, TableSnapshot> tables = bind(session, query, view);
      session.query(query, 0, rows -> read(rows, reader));
      return tables;
    } finally {
      cancellation.done();
    }
  }

  @Override
  public Set<TableName> tables(String sql) {
    String query = QueryText.trimmed(sql);
    try (DuckDbSession session = open()) {
      return names.names(parse(session, query));
    }
  }

  @Override
  public boolean isSteady(String sql) {
    String query = QueryText.trimmed(sql);
    try (DuckDbSession session = open()) {
      String serialized = session.query(ParsedQuery.question(query), 0, DuckDbEngine::text);
      return Collections.disjoint(
          Steadiness.words(ParsedQuery.tree(serialized)), unsteady(session));
    }
  }

  @Override
  public Demand demand(String sql) {
    String query = QueryText.trimmed(sql);
    try (DuckDbSession session = open()) {
      return QueryDemand.of(
          ParsedQuery.tree(session.query(ParsedQuery.question(query), 0, DuckDbEngine::text)));
    }
  }

  private synchronized Set<String> unsteady(DuckDbSession session) {
    if (unsteady.isEmpty()) {
      unsteady = session.query(Steadiness.UNSTEADY, 0, Steadiness::unsteady);
    }
    return unsteady;
  }

  @Override
  public List<Column> describe(String sql, ReadView view) {
    String query = QueryText.trimmed(sql);
    try (DuckDbSession session = open()) {
      bind(session, query, view);
      return session.describe(query);
    }
  }

  @Override
  public Job write(StagedTable table, String sql, ReadView view, Cancellation cancellation) {
    String query = QueryText.trimmed(sql);
    try (DuckDbSession session = open()) {
      cancellation.onCancel(session::cancel);
      table.until(session::isCancelled);
      bind(session, query, view);
      List<WrittenFile> files =
          write(session, table, new TableWriter.From("(\n" + query + "\n)", 2, 1));
      table.replaceWith(files);
      return new Job.Done(TableWriter.rows(files));
    } finally {
      cancellation.done();
    }
  }

  @Override
  public Optional<Job> resume(JobHandle handle, StagedTable table, Cancellation cancellation) {
    return Optional.empty();
  }

  @Override
  public long fill(
      StagedTable table, List<BatchFile> parts, Optional<String> batch, Cancellation cancellation) {
    try (DuckDbSession session = open()) {
      cancellation.onCancel(session::cancel);
      table.until(session::isCancelled);
      if (parts.isEmpty()) {
        table.replaceWith(List.of(), batch);
        return 0;
      }
      List<WrittenFile> files = write(session, table, from(session, table, BatchFile.paths(parts)));
      table.replaceWith(files, batch);
      return TableWriter.rows(files);
    } finally {
      cancellation.done();
    }
  }

  @Override
  public Merge.Added append(
      StagedTable table, Merge added, Optional<String> batch, Cancellation cancellation) {
    try (DuckDbSession session = open()) {
      cancellation.onCancel(session::cancel);
      table.until(session::isCancelled);
      requireKeys(session, table.name(), added);
      MergeDelta delta = new MergeDelta(session, table, added);
      MergeCheck check = new MergeCheck(session, delta.narrowed(), columns(table));
      long changed = check.changed();
      if (changed > 0) {
        return new Merge.Added(0, changed);
      }
      List<Path> parts =
          BatchFile.paths(added.steps().stream().flatMap(s -> s.rows().stream()).toList());
      List<WrittenFile> files =
          write(
              session,
              table,
              new TableWriter.From(check.added(), 0, StagedFiles.rowBytes(session, parts)));
      check.requireAdded(table.name(), files);
      delta.add(files, batch);
      return new Merge.Added(TableWriter.rows(files), 0);
    } finally {
      cancellation.done();
    }
  }

  private static void requireKeys(DuckDbSession session, TableName table, Merge merge) {
    for (Merge.Step step : merge.steps()) {
      long repeated = session.number(MergeSql.repeated(merge, step));
      if (repeated > 0) {
        throw ErrorCode.DATA_INVALID.error(
            "%s: %d rows of a batch have the same %s as another, so it is no key; name the right primary_key in the source's file, and read everything once: ecluse extract %s %s --full"
                .formatted(
                    table, repeated, String.join(", ", merge.key()), table.schema(), table.name()));
      }
    }
  }

  @Override
  public Merge.Merged fill(
      StagedTable table, Merge merge, Optional<String> batch, Cancellation cancellation) {
    try (DuckDbSession session = open()) {
      cancellation.onCancel(session::cancel);
      table.until(session::isCancelled);
      requireKeys(session, table.name(), merge);
      return MergeDelta.isPossible(table, merge)
          ? new MergeDelta(session, table, merge).write(batch)
          : fillAnew(
              session,
              table,
              new Merge(
                  merge.base().map(base -> here(session, base)),
                  merge.key(),
                  merge.versions(),
                  merge.steps()),
              batch);
    } finally {
      cancellation.done();
    }
  }

  private static Merge.Merged fillAnew(
      DuckDbSession session, StagedTable table, Merge merge, Optional<String> batch) {
    String sql = MergeSql.whole(merge, columns(table));
    List<WrittenFile> files =
        write(session, table, new TableWriter.From("(\n" + sql + "\n)", 0, 1));
    long found =
        new MergeCheck(session, merge, MergeSql.data(merge, columns(table)))
            .requireMerged(table.name(), files);
    table.replaceWith(files, batch);
    long rows = TableWriter.rows(files);
    return new Merge.Merged(
        found,
        rows,
        merge.versions() == Merge.Versions.LATEST || files.isEmpty()
            ? rows
            : session.number(
                "SELECT count(*) FROM %s WHERE %s IS NULL"
                    .formatted(
                        Sql.parquet(files.stream().map(f -> f.path().toString()).toList(), ""),
                        Column.quote(Merge.VALID_TO))));
  }

  @Override
  public ContentSums sums(TableName table, ReadView view) {
    TableSnapshot snapshot =
        warehouse
            .snapshot(table, view)
            .orElseThrow(() -> ErrorCode.NOT_FOUND.error("There is no table " + table));
    try (DuckDbSession session = open()) {
      List<Column> columns = snapshot.columns().stream().map(TableColumn::column).toList();
      List<ContentSums> parts = new ArrayList<>();
      session
          .files()
          .inParts(
              snapshot,
              here -> parts.add(SumsSql.of(session, columns, "(" + Scan.rows(here) + ")")));
      return parts.stream().reduce(ContentSums.NONE, ContentSums::plus);
    }
  }

  @Override
  public List<ContentSums> sums(List<Column> columns, List<BatchFile> files) {
    return BatchFile.paths(files).stream().map(f -> parts().sums(columns, f)).toList();
  }

  private static TableWriter.From from(DuckDbSession session, StagedTable table, List<Path> parts) {
    return new TableWriter.From(
        StagedFiles.relation(parts, columns(table)), 0, StagedFiles.rowBytes(session, parts));
  }

  private static List<Column> columns(StagedTable table) {
    return table.columns().stream().map(TableColumn::column).toList();
  }

  private static List<WrittenFile> write(
      DuckDbSession session, StagedTable table, TableWriter.From from) {
    return new TableWriter(session, table).write(from);
  }

  /** What writes the parts of batches. */
  public StagedParts parts() {
    return new StagedParts(duckDb, staged);
  }

  private Map<TableName, TableSnapshot> bind(DuckDbSession session, String sql, ReadView view) {
    List<Path> reached = folders();
    ParsedQuery query = parse(session, sql);
    Map<TableName, TableSnapshot> found = names.find(query, view);
    if (!folders().equals(reached)) { // they were taken elsewhere, it turned out
      session.goOnWith(duckDb.open(folders()));
    }
    session.bind(Binding.of(here(session, sql, found)));
    return found;
  }

  private Map<TableName, TableSnapshot> here(
      DuckDbSession session, String sql, Map<TableName, TableSnapshot> found) {
    Supplier<List<ParsedQuery>> all =
        () -> ParsedQuery.withViews(sql, found, each -> parse(session, each));
    return here(
        session, FileSelection.of(warehouse, all, found), () -> ParsedQuery.columns(all.get()));
  }

  /** All of a table. */
  private TableSnapshot here(DuckDbSession session, TableSnapshot table) {
    return here(session, Map.of(table.table(), table), Optional::empty).values().iterator().next();
  }

  private Map<TableName, TableSnapshot> here(
      DuckDbSession session,
      Map<TableName, TableSnapshot> found,
      Supplier<Optional<Set<String>>> needed) {
    Narrowing narrowing =
        new Narrowing(session.files(), duckDb.settings().spill(), duckDb.settings().spillBytes());
    return narrowing.here(
        found,
        needed,
        (select, read, file) ->
            session.execute(
                "COPY (%s) TO %s (FORMAT parquet)".formatted(select, Sql.text(file.toString()))));
  }

  private ParsedQuery parse(DuckDbSession session, String sql) {
    return ParsedQuery.of(sql, session.query(ParsedQuery.question(sql), 0, DuckDbEngine::text));
  }

  private static String text(ResultSet rows) throws SQLException {
    rows.next();
    return rows.getString(1);
  }

  private static int read(ResultSet rows, RowReader reader) throws SQLException {
    RowValues values = new RowValues(rows);
    reader.columns(values.names(), values.types());
    boolean more = true;
    while (more && rows.next()) {
      more = reader.row(values.current());
    }
    return 0;
  }

  @Override
  public void close() {
    duckDb.close();
  }
}
