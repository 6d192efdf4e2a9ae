package io.ecluse.web;

import io.ecluse.error.DatabaseLost;
import io.ecluse.error.DiskFull;
import io.ecluse.error.EcluseException;
import io.ecluse.error.ErrorCode;
import java.io.IOException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.task.TaskRejectedException;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.http.converter.HttpMessageNotReadableException;
import org.springframework.http.converter.HttpMessageNotWritableException;
import org.springframework.web.HttpMediaTypeNotSupportedException;
import org.springframework.web.HttpRequestMethodNotSupportedException;
import org.springframework.web.bind.MissingServletRequestParameterException;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;
import org.springframework.web.context.request.async.AsyncRequestNotUsableException;
import org.springframework.web.context.request.async.AsyncRequestTimeoutException;
import org.springframework.web.method.annotation.MethodArgumentTypeMismatchException;
import org.springframework.web.servlet.resource.NoResourceFoundException;
import tools.jackson.core.exc.JacksonIOException;

/** Turns what goes wrong into answers that say what to do. */
@RestControllerAdvice
final class ErrorAdvice {
  private static final int SHOWN = 100;
  private static final Logger LOG = LoggerFactory.getLogger(ErrorAdvice.class);

  @ExceptionHandler
  ResponseEntity<ErrorBody> known(EcluseException e) {
    if (e.code().kind() == ErrorCode.Kind.INTERNAL) {
      LOG.error("A request failed", e);
    }
    return ResponseEntity.status(ErrorBody.status(e.code()))
        .contentType(MediaType.APPLICATION_JSON) // whatever was asked for
        .body(ErrorBody.of(e));
  }

  @ExceptionHandler
  ResponseEntity<ErrorBody> unreadable(HttpMessageNotReadableException e) {
    return wrong(
        "The request's body is not the JSON that is wanted here; see /api/v1/openapi.json");
  }

  @ExceptionHandler
  ResponseEntity<ErrorBody> mistyped(MethodArgumentTypeMismatchException e) {
    return wrong("Parameter %s cannot be '%s'".formatted(e.getName(), shown(e.getValue())));
  }

  /** What was sent, but no more of it than a person reads, on one line. */
  private static String shown(@Nullable Object value) {
    String text = String.valueOf(value).replaceAll("\\p{Cntrl}", " ");
    return text.length() <= SHOWN ? text : text.substring(0, SHOWN) + "…";
  }

  @ExceptionHandler
  ResponseEntity<ErrorBody> missing(MissingServletRequestParameterException e) {
    return wrong("Parameter %s is missing".formatted(e.getParameterName()));
  }

  @ExceptionHandler({
    HttpRequestMethodNotSupportedException.class,
    HttpMediaTypeNotSupportedException.class
  })
  ResponseEntity<ErrorBody> unsupported(Exception e) {
    return wrong(shown(e.getMessage()));
  }

  @ExceptionHandler
  ResponseEntity<ErrorBody> nowhere(NoResourceFoundException e) {
    return known(ErrorCode.NOT_FOUND.error("There is nothing at /" + shown(e.getResourcePath())));
  }

  /** Whoever asked has gone, or the server is stopping; nobody is left to answer. */
  @ExceptionHandler({AsyncRequestNotUsableException.class, AsyncRequestTimeoutException.class})
  void gone(Exception e) {
    LOG.debug("A client has gone", e);
  }

  @ExceptionHandler
  ResponseEntity<ErrorBody> busy(TaskRejectedException e) {
    return known(
        ErrorCode.SERVER_BUSY.error("Too many answers are being sent at once; try again later"));
  }

  @ExceptionHandler
  ResponseEntity<ErrorBody> unexpected(RuntimeException e) {
    Optional<EcluseException> lost = DatabaseLost.in(e).or(() -> DiskFull.in(e));
    if (lost.isPresent()) {
      return known(lost.get());
    }
    LOG.error("A request failed unexpectedly", e);
    return known(
        ErrorCode.INTERNAL.error("Something unexpected failed; the server's log says more"));
  }

  @ExceptionHandler({IOException.class, JacksonIOException.class})
  void cut(Exception e) {
    LOG.debug("A client has gone", e);
  }

  /** An answer that could not be sent; nobody is left to be told, unless it was none at all. */
  @ExceptionHandler
  void unsent(HttpMessageNotWritableException e) {
    for (Throwable cause = e; cause != null; cause = cause.getCause()) {
      if (cause instanceof IOException) {
        LOG.debug("A client has gone, or takes its answer too slowly", e);
        return;
      }
    }
    throw e;
  }

  private ResponseEntity<ErrorBody> wrong(String message) {
    return known(ErrorCode.INVALID_USAGE.error(message));
  }
}
