package io.ecluse.source.postgres;

import io.ecluse.source.Continuation;
import io.ecluse.source.Landing;
import io.ecluse.staging.StagedColumn;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What is read of one table in one extract.
 *
 * @param table with the condition on its rows, if not all are wanted
 * @param keys the same table with its key alone and every row; empty if nobody asks for deletes
 */
record ReadPlan(PostgresTable table, Continuation continuation, Optional<PostgresTable> keys) {
  /** Begins its stream. Returns what is to be read, one after the other or side by side. */
  List<Piece> begin(Landing landing, long pages) {
    Landing.Stream rows = landing.stream(table.name(), staged(table), continuation);
    boolean keyed = !continuation.primaryKey().isEmpty();
    List<Piece> pieces = new ArrayList<>();
    for (Optional<PostgresTable.PageRange> range : table.ranges(pages)) {
      Piece.Moment moment =
          keyed && range.isPresent() ? Piece.Moment.ANY : Piece.Moment.THE_SNAPSHOTS;
      pieces.add(new Piece(rows, table, range, moment));
    }
    rows.expectRanges(pieces.size());
    if (keys.isPresent()) {
      Landing.Stream all = rows.keys(staged(keys.get()));
      List<Optional<PostgresTable.PageRange>> ranges = keys.get().ranges(pages);
      ranges.forEach(r -> pieces.add(new Piece(all, keys.get(), r, Piece.Moment.THE_SNAPSHOTS)));
      all.expectRanges(ranges.size());
    }
    return pieces;
  }

  private static List<StagedColumn> staged(PostgresTable table) {
    return table.columns().stream().map(PostgresColumn::staged).toList();
  }
}
