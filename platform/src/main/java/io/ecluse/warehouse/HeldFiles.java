package io.ecluse.warehouse;

import io.ecluse.error.ErrorCode;
import java.time.Duration;
import java.util.function.Supplier;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;

/** A lock over all processes and environments: who has it copies files, or deletes them. */
record HeldFiles(Jdbi jdbi) {
  private static final long PAUSE_MILLIS = 50;

  /**
   * @param patience how long to wait while another has it
   */
  <T> T during(Duration patience, Supplier<T> work) {
    long begin = System.nanoTime();
    return jdbi.withHandle(
        h -> {
          while (!ask(h, "pg_try_advisory_lock")) {
            if (System.nanoTime() - begin >= patience.toNanos()) {
              throw ErrorCode.CONFLICT.error(
                  "A backup is being made, old data removed, or tables or batches taken elsewhere; try again when that is done");
            }
            pause();
          }
          try {
            return work.get();
          } finally {
            ask(h, "pg_advisory_unlock");
          }
        });
  }

  private static void pause() {
    try {
      Thread.sleep(PAUSE_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw ErrorCode.CANCELLED.error("Interrupted while others had the files", e);
    }
  }

  private static boolean ask(Handle handle, String function) {
    return handle
        .createQuery("SELECT " + function + "(hashtextextended('ecluse.files', 0))")
        .mapTo(Boolean.class)
        .one();
  }
}
