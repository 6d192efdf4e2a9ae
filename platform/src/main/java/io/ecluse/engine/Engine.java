package io.ecluse.engine;

import io.ecluse.schema.Column;
import io.ecluse.schema.ContentSums;
import io.ecluse.schema.TableName;
import io.ecluse.warehouse.ReadView;
import io.ecluse.warehouse.StagedTable;
import io.ecluse.warehouse.TableSnapshot;
import io.ecluse.warehouse.Warehouse;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Fills the tables of runs, and reads them back for what runs check. A table named in a query is
 * exactly the files of one snapshot, and all tables of a query are read as of one moment. What an
 * engine has written, any other reads: nothing outside knows which one it was. Files of tables that
 * are elsewhere are read by {@link Warehouse#files}.
 *
 * <p>Whatever takes a {@link Cancellation} ends with CANCELLED soon after that is called. Safe for
 * use by several threads.
 */
public interface Engine extends AutoCloseable {
  /** A kind of engine, to be registered with the platform. */
  @FunctionalInterface
  interface Type {
    /** Opens one; whoever asked closes it. It starts when first used. */
    Engine open(EngineSettings settings, Warehouse warehouse);
  }

  /** Starts now rather than with the first query. */
  void warmUp();

  /** The tables that a query reads, or EcluseException SQL_INVALID with the position. */
  Set<TableName> tables(String sql);

  /**
   * Whether a query on the same tables has the same result, whenever it runs; false if the engine
   * does not know.
   */
  default boolean isSteady(String sql) {
    return false;
  }

  /** What of a query needs memory; an engine that does not know says nothing. */
  default Demand demand(String sql) {
    return Demand.NONE;
  }

  /** The columns that a query would have, with the types that a table made from it has. */
  List<Column> describe(String sql, ReadView view);

  /**
   * Writes the rows of a query into a table of a run: all that it holds from then on. An engine of
   * this process returns when it is done; one that runs elsewhere may return as soon as the job can
   * be found again.
   *
   * @throws io.ecluse.error.EcluseException SQL_INVALID with the position, NOT_FOUND for a table
   *     that is not there, OUT_OF_MEMORY, DISK_FULL, CANCELLED
   */
  Job write(StagedTable table, String sql, ReadView view, Cancellation cancellation);

  /**
   * Takes a job up again. With a cancellation that was called already, it ends the job there,
   * unless it is done: this is how a job learns that its run was cancelled, or has had its time.
   *
   * @param table the one that the job fills, staged anew for the same run
   * @return empty if there is no such job any more, so that the work is begun anew
   */
  Optional<Job> resume(JobHandle handle, StagedTable table, Cancellation cancellation);

  /** Writes the rows of staged files into a table of a run. Returns the rows written. */
  long fill(
      StagedTable table, List<BatchFile> parts, Optional<String> batch, Cancellation cancellation);

  /**
   * Adds those rows of batches to a table of a run whose keys it does not have. When it has some of
   * them with other values, adding is no way, and nothing is done.
   *
   * @throws io.ecluse.error.EcluseException DATA_INVALID when rows of a batch have the same key;
   *     INTERNAL when what was written is not what the batches hold
   */
  Merge.Added append(
      StagedTable table, Merge added, Optional<String> batch, Cancellation cancellation);

  /**
   * Writes what a table becomes when batches continue it.
   *
   * @throws io.ecluse.error.EcluseException DATA_INVALID when rows of a batch have the same key;
   *     INTERNAL when what was written does not hold the rows of the batches
   */
  Merge.Merged fill(
      StagedTable table, Merge merge, Optional<String> batch, Cancellation cancellation);

  /**
   * Runs a query and hands its rows on while they come.
   *
   * @return the snapshot that was read of each table
   * @throws io.ecluse.error.EcluseException as {@link #write}
   */
  Map<TableName, TableSnapshot> run(
      String sql, ReadView view, Cancellation cancellation, RowReader reader);

  /**
   * The first rows of a query, and how many it has.
   *
   * @param most rows that are handed over
   * @throws io.ecluse.error.EcluseException as {@link #write}
   */
  default Sample sample(String sql, ReadView view, int most, Cancellation cancellation) {
    long[] rows = {0};
    List<Object[]> first = new ArrayList<>();
    run(
        sql,
        view,
        cancellation,
        new RowReader() {
          @Override
          public void columns(List<String> names, List<String> types) {}

          @Override
          public boolean row(Object[] values) {
            rows[0]++;
            if (first.size() < most) {
              first.add(values);
            }
            return true;
          }
        });
    return new Sample(rows[0], first);
  }

  /**
   * What the rows of a table come to.
   *
   * @throws io.ecluse.error.EcluseException NOT_FOUND if there is none in this view
   */
  ContentSums sums(TableName table, ReadView view);

  /** What the rows of each of these staged files come to. */
  List<ContentSums> sums(List<Column> columns, List<BatchFile> files);

  @Override
  void close();
}
