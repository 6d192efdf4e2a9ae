package io.ecluse.emr;

import io.ecluse.error.EcluseException;
import io.ecluse.error.ErrorCode;
import java.time.Duration;

/** Time that something is given. */
final class Patience {
  private final long end;

  Patience(Duration given) {
    this.end = System.nanoTime() + given.toNanos();
  }

  boolean isOver() {
    return System.nanoTime() - end >= 0;
  }

  /**
   * Waits.
   *
   * @throws EcluseException CANCELLED if the thread is interrupted
   */
  static void pause(Duration pause) {
    try {
      Thread.sleep(pause.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw ErrorCode.CANCELLED.error("Waiting for EMR was interrupted", e);
    }
  }
}
