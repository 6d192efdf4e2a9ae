package io.ecluse.warehouse;

import io.ecluse.error.EcluseException;
import io.ecluse.error.ErrorCode;
import java.util.function.Supplier;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;

/** A lock over all processes and environments: who has it copies files, or deletes them. */
final class HeldFiles {
  private final Jdbi jdbi;

  HeldFiles(Jdbi jdbi) {
    this.jdbi = jdbi;
  }

  <T> T during(Supplier<T> work) {
    return jdbi.withHandle(
        h -> {
          if (!ask(h, "pg_try_advisory_lock")) {
            throw new EcluseException(
                ErrorCode.CONFLICT,
                "A backup is being made, or old data removed; try again when that is done");
          }
          try {
            return work.get();
          } finally {
            ask(h, "pg_advisory_unlock");
          }
        });
  }

  private static boolean ask(Handle handle, String function) {
    return handle
        .createQuery("SELECT " + function + "(hashtextextended('ecluse.files', 0))")
        .mapTo(Boolean.class)
        .one();
  }
}
