package io.ecluse.source.postgres;

import io.ecluse.source.Landing;
import java.util.Optional;

/**
 * What is read at one go, into one file: the unit of work, of checking and of going on.
 *
 * @param target where its rows go
 * @param range pages of the table; empty for all of it
 * @param moment which moment it has to be read in
 */
record Piece(
    Landing.Stream target,
    PostgresTable table,
    Optional<PostgresTable.PageRange> range,
    Moment moment) {
  /** When it may be read. */
  enum Moment {
    THE_SNAPSHOTS,
    /** In the snapshot while it is young, later in one of its own: a key tells its rows apart. */
    ANY
  }

  /** All rows of a table, to be read in one moment. */
  static Piece whole(Landing.Stream target, PostgresTable table) {
    return new Piece(target, table, Optional.empty(), Moment.THE_SNAPSHOTS);
  }

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
}
