package io.ecluse.web;

import io.ecluse.Platform;
import io.ecluse.error.EcluseException;
import io.ecluse.error.ErrorCode;

/** Whether a platform can do what it is there for. */
public final class Readiness {
  private Readiness() {}

  /**
   * Goes on only if it can.
   *
   * @throws EcluseException DATABASE_UNREACHABLE, DISK_FULL, whatever is in the way
   */
  public static void require(Platform platform) {
    platform.metadata().outage().ifPresent(Readiness::refuse);
    platform.scheduler().requireSpace();
    if (!platform.metadata().answers()) {
      throw ErrorCode.DATABASE_UNREACHABLE.error(
          "The metadata database does not answer; requests are served again when it does");
    }
  }

  private static void refuse(EcluseException outage) {
    throw outage;
  }
}
