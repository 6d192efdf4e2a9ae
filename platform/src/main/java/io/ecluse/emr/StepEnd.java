package io.ecluse.emr;

import io.ecluse.error.EcluseException;
import io.ecluse.error.ErrorCode;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * How a step ended.
 *
 * @param why what people are told, if it was not well
 * @param began when it began to run, if it did
 */
public record StepEnd(How how, String why, Optional<Instant> began, Optional<Instant> ended) {
  /** The ways. There is one that is well. */
  public enum How {
    DONE,
    /** The program ran and failed. */
    FAILED,
    /** It was ended because nobody wanted it any more. */
    CANCELLED,
    /** It never ran, or was cut off, because the cluster did not come up or ended. */
    LOST
  }

  /** For how long it ran. */
  public Duration ran() {
    return began.flatMap(b -> ended.map(e -> Duration.between(b, e))).orElse(Duration.ZERO);
  }

  /**
   * Goes on only if it is done.
   *
   * @throws EcluseException CLUSTER_PROGRAM_FAILED, CANCELLED, CLUSTER_LOST; OUT_OF_MEMORY or
   *     DISK_FULL if its log says so
   */
  public void require() {
    switch (how) {
      case DONE -> {
        // all is well
      }
      case FAILED -> throw new EcluseException(LogLine.code(why), why);
      case CANCELLED -> throw ErrorCode.CANCELLED.error(why);
      case LOST -> throw ErrorCode.CLUSTER_LOST.error(why);
    }
  }
}
