package io.ecluse.source.postgres;

import java.io.FileNotFoundException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.security.GeneralSecurityException;
import java.sql.SQLException;
import java.util.Optional;
import javax.net.ssl.SSLException;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;

/**
 * Why no connection came to be. Told apart by the driver's causes, SQLSTATE and, where PostgreSQL
 * gives one SQLSTATE to several reasons, by the routine of its source that spoke; never by the
 * message, which comes in the server's language.
 */
enum PostgresRefusal {
  UNKNOWN_HOST,
  NOTHING_LISTENS,
  NO_ANSWER,
  /** The server's certificate, or the file with those to trust, is not right. */
  CERTIFICATE,
  /** The server speaks no TLS, or wants a password and there is none. */
  REJECTED,
  /** No line of pg_hba.conf admits us. */
  NOT_ADMITTED,
  PASSWORD,
  MAY_NOT_LOG_IN,
  NO_DATABASE,
  NO_CONNECT_RIGHT,
  NO_SLOT,
  STARTING,
  OTHER;

  static PostgresRefusal of(SQLException e) {
    Optional<ServerErrorMessage> said =
        e instanceof PSQLException p
            ? Optional.ofNullable(p.getServerErrorMessage())
            : Optional.empty();
    return said.map(m -> ofServer(String.valueOf(m.getSQLState()), String.valueOf(m.getRoutine())))
        .orElseGet(() -> ofDriver(e));
  }

  private static PostgresRefusal ofServer(String state, String routine) {
    return switch (state) {
      case "28P01" -> PASSWORD;
      case "28000" -> routine.equals("ClientAuthentication") ? NOT_ADMITTED : MAY_NOT_LOG_IN;
      case "3D000" -> NO_DATABASE;
      case "42501" -> NO_CONNECT_RIGHT;
      case "53300" -> NO_SLOT;
      case "57P03" -> STARTING;
      default -> OTHER;
    };
  }

  private static PostgresRefusal ofDriver(SQLException e) {
    for (Throwable cause = e.getCause(); cause != null; cause = cause.getCause()) {
      if (cause instanceof UnknownHostException) {
        return UNKNOWN_HOST;
      } else if (cause instanceof ConnectException) {
        return NOTHING_LISTENS;
      } else if (cause instanceof SocketTimeoutException
          || cause instanceof NoRouteToHostException) {
        return NO_ANSWER;
      } else if (cause instanceof SSLException
          || cause instanceof GeneralSecurityException
          || cause instanceof FileNotFoundException) {
        return CERTIFICATE;
      }
    }
    return switch (String.valueOf(e.getSQLState())) {
      case "08001" -> NO_ANSWER;
      case "08004" -> REJECTED;
      // a host name that is not the certificate's comes without a cause, a broken connection with
      // one
      case "08006" -> e.getCause() == null ? CERTIFICATE : OTHER;
      default -> OTHER;
    };
  }

  /** Whether nothing at all was heard of the server. */
  boolean isUnreachable() {
    return switch (this) {
      case UNKNOWN_HOST, NOTHING_LISTENS, NO_ANSWER, NO_SLOT, STARTING -> true;
      case CERTIFICATE,
          REJECTED,
          NOT_ADMITTED,
          PASSWORD,
          MAY_NOT_LOG_IN,
          NO_DATABASE,
          NO_CONNECT_RIGHT,
          OTHER ->
          false;
    };
  }
}
