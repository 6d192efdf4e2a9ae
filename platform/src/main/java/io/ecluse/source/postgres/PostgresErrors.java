package io.ecluse.source.postgres;

import io.ecluse.error.EcluseException;
import io.ecluse.error.ErrorCode;
import java.sql.SQLException;

/** What a PostgreSQL answers, with the remedy. Told apart by SQLSTATE. */
final class PostgresErrors {
  private final PostgresSourceSettings settings;

  PostgresErrors(PostgresSourceSettings settings) {
    this.settings = settings;
  }

  EcluseException connecting(SQLException e) {
    String state = state(e);
    PostgresSourceSettings.Server server = settings.server();
    return switch (state) {
      case "28P01", "28000" ->
          error(
              ErrorCode.SOURCE_REFUSED,
              "the server refused user %s for database %s: wrong password or no such user; check connection.user and the secret behind connection.password"
                  .formatted(server.user(), server.database()),
              e);
      case "3D000" ->
          error(
              ErrorCode.SOURCE_REFUSED,
              "the server has no database %s; check connection.database"
                  .formatted(server.database()),
              e);
      case "42501" ->
          error(
              ErrorCode.SOURCE_REFUSED,
              "user %s may not connect; run there: GRANT CONNECT ON DATABASE %s TO %s"
                  .formatted(server.user(), server.database(), server.user()),
              e);
      case "53300" ->
          error(
              ErrorCode.SOURCE_UNREACHABLE,
              "the server has no connection left; lower extract.connections or try later",
              e);
      case "57P03" -> error(ErrorCode.SOURCE_UNREACHABLE, "the server is still starting", e);
      default ->
          error(
              ErrorCode.SOURCE_UNREACHABLE,
              "no PostgreSQL answers at %s:%d (%s); is it running, and are connection.host and connection.port right?"
                  .formatted(server.host(), server.port(), message(e)),
              e);
    };
  }

  EcluseException reading(String what, SQLException e) {
    String state = state(e);
    if (state.startsWith("08") || state.startsWith("57P") || state.isEmpty()) {
      return error(
          ErrorCode.SOURCE_LOST,
          "the connection was lost while %s (%s); nothing of this extract is kept"
              .formatted(what, message(e)),
          e);
    }
    return switch (state) {
      case "57014" ->
          error(
              ErrorCode.TIMED_OUT,
              "%s took longer than extract.statement_timeout (%d s) or was cancelled there"
                  .formatted(what, settings.statementTimeout().toSeconds()),
              e);
      case "55P03" ->
          error(
              ErrorCode.SOURCE_LOST,
              "%s waited longer than extract.lock_timeout (%d s) for a lock; something changes the table just now"
                  .formatted(what, settings.lockTimeout().toSeconds()),
              e);
      case "42501" ->
          error(
              ErrorCode.SOURCE_REFUSED,
              "user %s lacks a right for %s (%s); run there: GRANT SELECT ON ALL TABLES IN SCHEMA %s TO %s"
                  .formatted(
                      settings.server().user(),
                      what,
                      message(e),
                      settings.schema(),
                      settings.server().user()),
              e);
      case "42P01", "42703", "XX000" ->
          error(ErrorCode.SOURCE_CHANGED, "%s failed: %s".formatted(what, message(e)), e);
      case "40001", "72000" ->
          error(
              ErrorCode.SOURCE_LOST,
              "%s lost its snapshot (%s); on a standby, raise max_standby_streaming_delay"
                  .formatted(what, message(e)),
              e);
      default -> error(ErrorCode.SOURCE_LOST, "%s failed: %s".formatted(what, message(e)), e);
    };
  }

  EcluseException error(ErrorCode code, String text, Throwable cause) {
    return new EcluseException(code, "Source " + settings.name() + ": " + text, cause);
  }

  private static String state(SQLException e) {
    return e.getSQLState() == null ? "" : e.getSQLState();
  }

  /** The server's first line only: its detail may hold data of a row. */
  private static String message(SQLException e) {
    return String.valueOf(e.getMessage()).lines().findFirst().orElse("no message");
  }
}
