package io.ecluse.flow;

import io.ecluse.error.EcluseException;
import io.ecluse.error.ErrorCode;
import io.ecluse.project.ReadingHours;
import java.time.Clock;
import java.time.Instant;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** Keeps an extract within the hours in which its source may be read. */
record OpenHours(String source, ReadingHours hours, Clock clock) {
  /**
   * Does the work if the hours have begun, and has it end when they do.
   *
   * @param end ends the work, from another thread
   * @throws EcluseException SOURCE_CLOSED before the hours, or when they ended too soon
   */
  <T> T within(Supplier<T> work, Runnable end) {
    Instant now = clock.instant();
    if (!hours.isOpen(now)) {
      throw ErrorCode.SOURCE_CLOSED.error(
          "Source %s may be read from %s only, and it is %s there; they begin next at %s. Schedule the DAG in these hours, or change extract.hours in sources/%s.yaml"
              .formatted(
                  source,
                  hours,
                  now.atZone(hours.zone()).toLocalTime().withSecond(0).withNano(0),
                  hours.begins(now).toOffsetDateTime(),
                  source));
    }
    ScheduledExecutorService timer =
        Executors.newSingleThreadScheduledExecutor(
            r -> {
              Thread thread = new Thread(r, "reading-hours");
              thread.setDaemon(true);
              return thread;
            });
    try {
      timer.schedule(end, hours.untilEnd(now).toMillis(), TimeUnit.MILLISECONDS);
      return work.get();
    } catch (EcluseException e) {
      if (e.code() == ErrorCode.CANCELLED && !hours.isOpen(clock.instant())) {
        throw ErrorCode.SOURCE_CLOSED.error(
            "Source %s may be read from %s only, and they ended before the extract did; nothing of it is kept. Begin earlier, read more at once (extract.connections) or by increments (mode: incremental)"
                .formatted(source, hours),
            e);
      }
      throw e;
    } finally {
      timer.shutdownNow();
    }
  }
}
