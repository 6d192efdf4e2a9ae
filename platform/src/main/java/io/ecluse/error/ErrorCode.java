package io.ecluse.error;

/**
 * Every way in which the platform can fail, with a number that is never reused.
 *
 * <p>HTTP status and exit code derive from {@link #kind()} alone, at the doors.
 */
public enum ErrorCode {
  // 1xxx: what a person wrote or asked is wrong
  INVALID_USAGE(1001, Kind.USER),
  INVALID_PROJECT(1002, Kind.USER),
  NOT_FOUND(1003, Kind.USER),
  ALREADY_EXISTS(1004, Kind.USER),
  SQL_INVALID(1005, Kind.USER),
  AUDIT_FAILED(1006, Kind.USER),
  SECRET_MISSING(1007, Kind.USER),
  DATA_INVALID(1008, Kind.USER),
  CANCELLED(1009, Kind.USER),
  UNAUTHENTICATED(1010, Kind.USER),
  FORBIDDEN(1011, Kind.USER),
  TOO_MANY_REQUESTS(1012, Kind.USER),
  CONFLICT(1013, Kind.USER),
  RESULT_EXPIRED(1018, Kind.USER),
  WAREHOUSE_MISMATCH(1014, Kind.USER),
  /** A tile of a dashboard names a column that its query does not have. */
  TILE_COLUMN_MISSING(1024, Kind.USER),
  BODY_TOO_LARGE(1020, Kind.USER),
  BODY_TOO_SLOW(1021, Kind.USER),

  // 2xxx: a system outside failed
  SOURCE_UNREACHABLE(2001, Kind.EXTERNAL, Retry.YES),
  SOURCE_REFUSED(2002, Kind.EXTERNAL),
  SOURCE_MISSING_STREAM(2003, Kind.EXTERNAL),
  SOURCE_LOST(2004, Kind.EXTERNAL, Retry.YES),
  SOURCE_CHANGED(2005, Kind.EXTERNAL, Retry.YES),
  DATABASE_UNREACHABLE(2006, Kind.EXTERNAL, Retry.YES),
  DATABASE_REFUSED(2007, Kind.EXTERNAL),
  SOURCE_CLOSED(2008, Kind.EXTERNAL),
  STORAGE_UNREACHABLE(2009, Kind.EXTERNAL, Retry.YES),
  STORAGE_REFUSED(2010, Kind.EXTERNAL),
  /** A cluster, or what is needed to use one, cannot be reached. */
  CLUSTER_UNREACHABLE(2021, Kind.EXTERNAL, Retry.YES),
  /** A cluster does not take what it was given: no such queue, no right. */
  CLUSTER_REFUSED(2022, Kind.EXTERNAL),
  /** What worked on a cluster is gone, and nobody knows why. */
  CLUSTER_LOST(2023, Kind.EXTERNAL, Retry.YES),
  /** Spark is there in a version, or without a part, with which nothing works. */
  SPARK_UNFIT(2024, Kind.EXTERNAL),
  /** A program that ran on a cluster failed there. */
  CLUSTER_PROGRAM_FAILED(2030, Kind.EXTERNAL),

  // 3xxx: this machine has not enough of something
  OUT_OF_MEMORY(3001, Kind.RESOURCES),
  DISK_FULL(3002, Kind.RESOURCES),
  PORT_IN_USE(3003, Kind.RESOURCES),
  TIMED_OUT(3004, Kind.RESOURCES, Retry.YES),
  RESULT_TOO_LARGE(3007, Kind.RESOURCES),
  DISK_FAILED(3005, Kind.RESOURCES),
  SERVER_BUSY(3008, Kind.RESOURCES, Retry.YES),
  /** What is to be read at once is more than copies of it may take of the disk. */
  CACHE_TOO_SMALL(3010, Kind.RESOURCES),

  // 4xxx: the platform itself
  INTERNAL(4001, Kind.INTERNAL, Retry.YES),
  /** Another run was faster; what this one wrote has to be written anew. */
  COMMIT_CONFLICT(4002, Kind.INTERNAL),
  /** Nobody knows whether the work took effect. Never retried blindly: look at the table first. */
  OUTCOME_UNKNOWN(4003, Kind.INTERNAL),
  DATA_CORRUPT(4004, Kind.INTERNAL),
  /** Tables of a run were written while it was being published. */
  STAGE_CHANGED(4005, Kind.INTERNAL, Retry.YES),
  /** Another attempt of the task has taken this one's place: what this one does is dropped. */
  ATTEMPT_OVERTAKEN(4006, Kind.INTERNAL),
  /** The tables were taken elsewhere while something was written where they were. */
  WAREHOUSE_MOVED(4007, Kind.INTERNAL, Retry.YES);

  /** Whose move it is. */
  public enum Kind {
    USER,
    EXTERNAL,
    RESOURCES,
    INTERNAL
  }

  private enum Retry {
    YES,
    NO
  }

  private final int number;
  private final Kind kind;
  private final Retry retry;

  ErrorCode(int number, Kind kind) {
    this(number, kind, Retry.NO);
  }

  ErrorCode(int number, Kind kind, Retry retry) {
    this.number = number;
    this.kind = kind;
    this.retry = retry;
  }

  /** The stable number, for documentation and for programs. */
  public int number() {
    return number;
  }

  public Kind kind() {
    return kind;
  }

  /** Whether trying the same thing again may succeed without anybody changing anything. */
  public boolean retryable() {
    return retry == Retry.YES;
  }

  /**
   * An error with this code, to be thrown.
   *
   * @param message what failed, the actual value, what to do; never a secret or data of a row
   */
  public EcluseException error(String message) {
    return new EcluseException(this, message);
  }

  /** The same, which came of something else. */
  public EcluseException error(String message, Throwable cause) {
    return new EcluseException(this, message, cause);
  }
}
