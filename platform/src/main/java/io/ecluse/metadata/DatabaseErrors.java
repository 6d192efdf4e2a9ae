package io.ecluse.metadata;

import io.ecluse.error.EcluseException;
import io.ecluse.error.ErrorCode;
import java.sql.SQLException;

/** What a person can do about a metadata database that does not let us in. */
final class DatabaseErrors {
  private DatabaseErrors() {}

  /** By SQLSTATE, of appendix A of PostgreSQL's documentation. */
  static EcluseException of(DatabaseSettings settings, SQLException e) {
    String refusal =
        switch (String.valueOf(e.getSQLState())) {
          case "28P01", "28000" -> "wrong password, no such user, or not allowed from this machine";
          case "08004" -> "its server does not accept the login that the driver offers";
          case "3D000" ->
              "there is no such database; an administrator makes it with: CREATE DATABASE %s OWNER %s"
                  .formatted(quoted(database(settings)), quoted(settings.user()));
          case "42501" -> missingRight(settings, e);
          default -> "";
        };
    if (!refusal.isEmpty()) {
      return ErrorCode.DATABASE_REFUSED.error(
          "The metadata database %s refused user %s: %s"
              .formatted(settings.place(), settings.user(), refusal),
          e);
    }
    return ErrorCode.DATABASE_UNREACHABLE.error(
        "The metadata database %s cannot be reached (%s); start it, or correct ECLUSE_DATABASE_URL"
            .formatted(settings.place(), firstLine(e)),
        e);
  }

  private static String missingRight(DatabaseSettings settings, SQLException e) {
    // one SQLSTATE for all rights: only the message tells that it is the schema's, which exists
    // then
    boolean ofSchema = String.valueOf(e.getMessage()).contains("schema " + Metadata.SCHEMA);
    return ofSchema
        ? "the schema %s is another user's; an administrator gives it with: ALTER SCHEMA %s OWNER TO %s"
            .formatted(Metadata.SCHEMA, Metadata.SCHEMA, quoted(settings.user()))
        : "the right is missing; an administrator gives it with: GRANT CONNECT, CREATE ON DATABASE %s TO %s"
            .formatted(quoted(database(settings)), quoted(settings.user()));
  }

  static EcluseException migrationFailed(DatabaseSettings settings, Exception e) {
    for (Throwable cause = e; cause != null; cause = cause.getCause()) {
      String state = cause instanceof SQLException sql ? String.valueOf(sql.getSQLState()) : "";
      if (state.equals("42501") || state.startsWith("08")) {
        return of(settings, (SQLException) cause);
      }
    }
    return ErrorCode.CONFLICT.error(
        "The metadata database %s could not be brought to this version: %s"
            .formatted(settings.place(), firstLine(e)),
        e);
  }

  private static String database(DatabaseSettings settings) {
    return settings.place().replaceFirst("^.*/", "");
  }

  private static String quoted(String name) {
    return "\"" + name.replace("\"", "\"\"") + "\"";
  }

  private static String firstLine(Exception e) {
    return String.valueOf(e.getMessage()).lines().findFirst().orElse("no reason given");
  }
}
