package io.ecluse.postgres;

import io.ecluse.error.EcluseException;
import io.ecluse.error.ErrorCode;
import java.time.Duration;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings a server back that died while this process uses it: killed, crashed, or stopped by
 * somebody. Several processes may do so at once; the first that has the folder's lock starts it.
 */
final class Revival {
  private static final Logger log = LoggerFactory.getLogger(Revival.class);
  private static final Duration LOOK = Duration.ofMillis(200);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);

  private final ServerFiles files;
  private final Runnable start;
  private final Thread thread;
  private volatile boolean over;
  private volatile Optional<EcluseException> outage = Optional.empty();

  /**
   * @param start brings the server up under all locks, unless it is up or no longer wanted
   */
  Revival(ServerFiles files, Runnable start) {
    this.files = files;
    this.start = start;
    this.thread = new Thread(this::loop, "postgres-revival");
    this.thread.setDaemon(true);
  }

  void begin() {
    thread.start();
  }

  /** Begins nothing more; what has begun comes to its end. */
  void end() {
    over = true;
    thread.interrupt();
  }

  /** Why the server does not come back until somebody makes space; empty if it may. */
  Optional<EcluseException> outage() {
    return outage;
  }

  private void loop() {
    Duration pause = LOOK;
    while (!over) {
      try {
        Thread.sleep(pause.toMillis());
        if (over || Postmaster.of(files.data()).isPresent()) {
          pause = LOOK;
          outage = Optional.empty();
          continue;
        }
        log.warn("The private PostgreSQL in {} has died; starting it again", files.folder());
        start.run();
        pause = LOOK;
        outage = Optional.empty();
      } catch (InterruptedException e) {
        return;
      } catch (EcluseException e) {
        outage = Optional.of(e).filter(failure -> failure.code() == ErrorCode.DISK_FULL);
        pause =
            pause.multipliedBy(2).compareTo(LONGEST_PAUSE) < 0
                ? pause.multipliedBy(2)
                : LONGEST_PAUSE;
        if (!over) {
          log.warn(
              "The private PostgreSQL did not come back, the next try is in {} ms: {}",
              pause.toMillis(),
              e.getMessage());
        }
      }
    }
  }
}
