package io.ecluse.web;

import io.ecluse.error.ErrorCode;
import java.io.IOException;
import org.apache.catalina.connector.ClientAbortException;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.valves.ErrorReportValve;
import org.apache.coyote.ActionCode;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers what never comes as far as the application, as a request that is no HTTP, like all else
 * that fails. Public because the container makes it, by its name.
 */
public final class JsonErrorValve extends ErrorReportValve {
  private static final Logger LOG = LoggerFactory.getLogger(JsonErrorValve.class);

  @Override
  protected void report(Request request, Response response, Throwable cause) {
    int status = response.getStatus();
    if (status < 400 || response.getContentWritten() > 0 || !response.setErrorReported()) {
      return;
    }
    if (cause != null && status >= 500 && !(cause instanceof ClientAbortException)) {
      LOG.error("A request failed unexpectedly", cause);
    }
    var allowed = new java.util.concurrent.atomic.AtomicBoolean();
    response.getCoyoteResponse().action(ActionCode.IS_IO_ALLOWED, allowed);
    if (!allowed.get()) {
      return;
    }
    try {
      AccessFilter.refuse(response, code(status), message(status));
      response.setStatus(status);
      response.finishResponse();
    } catch (IOException | IllegalStateException e) {
      LOG.debug("A client has gone", e);
    }
  }

  private static ErrorCode code(int status) {
    return switch (status) {
      case 401 -> ErrorCode.UNAUTHENTICATED;
      case 403 -> ErrorCode.FORBIDDEN;
      case 404 -> ErrorCode.NOT_FOUND;
      case 408 -> ErrorCode.BODY_TOO_SLOW;
      case 413 -> ErrorCode.BODY_TOO_LARGE;
      case 503 -> ErrorCode.SERVER_BUSY;
      default -> status < 500 ? ErrorCode.INVALID_USAGE : ErrorCode.INTERNAL;
    };
  }

  private static String message(int status) {
    return status < 500
        ? "The request cannot be answered (HTTP status %d); see /api/v1/openapi.json"
            .formatted(status)
        : "Something unexpected failed; the server's log says more";
  }
}
