package io.ecluse.warehouse;

import io.ecluse.error.EcluseException;
import io.ecluse.error.ErrorCode;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Supplier;
import org.jdbi.v3.core.ConnectionException;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.JdbiException;
import org.jdbi.v3.core.transaction.TransactionException;

/**
 * Publishes and rolls back in one transaction, and finds out what became of it when the connection
 * breaks: a commit may have been done by a server that could not say so any more.
 */
record CatalogChange(Jdbi jdbi, CatalogRows catalog) {
  private static final Duration LONGEST_SEARCH = Duration.ofSeconds(30);
  private static final int PAUSE_MILLIS = 200;

  /** The catalog is not any more as it was when what it is to point to was written. */
  static final class Outdated extends RuntimeException {
    private static final long serialVersionUID = 1L;
  }

  /** What a run's tables are to be. */
  interface Change {
    /** In words, as in "published". */
    String word();

    /** When it was done, if it is done; asked by whoever has the lock of publications. */
    Optional<Instant> done(Handle handle);

    /** Does it, and returns the time of it. */
    Instant apply(Handle handle);
  }

  /** What has to be known before; nothing is changed by it. */
  <T> T before(String runId, String word, Supplier<T> read) {
    try {
      return read.get();
    } catch (JdbiException e) {
      throw isLost(e) || e instanceof ConnectionException ? nothing(runId, word, e) : e;
    }
  }

  /**
   * Makes the change, unless it is made.
   *
   * @throws EcluseException DATABASE_UNREACHABLE when nothing of it was done; OUTCOME_UNKNOWN when
   *     the database was lost in the commit and did not come back
   */
  Instant make(String runId, Change change) {
    try {
      return jdbi.inTransaction(
          h -> {
            catalog.lockPublications(h);
            Optional<Instant> done = change.done(h);
            return done.isPresent() ? done.get() : change.apply(h);
          });
    } catch (ConnectionException e) {
      throw nothing(runId, change.word(), e); // nobody was asked for anything
    } catch (JdbiException e) {
      if (!isLost(e)) {
        throw e;
      }
      return found(runId, change, e).orElseThrow(() -> nothing(runId, change.word(), e));
    }
  }

  /**
   * Takes the lock that the lost transaction had until it ended, and looks; so the answer is
   * definite.
   */
  private Optional<Instant> found(String runId, Change change, JdbiException lost) {
    long end = System.nanoTime() + LONGEST_SEARCH.toNanos();
    while (true) {
      try {
        return jdbi.inTransaction(
            h -> {
              h.execute("SET LOCAL lock_timeout = '" + LONGEST_SEARCH.toMillis() + "ms'");
              catalog.lockPublications(h);
              return change.done(h);
            });
      } catch (JdbiException again) {
        if (System.nanoTime() > end) {
          throw ErrorCode.OUTCOME_UNKNOWN.error(
              "The metadata database was lost while run %s was being %s, and does not answer since; whether it is, ecluse show run %s tells once it does"
                  .formatted(runId, change.word(), runId),
              lost);
        }
        pause();
      }
    }
  }

  private static void pause() {
    try {
      Thread.sleep(PAUSE_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw ErrorCode.CANCELLED.error("Interrupted while the metadata database was looked for", e);
    }
  }

  private static EcluseException nothing(String runId, String word, JdbiException e) {
    return ErrorCode.DATABASE_UNREACHABLE.error(
        "The metadata database did not answer, so run %s was not %s: nothing has changed; try again when it runs"
            .formatted(runId, word),
        e);
  }

  /** Class 08 of SQLSTATE is a lost connection, 57P a server that stops or starts. */
  private static boolean isLost(JdbiException failure) {
    for (Throwable t = failure; t != null; t = t.getCause()) {
      if (t instanceof SQLException sql
          && sql.getSQLState() != null
          && (sql.getSQLState().startsWith("08") || sql.getSQLState().startsWith("57P"))) {
        return true;
      }
    }
    return failure instanceof TransactionException;
  }
}
