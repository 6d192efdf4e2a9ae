package io.ecluse.error;

import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The one exception of the platform. Its message is for a person: what failed, the actual value,
 * what is allowed or what to do next. It never holds a secret; row data only where the person who
 * sees it asked for these rows, so it is never logged with {@link ErrorCode.Kind#USER} kinds.
 */
public final class EcluseException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final ErrorCode code;
  private final @Nullable Position position;
  private final @Nullable String field;

  /** A place in a text that a person wrote, both counted from 1. */
  public record Position(int line, int column) implements java.io.Serializable {}

  public EcluseException(ErrorCode code, String message) {
    super(message);
    this.code = code;
    this.position = null;
    this.field = null;
  }

  public EcluseException(ErrorCode code, String message, Throwable cause) {
    super(message, cause);
    this.code = code;
    this.position = null;
    this.field = null;
  }

  public EcluseException(ErrorCode code, String message, Position position) {
    super(message);
    this.code = code;
    this.position = position;
    this.field = null;
  }

  /**
   * @param field which of several values that were handed in is wrong, by its name
   */
  public EcluseException(ErrorCode code, String message, String field) {
    super(message);
    this.code = code;
    this.position = null;
    this.field = field;
  }

  /** There is one, always. */
  @Override
  public String getMessage() {
    return Objects.requireNonNull(super.getMessage());
  }

  public ErrorCode code() {
    return code;
  }

  /** Where in the text that was handed in, for errors of a text. */
  public Optional<Position> position() {
    return Optional.ofNullable(position);
  }

  /** Which of several values that were handed in is wrong, if the error is of one. */
  public Optional<String> field() {
    return Optional.ofNullable(field);
  }
}
