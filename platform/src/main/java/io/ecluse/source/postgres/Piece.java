package io.ecluse.source.postgres;

import io.ecluse.staging.PartFormat;
import java.util.Optional;

/**
 * What is read at one go, into one file: the unit of work, of checking and of going on.
 *
 * @param range pages of the table; empty for all of it
 * @param number of the file among those of its kind
 */
record Piece(
    Batches.Kind kind, PostgresTable table, Optional<PostgresTable.PageRange> range, int number) {
  String stream() {
    return table.name();
  }

  @Override
  public String toString() {
    return range
        .map(
            r ->
                r.to()
                    .map(to -> "pages %d to %d".formatted(r.from(), to - 1))
                    .orElse("pages from " + r.from()))
        .orElse("all of it");
  }

  String file(PartFormat format) {
    return kind.file(format, number);
  }
}
