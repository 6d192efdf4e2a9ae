package io.ecluse.web;

import io.ecluse.error.EcluseException;
import io.ecluse.error.ErrorCode;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;

/** The body of every answer that is not a success. */
record ErrorBody(Error error) {
  record Error(
      String code,
      int number,
      String message,
      @Nullable Integer line,
      @Nullable Integer column,
      @Nullable String field,
      @Nullable String hint) {}

  static ErrorBody of(EcluseException e) {
    return new ErrorBody(error(e));
  }

  static Error error(EcluseException e) {
    return new Error(
        e.code().name(),
        e.code().number(),
        String.valueOf(e.getMessage()),
        e.position().map(EcluseException.Position::line).orElse(null),
        e.position().map(EcluseException.Position::column).orElse(null),
        e.field().orElse(null),
        null);
  }

  /** The one place where codes become HTTP statuses. */
  static HttpStatus status(ErrorCode code) {
    return switch (code.kind()) {
      case USER ->
          switch (code) {
            case NOT_FOUND -> HttpStatus.NOT_FOUND;
            case CONFLICT, ALREADY_EXISTS, WAREHOUSE_MISMATCH -> HttpStatus.CONFLICT;
            case UNAUTHENTICATED -> HttpStatus.UNAUTHORIZED;
            case FORBIDDEN -> HttpStatus.FORBIDDEN;
            case RESULT_EXPIRED -> HttpStatus.GONE;
            case TOO_MANY_REQUESTS -> HttpStatus.TOO_MANY_REQUESTS;
            case BODY_TOO_LARGE -> HttpStatus.CONTENT_TOO_LARGE;
            case BODY_TOO_SLOW -> HttpStatus.REQUEST_TIMEOUT;
            default -> HttpStatus.BAD_REQUEST;
          };
      case EXTERNAL ->
          code == ErrorCode.DATABASE_UNREACHABLE
              ? HttpStatus.SERVICE_UNAVAILABLE // our own: the same request works when it is back
              : HttpStatus.BAD_GATEWAY;
      case RESOURCES -> HttpStatus.SERVICE_UNAVAILABLE;
      case INTERNAL -> HttpStatus.INTERNAL_SERVER_ERROR;
    };
  }
}
