package io.ecluse.scheduler;

import io.ecluse.error.DatabaseLost;
import io.ecluse.error.EcluseException;
import io.ecluse.error.ErrorCode;
import org.jdbi.v3.core.HandleCallback;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.JdbiException;

/**
 * The metadata database, as callers of the scheduler see it: with the platform's own exceptions.
 */
record Database(Jdbi jdbi) {
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
    return DatabaseLost.in(e)
        .orElseGet(() -> ErrorCode.INTERNAL.error("The run store failed: " + e.getMessage(), e));
  }
}
