package io.ecluse.postgres;

import io.ecluse.error.DiskFull;
import io.ecluse.error.EcluseException;
import io.ecluse.error.ErrorCode;
import java.util.List;

/** Why the server did not come up, as far as its log tells. PostgreSQL speaks English to us. */
final class StartFailure {
  private static final int TAIL = 6;

  private StartFailure() {}

  /**
   * @param what what did not work, as the predicate of a sentence
   * @param before the size of the log before the attempt
   */
  static EcluseException of(ServerFiles files, String what, long before) {
    List<String> lines = files.logSince(before);
    if (DiskFull.isSaidBy(String.join("\n", lines))) {
      return full(files);
    }
    return new EcluseException(
        code(String.join("\n", lines)),
        "The private PostgreSQL in %s %s; the end of %s says: %s"
            .formatted(
                files.folder(),
                what,
                files.log(),
                String.join(" | ", lines.subList(Math.max(0, lines.size() - TAIL), lines.size()))));
  }

  private static EcluseException full(ServerFiles files) {
    return ErrorCode.DISK_FULL.error(
        "The private PostgreSQL in %s cannot start: the disk is full%s; make space there and run it again (%s says what it could not write)"
            .formatted(
                files.folder(),
                DiskFull.free(files.folder()).map(" (%s)"::formatted).orElse(""),
                files.log()));
  }

  static EcluseException portInUse(ServerFiles files, int port) {
    return ErrorCode.PORT_IN_USE.error(
        "Port %d on 127.0.0.1, on which the private PostgreSQL in %s should listen, is in use by another program; stop that, or choose another port"
            .formatted(port, files.folder()));
  }

  static boolean isPortInUse(ServerFiles files, long before) {
    return files.logSince(before).stream().anyMatch(line -> line.contains("could not bind"));
  }

  private static ErrorCode code(String log) {
    if (log.contains("Cannot allocate memory") || log.contains("out of memory")) {
      return ErrorCode.OUT_OF_MEMORY;
    }
    if (log.contains("unrecognized configuration parameter")
        || log.contains("invalid value for parameter")
        || log.contains("Permission denied")) {
      return ErrorCode.INVALID_USAGE;
    }
    boolean broken =
        log.contains("FATAL")
            || log.contains("PANIC")
            || log.contains("could not find the database system");
    return broken ? ErrorCode.DATA_CORRUPT : ErrorCode.INTERNAL;
  }
}
