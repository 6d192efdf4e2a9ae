package io.ecluse.duckdb;

import io.ecluse.engine.Cancellation;
import io.ecluse.engine.EngineSettings;
import io.ecluse.engine.Merge;
import io.ecluse.engine.RowReader;
import io.ecluse.error.EcluseException;
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
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Runs SELECTs over the tables of a warehouse. A table named in a query is exactly the files of one
 * snapshot, and all tables of a query are read as of one moment.
 *
 * <p>Safe for use by several threads.
 */
public final class QueryEngine implements AutoCloseable {
  private final DuckDb duckDb;
  private final Warehouse warehouse;
  private final TableNames names;

  public QueryEngine(EngineSettings settings, Warehouse warehouse) {
    this.duckDb = new DuckDb(settings);
    this.warehouse = warehouse;
    this.names = new TableNames(warehouse);
  }

  /** Starts the engine now rather than with the first query; half a second the first time. */
  public void warmUp() {
    duckDb.open().close();
  }

  /**
   * Runs a query and hands its rows on while they come.
   *
   * @return the snapshot that was read of each table
   * @throws EcluseException SQL_INVALID with the position, NOT_FOUND for a table that is not there,
   *     OUT_OF_MEMORY, CANCELLED
   */
  public Map<TableName, TableSnapshot> run(
      String sql, ReadView view, Cancellation cancellation, RowReader reader) {
    String query = QueryText.trimmed(sql);
    try (DuckDbSession session = duckDb.open()) {
      cancellation.onCancel(session::cancel);
      Map<TableName, TableSnapshot> tables = bind(session, query, view);
      session.query(query, 0, rows -> read(rows, reader));
      return tables;
    } finally {
      cancellation.done();
    }
  }

  /**
   * The query without the semicolons at its end, or EcluseException SQL_INVALID if nothing is left.
   */
  public String statement(String sql) {
    return QueryText.trimmed(sql);
  }

  /** The tables that a query reads, or EcluseException SQL_INVALID with the position. */
  public Set<TableName> tables(String sql) {
    String query = QueryText.trimmed(sql);
    try (DuckDbSession session = duckDb.open()) {
      return names.names(parse(session, query));
    }
  }

  /** The columns that a query would have, with the types that a table made from it has. */
  public List<Column> describe(String sql, ReadView view) {
    String query = QueryText.trimmed(sql);
    try (DuckDbSession session = duckDb.open()) {
      bind(session, query, view);
      return session.describe(query);
    }
  }

  /** Writes the rows of a query into a table of a run. Returns the rows written. */
  public long fill(StagedTable table, String sql, ReadView view, Cancellation cancellation) {
    String query = QueryText.trimmed(sql);
    try (DuckDbSession session = duckDb.open()) {
      cancellation.onCancel(session::cancel);
      bind(session, query, view);
      List<WrittenFile> files =
          write(session, table, new TableWriter.From("(\n" + query + "\n)", 2, 1));
      table.replaceWith(files);
      return TableWriter.rows(files);
    } finally {
      cancellation.done();
    }
  }

  /** Writes the rows of staged files into a table of a run. Returns the rows written. */
  public long fill(
      StagedTable table, List<Path> parts, Optional<String> batch, Cancellation cancellation) {
    try (DuckDbSession session = duckDb.open()) {
      cancellation.onCancel(session::cancel);
      if (parts.isEmpty()) {
        table.replaceWith(List.of(), batch);
        return 0;
      }
      List<WrittenFile> files = write(session, table, from(session, table, parts));
      table.replaceWith(files, batch);
      return TableWriter.rows(files);
    } finally {
      cancellation.done();
    }
  }

  /**
   * Adds those rows of batches to a table of a run whose keys it does not have. When it has some of
   * them with other values, adding is no way, and nothing is done.
   *
   * @throws EcluseException DATA_INVALID when rows of a batch have the same key; INTERNAL when what
   *     was written is not what the batches hold
   */
  public Merge.Added append(
      StagedTable table, Merge added, Optional<String> batch, Cancellation cancellation) {
    try (DuckDbSession session = duckDb.open()) {
      cancellation.onCancel(session::cancel);
      requireKeys(session, table.name(), added);
      MergeDelta delta = new MergeDelta(session, table, added);
      MergeCheck check = new MergeCheck(session, delta.narrowed(), columns(table));
      long changed = session.number(check.changed());
      if (changed > 0) {
        return new Merge.Added(0, changed);
      }
      List<Path> parts = added.steps().stream().flatMap(s -> s.rows().stream()).toList();
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
        throw new EcluseException(
            ErrorCode.DATA_INVALID,
            "%s: %d rows of a batch have the same %s as another, so it is no key; name the right primary_key in the source's file, and read everything once: ecluse extract %s %s --full"
                .formatted(
                    table, repeated, String.join(", ", merge.key()), table.schema(), table.name()));
      }
    }
  }

  /**
   * Writes what a table becomes when batches continue it.
   *
   * @throws EcluseException DATA_INVALID when rows of a batch have the same key; INTERNAL when what
   *     was written does not hold the rows of the batches
   */
  public Merge.Merged fill(
      StagedTable table, Merge merge, Optional<String> batch, Cancellation cancellation) {
    try (DuckDbSession session = duckDb.open()) {
      cancellation.onCancel(session::cancel);
      requireKeys(session, table.name(), merge);
      return MergeDelta.isPossible(table, merge)
          ? new MergeDelta(session, table, merge).write(batch)
          : fillAnew(session, table, merge, batch);
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

  /**
   * What the rows of a table come to.
   *
   * @throws EcluseException NOT_FOUND if there is none in this view
   */
  public ContentSums sums(TableName table, ReadView view) {
    TableSnapshot snapshot =
        warehouse
            .snapshot(table, view)
            .orElseThrow(
                () -> new EcluseException(ErrorCode.NOT_FOUND, "There is no table " + table));
    try (DuckDbSession session = duckDb.open()) {
      return SumsSql.of(
          session,
          snapshot.columns().stream().map(TableColumn::column).toList(),
          "(" + Scan.rows(snapshot) + ")");
    }
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
    return new StagedParts(duckDb);
  }

  private Map<TableName, TableSnapshot> bind(DuckDbSession session, String sql, ReadView view) {
    Map<TableName, TableSnapshot> found = names.find(parse(session, sql), view);
    session.bind(Binding.of(found));
    return found;
  }

  private ParsedQuery parse(DuckDbSession session, String sql) {
    return ParsedQuery.of(
        sql,
        session.query(
            ParsedQuery.question(sql),
            0,
            rows -> {
              rows.next();
              return rows.getString(1);
            }));
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
