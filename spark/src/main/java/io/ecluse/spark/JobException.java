package io.ecluse.spark;

import java.util.OptionalInt;

/**
 * Why a job failed, in the platform's words.
 *
 * <p>Its message is read by people: it tells what failed and what to do, and no values of rows.
 */
final class JobException extends RuntimeException {
  private static final long serialVersionUID = 1L;
  private static final int NOWHERE = -1;

  private final Code code;
  private final int position;

  /** Names that the platform has among its error codes. */
  enum Code {
    SQL_INVALID,
    NOT_FOUND,
    DATA_INVALID,
    DATA_CORRUPT,
    INVALID_USAGE,
    OUT_OF_MEMORY,
    DISK_FULL,
    RESULT_TOO_LARGE,
    CANCELLED,
    UNAUTHENTICATED,
    ATTEMPT_OVERTAKEN,
    COMMIT_CONFLICT,
    OUTCOME_UNKNOWN,
    STORAGE_UNREACHABLE,
    STORAGE_REFUSED,
    CLUSTER_LOST,
    INTERNAL
  }

  JobException(Code code, String message) {
    super(message);
    this.code = code;
    this.position = NOWHERE;
  }

  JobException(Code code, String message, Throwable cause) {
    super(message, cause);
    this.code = code;
    this.position = NOWHERE;
  }

  /**
   * @param position characters of the job's SQL before the place
   */
  JobException(Code code, String message, int position) {
    super(message);
    this.code = code;
    this.position = position;
  }

  Code code() {
    return code;
  }

  OptionalInt position() {
    return position == NOWHERE ? OptionalInt.empty() : OptionalInt.of(position);
  }
}
