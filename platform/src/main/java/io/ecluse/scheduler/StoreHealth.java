package io.ecluse.scheduler;

import io.ecluse.error.DatabaseLost;
import io.ecluse.error.EcluseException;
import io.ecluse.error.ErrorCode;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether the run store takes what is written to it, and since when it does not. Safe for use by
 * several threads.
 */
final class StoreHealth {
  private static final Logger LOG = LoggerFactory.getLogger(StoreHealth.class);

  /** Space that comes back sooner, as when somebody's large file goes, is nobody's trouble. */
  private static final Duration PATIENCE = Duration.ofSeconds(3);

  private boolean healthy = true;
  private Optional<Full> full = Optional.empty();

  private record Full(EcluseException reason, long since) {}

  /** Something was written. */
  synchronized void answered() {
    if (!healthy) {
      LOG.info("The run store answers again");
    }
    healthy = true;
    full = Optional.empty();
  }

  /** Something could not be written, and is tried again. */
  synchronized void failed(RuntimeException e) {
    Optional<EcluseException> lost = DatabaseLost.in(e);
    note(lost);
    if (healthy && lost.isPresent()) {
      LOG.warn(
          "The run store failed; tasks go on, states are written when it answers: {}",
          lost.get().getMessage());
    } else if (healthy) {
      LOG.warn("The run store failed; tasks go on, states are written when it answers", e);
    }
    healthy = false;
  }

  /** This process could not register; said by who tried. */
  synchronized void refused(SQLException e) {
    note(DatabaseLost.in(e));
  }

  private void note(Optional<EcluseException> lost) {
    full =
        lost.filter(e -> e.code() == ErrorCode.DISK_FULL)
            .map(e -> new Full(e, full.map(Full::since).orElseGet(System::nanoTime)))
            .or(() -> full);
  }

  /** Throws DISK_FULL if that has kept the store from being written for seconds. */
  synchronized void requireSpace() {
    full.filter(f -> System.nanoTime() - f.since() > PATIENCE.toNanos())
        .ifPresent(
            f -> {
              throw new EcluseException(
                  ErrorCode.DISK_FULL, String.valueOf(f.reason().getMessage()), f.reason());
            });
  }
}
