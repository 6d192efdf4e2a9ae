package io.ecluse.source.jdbc;

import io.ecluse.error.EcluseException;
import io.ecluse.error.ErrorCode;
import io.ecluse.staging.StagedColumn;
import java.sql.Connection;
import java.sql.SQLDataException;
import java.sql.SQLException;
import java.sql.SQLTimeoutException;
import java.sql.SQLTransactionRollbackException;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** What a driver says, with the remedy. Told apart by SQLSTATE, as far as drivers keep to it. */
record JdbcErrors(JdbcSettings settings, Dialect dialect) {
  private static final String ACCESS_DENIED = "28";
  private static final String CONNECTION = "08";
  private static final String SYNTAX_OR_ACCESS = "42";
  private static final String ROLLED_BACK = "40";
  private static final int STATE = 5;

  /** PostgreSQL's, and that of H2 and others. */
  private static final Set<String> LOCK_STATES = Set.of("55P03", "HYT00");

  /** Of MariaDB, MySQL and SQL Server, which have no state for it. */
  private static final Set<Integer> LOCK_ERRORS = Set.of(1205, 1222);

  /** Classes of SQLSTATE: connections, rights, names, resources, what is going on. */
  private static final Set<String> OF_NAMES =
      Set.of(
          "08", "0A", "25", "28", "3D", "3F", "42", "53", "54", "55", "57", "58", "70", "72", "90",
          "HY");

  EcluseException connecting(SQLException e) {
    if (state(e).startsWith(ACCESS_DENIED)) {
      return error(
          ErrorCode.SOURCE_REFUSED,
          "the %s refused user %s: wrong password or no such user; check connection.user and the secret behind connection.password"
              .formatted(dialect.product(), settings.user()),
          e);
    } else if (state(e).startsWith(SYNTAX_OR_ACCESS)) {
      return error(
          ErrorCode.SOURCE_REFUSED,
          "the %s refused the connection (%s); does what %s name exist, and may user %s use it?"
              .formatted(dialect.product(), message(e), dialect.where(settings), settings.user()),
          e);
    }
    return error(
        ErrorCode.SOURCE_UNREACHABLE,
        "no %s answers (%s); is it running, and is what %s say right?"
            .formatted(dialect.product(), message(e), dialect.where(settings)),
        e);
  }

  EcluseException reading(String what, SQLException e) {
    String state = state(e);
    if (isTimeout(e)) {
      return error(
          ErrorCode.TIMED_OUT,
          "%s took longer than extract.statement_timeout (%d s) or was cancelled there; raise extract.statement_timeout, or ask who runs the database"
              .formatted(what, settings.statementTimeout().toSeconds()),
          e);
    } else if (state.startsWith("22") || e instanceof SQLDataException) {
      return error(
          ErrorCode.DATA_INVALID,
          "%s failed: a value there cannot be computed (SQLSTATE %s)".formatted(what, state),
          e);
    } else if (isLocked(e)) {
      return error(
          ErrorCode.SOURCE_LOST,
          "%s waited too long for a lock, or gave way to who held it (error %d, SQLSTATE %s); something changes the table just now: try later, or find out what: %s"
              .formatted(what, e.getErrorCode(), state, dialect.whoLocks()),
          e);
    } else if (state.equals("42501") || message(e).toLowerCase(Locale.ROOT).contains("denied")) {
      return error(
          ErrorCode.SOURCE_REFUSED,
          "user %s lacks a right for %s (%s); grant it SELECT there"
              .formatted(settings.user(), what, message(e)),
          e);
    } else if (state.startsWith(SYNTAX_OR_ACCESS)) {
      return error(ErrorCode.SOURCE_CHANGED, "%s failed: %s".formatted(what, message(e)), e);
    }
    return error(
        ErrorCode.SOURCE_LOST,
        "%s failed%s: %s; nothing of this extract is kept"
            .formatted(
                what, state.startsWith(CONNECTION) ? ", the connection was lost" : "", reason(e)),
        e);
  }

  /** A connection that was lost where the driver spoke of a value. */
  EcluseException cut(EcluseException e) {
    return ErrorCode.SOURCE_LOST.error(
        "Source %s: the connection was lost in the middle of a row; nothing of this extract is kept"
            .formatted(settings.name()),
        e);
  }

  /** Whether it tells nothing of a right on what was asked for. */
  boolean isNoRefusal(SQLException e, Connection connection) {
    return isTimeout(e) || isLocked(e) || !JdbcConnections.isAlive(connection);
  }

  private static boolean isTimeout(SQLException e) {
    return e instanceof SQLTimeoutException || state(e).equals("57014") || state(e).equals("70100");
  }

  private static boolean isLocked(SQLException e) {
    return e instanceof SQLTransactionRollbackException
        || state(e).startsWith(ROLLED_BACK)
        || LOCK_STATES.contains(state(e))
        || LOCK_ERRORS.contains(e.getErrorCode());
  }

  /** The database's words where they are of names only; elsewhere they may quote a value. */
  private String reason(SQLException e) {
    String state = state(e);
    return state.length() == STATE && OF_NAMES.contains(state.substring(0, 2))
        ? message(e)
        : "error %d, SQLSTATE %s".formatted(e.getErrorCode(), state.isEmpty() ? "unknown" : state);
  }

  /** A value that does not fit; what it is stays unsaid. */
  EcluseException value(String table, StagedColumn column) {
    return ErrorCode.DATA_INVALID.error(
        "%s.%s holds a value that cannot be read as %s (it is %s there)"
            .formatted(table, column.column().name(), column.column().type(), column.sourceType()));
  }

  /**
   * The same, in the driver's words.
   *
   * @throws EcluseException when it speaks of the connection
   */
  EcluseException value(String table, StagedColumn column, SQLException e) {
    if (state(e).startsWith(CONNECTION)) {
      throw reading("reading table " + table, e);
    }
    return value(table, column);
  }

  /** The driver's exception stays behind: its text may hold the password, or data of a row. */
  EcluseException error(ErrorCode code, String text, SQLException cause) {
    return new EcluseException(
        code,
        "Source " + settings.name() + ": " + text,
        new SQLException(cause.getClass().getSimpleName(), state(cause), cause.getErrorCode()));
  }

  EcluseException error(ErrorCode code, String text) {
    return code.error("Source " + settings.name() + ": " + text);
  }

  private static String state(SQLException e) {
    return Optional.ofNullable(e.getSQLState()).orElse("");
  }

  private String message(SQLException e) {
    return settings.withoutSecret(
        String.valueOf(e.getMessage()).lines().findFirst().orElse("no message"));
  }
}
