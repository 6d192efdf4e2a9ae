package io.ecluse.serve;

import io.ecluse.error.DatabaseLost;
import io.ecluse.error.DiskFull;
import io.ecluse.error.EcluseException;
import io.ecluse.error.ErrorCode;
import java.util.Optional;
import org.apache.iceberg.exceptions.AlreadyExistsException;
import org.apache.iceberg.exceptions.BadRequestException;
import org.apache.iceberg.exceptions.CommitFailedException;
import org.apache.iceberg.exceptions.ForbiddenException;
import org.apache.iceberg.exceptions.NamespaceNotEmptyException;
import org.apache.iceberg.exceptions.NoSuchNamespaceException;
import org.apache.iceberg.exceptions.NoSuchTableException;
import org.apache.iceberg.exceptions.NoSuchViewException;
import org.apache.iceberg.exceptions.NotFoundException;
import org.apache.iceberg.exceptions.UnprocessableEntityException;
import org.apache.iceberg.exceptions.ValidationException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What goes wrong, in the words of Iceberg's protocol: by them a client knows what to do. */
final class Failures {
  private static final Logger LOG = LoggerFactory.getLogger(Failures.class);

  private Failures() {}

  static Answer of(RuntimeException e) {
    Optional<EcluseException> lost = DatabaseLost.in(e).or(() -> DiskFull.in(e));
    if (lost.isPresent()) {
      return of(lost.get());
    }
    if (e instanceof EcluseException known) {
      return of(known);
    }
    int status = status(e);
    if (status == 500) {
      LOG.error("A request of an engine of others failed unexpectedly", e);
      return Wire.error(
          500, "InternalError", "Something unexpected failed; the server's log says more");
    }
    return Wire.error(status, e.getClass().getSimpleName(), String.valueOf(e.getMessage()));
  }

  private static int status(RuntimeException e) {
    if (e instanceof NoSuchTableException
        || e instanceof NoSuchViewException
        || e instanceof NoSuchNamespaceException
        || e instanceof NotFoundException) {
      return 404;
    }
    if (e instanceof AlreadyExistsException
        || e instanceof NamespaceNotEmptyException
        || e instanceof CommitFailedException) {
      return 409;
    }
    if (e instanceof ForbiddenException) {
      return 403;
    }
    if (e instanceof UnsupportedOperationException) {
      return 406;
    }
    if (e instanceof UnprocessableEntityException) {
      return 422;
    }
    return e instanceof ValidationException
            || e instanceof BadRequestException
            || e instanceof IllegalArgumentException
        ? 400
        : 500;
  }

  private static Answer of(EcluseException e) {
    if (e.code().kind() == ErrorCode.Kind.INTERNAL && e.code() != ErrorCode.ATTEMPT_OVERTAKEN) {
      LOG.error("A request of an engine of others failed", e);
    }
    return Wire.error(status(e.code()), type(e.code()), String.valueOf(e.getMessage()));
  }

  /** A refusal that another try cannot change is no conflict: clients repeat those. */
  private static int status(ErrorCode code) {
    return switch (code.kind()) {
      case USER ->
          switch (code) {
            case UNAUTHENTICATED -> 401;
            case FORBIDDEN, CONFLICT -> 403;
            case NOT_FOUND -> 404;
            default -> 400;
          };
      case EXTERNAL -> code == ErrorCode.DATABASE_UNREACHABLE ? 503 : 502;
      case RESOURCES -> code == ErrorCode.SERVER_BUSY ? 503 : 500;
      case INTERNAL ->
          switch (code) {
            case ATTEMPT_OVERTAKEN -> 403;
            case STAGE_CHANGED -> 409;
            default -> 500;
          };
    };
  }

  private static String type(ErrorCode code) {
    return switch (status(code)) {
      case 400 -> "BadRequestException";
      case 401 -> "NotAuthorizedException";
      case 403 -> "ForbiddenException";
      case 404 -> "NotFoundException";
      case 409 -> "CommitFailedException";
      case 503 -> "ServiceUnavailableException";
      default -> "ServiceFailureException";
    };
  }
}
