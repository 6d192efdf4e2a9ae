package io.ecluse.scheduler;

import io.ecluse.error.EcluseException;
import io.ecluse.error.ErrorCode;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import org.jdbi.v3.core.HandleCallback;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.JdbiException;

/**
 * The metadata database, as callers of the scheduler see it: with the platform's own exceptions.
 */
final class Database {
  private final Jdbi jdbi;

  Database(Jdbi jdbi) {
    this.jdbi = jdbi;
  }

  <T> T read(HandleCallback<T, RuntimeException> work) {
    try {
      return jdbi.withHandle(work);
    } catch (JdbiException e) {
      throw told(e);
    }
  }

  <T> T write(HandleCallback<T, RuntimeException> work) {
    try {
      return jdbi.inTransaction(work);
    } catch (JdbiException e) {
      throw told(e);
    }
  }

  private static EcluseException told(JdbiException e) {
    if (isGone(e)) {
      return new EcluseException(
          ErrorCode.DATABASE_UNREACHABLE,
          "The metadata database does not answer; try again when it runs",
          e);
    }
    return new EcluseException(ErrorCode.INTERNAL, "The run store failed: " + e.getMessage(), e);
  }

  /** Class 08 is a lost connection, 57P a server that stops or starts. */
  private static boolean isGone(Throwable failure) {
    for (Throwable t = failure; t != null; t = t.getCause()) {
      if (t instanceof SQLTransientConnectionException) {
        return true;
      }
      if (t instanceof SQLException sql
          && sql.getSQLState() != null
          && (sql.getSQLState().startsWith("08") || sql.getSQLState().startsWith("57P"))) {
        return true;
      }
    }
    return false;
  }
}
