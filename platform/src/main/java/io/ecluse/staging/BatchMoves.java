package io.ecluse.staging;

import io.ecluse.storage.Moved;
import io.ecluse.storage.Relocation;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;

/**
 * Where an environment's batches are that a command has taken elsewhere, as the metadata database
 * tells everybody.
 */
public record BatchMoves(Jdbi jdbi, String environment) {
  private static final String TO =
      "SELECT moved_to FROM staging_move WHERE environment = :environment AND location = :place";

  /** Where the batches are now that were in a place. */
  public String now(String place) {
    Optional<String> next = jdbi.withHandle(h -> next(h, place));
    return next.map(this::now).orElse(place);
  }

  private Optional<String> next(Handle handle, String place) {
    return handle
        .createQuery(TO)
        .bind("environment", environment)
        .bind("place", place)
        .mapTo(String.class)
        .findOne();
  }

  /** Throws {@link Moved} if the batches are not there any more. */
  void requireHere(String place) {
    jdbi.useHandle(h -> requireHere(h, place));
  }

  private void requireHere(Handle handle, String place) {
    next(handle, place)
        .ifPresent(
            to -> {
              throw new Moved(to);
            });
  }

  /** Adds something there while nobody takes the batches elsewhere; or throws {@link Moved}. */
  void whileHere(String place, Runnable work) {
    jdbi.useTransaction(
        h -> {
          lock(h, "pg_advisory_xact_lock_shared");
          requireHere(h, place);
          work.run();
        });
  }

  private void lock(Handle handle, String how) {
    handle.execute("SELECT " + how + "(hashtextextended('ecluse.staging.' || ?, 0))", environment);
  }

  /** The batches are there from now on, once the rest is, which nobody adds to meanwhile. */
  void move(String from, String to, Runnable rest) {
    jdbi.useTransaction(
        h -> {
          lock(h, "pg_advisory_xact_lock");
          rest.run();
          h.execute(
              "DELETE FROM staging_move WHERE environment = ? AND location = ?", environment, to);
          h.execute(
              """
              INSERT INTO staging_move (environment, location, moved_to) VALUES (?, ?, ?)
              ON CONFLICT (environment, location)
              DO UPDATE SET moved_to = excluded.moved_to, moved_at = excluded.moved_at
              """,
              environment,
              from,
              to);
        });
  }

  /** Places that batches were taken away from, the last first. */
  List<Relocation.Left> left() {
    return jdbi.withHandle(
        h ->
            h.createQuery(
                    "SELECT location, moved_at FROM staging_move WHERE environment = :environment ORDER BY moved_at DESC")
                .bind("environment", environment)
                .map(
                    (rs, c) -> new Relocation.Left(rs.getString(1), rs.getTimestamp(2).toInstant()))
                .list());
  }
}
