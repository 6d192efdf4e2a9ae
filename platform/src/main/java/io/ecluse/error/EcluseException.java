package io.ecluse.error;

/**
 * The one exception of the platform. Its message is for a person: what failed, the actual value, what
 * is allowed or what to do next. It never holds a secret nor data of a row.
 */
public final class EcluseException extends RuntimeException {
  private final ErrorCode code;

  public EcluseException(ErrorCode code, String message) {
    super(message);
    this.code = code;
  }

  public EcluseException(ErrorCode code, String message, Throwable cause) {
    super(message, cause);
    this.code = code;
  }

  public ErrorCode code() {
    return code;
  }
}
