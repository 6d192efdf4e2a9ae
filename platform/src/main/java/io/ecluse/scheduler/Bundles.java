package io.ecluse.scheduler;

import io.ecluse.error.ErrorCode;
import io.ecluse.pipeline.Bundle;
import java.time.Duration;
import java.time.Instant;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;

/**
 * The files that runs were started with, each content once, as long as a run names it. Safe for use
 * by several threads.
 */
public final class Bundles {
  /** A run that is being written may name what no run names yet. */
  private static final Duration WRITERS_TIME = Duration.ofHours(1);

  private final Database database;

  public Bundles(Jdbi jdbi) {
    this.database = new Database(jdbi);
  }

  /** EcluseException NOT_FOUND if no run names it any more. */
  public Bundle find(String hash) {
    return database
        .read(
            h ->
                h.createQuery("SELECT content FROM run_bundle WHERE hash = :hash")
                    .bind("hash", hash)
                    .mapTo(byte[].class)
                    .findOne())
        .map(content -> new Bundle(hash, content))
        .orElseThrow(
            () ->
                ErrorCode.NOT_FOUND.error(
                    "The project files %s of a run are gone; start a new run".formatted(hash)));
  }

  /** Keeps it, in the transaction that writes a run which names it. */
  static void keep(Handle handle, Bundle bundle, Instant now) {
    int known =
        handle
            .createUpdate("UPDATE run_bundle SET used_at = :now WHERE hash = :hash")
            .bind("now", now)
            .bind("hash", bundle.hash())
            .execute();
    if (known == 0) {
      handle
          .createUpdate(
              """
              INSERT INTO run_bundle (hash, content, used_at) VALUES (:hash, :content, :now)
              ON CONFLICT (hash) DO UPDATE SET used_at = excluded.used_at
              """)
          .bind("hash", bundle.hash())
          .bind("content", bundle.packed())
          .bind("now", now)
          .execute();
    }
  }

  /** Deletes those that no run names any more. */
  static void forget(Handle handle, Instant now) {
    handle
        .createUpdate(
            """
            DELETE FROM run_bundle b WHERE used_at < :before
              AND NOT EXISTS (SELECT 1 FROM run r WHERE r.bundle = b.hash)
            """)
        .bind("before", now.minus(WRITERS_TIME))
        .execute();
  }
}
