package io.ecluse.source.postgres;

import io.ecluse.error.EcluseException;
import io.ecluse.error.ErrorCode;
import java.sql.SQLException;
import org.postgresql.util.PSQLException;

/** What a PostgreSQL answers, with the remedy. Told apart by SQLSTATE. */
record PostgresErrors(PostgresSourceSettings settings) {
  /** What is so, and what to do about it. */
  record Explanation(String found, String remedy) {}

  EcluseException connecting(SQLException e) {
    Explanation explained = explainConnecting(e);
    PostgresRefusal refusal = PostgresRefusal.of(e);
    return error(
        refusal.isUnreachable() || refusal == PostgresRefusal.OTHER
            ? ErrorCode.SOURCE_UNREACHABLE
            : ErrorCode.SOURCE_REFUSED,
        explained.found() + "; " + explained.remedy(),
        e);
  }

  Explanation explainConnecting(SQLException e) {
    PostgresSourceSettings.Server server = settings.server();
    String at = server.host() + ":" + server.port();
    return switch (PostgresRefusal.of(e)) {
      case UNKNOWN_HOST ->
          new Explanation(
              "the host %s has no address".formatted(server.host()),
              "check connection.host, and that this machine's name server knows it");
      case NOTHING_LISTENS ->
          new Explanation(
              "no PostgreSQL answers at %s: nothing listens on that port".formatted(at),
              "check connection.port and that the server runs, and that its listen_addresses lets others than itself in");
      case NO_ANSWER ->
          new Explanation(
              "no PostgreSQL answers at %s within extract.connect_timeout (%d s)"
                  .formatted(at, server.connectTimeout().toSeconds()),
              "check connection.host and connection.port, and that every firewall on the way lets this machine through");
      case CERTIFICATE ->
          new Explanation(
              "TLS with %s failed under sslmode %s (%s)"
                  .formatted(at, server.sslMode(), message(e)),
              "check that connection.sslrootcert names the file of the authority that signed the server's certificate and, for verify-full, that connection.host is the name in it");
      case REJECTED -> rejected(at);
      case NOT_ADMITTED ->
          new Explanation(
              "the server admits no user %s for database %s from this machine %s"
                  .formatted(
                      server.user(),
                      server.database(),
                      server.sslMode().equals("disable") ? "without TLS" : "(" + message(e) + ")"),
              server.sslMode().equals("disable")
                  ? "set connection.sslmode: require, or add a line for this user to the server's pg_hba.conf"
                  : "add a line for this user and this machine's address to the server's pg_hba.conf, as: hostssl %s %s ADDRESS/32 scram-sha-256, and run there: SELECT pg_reload_conf();"
                      .formatted(server.database(), server.user()));
      case PASSWORD ->
          new Explanation(
              "the server refused user %s for database %s: wrong password or no such user"
                  .formatted(server.user(), server.database()),
              "check connection.user and the secret behind connection.password");
      case MAY_NOT_LOG_IN ->
          new Explanation(
              "user %s may not sign in (%s)".formatted(server.user(), message(e)),
              "run there: " + PostgresGrants.of(settings).role("LOGIN"));
      case NO_DATABASE ->
          new Explanation(
              "the server has no database %s".formatted(server.database()),
              "check connection.database; psql --list, run there, shows those there are");
      case NO_CONNECT_RIGHT ->
          new Explanation(
              "user %s may not connect to database %s".formatted(server.user(), server.database()),
              "run there: " + PostgresGrants.of(settings).connect());
      case NO_SLOT ->
          new Explanation(
              "the server has no connection left for user %s (%s)"
                  .formatted(server.user(), message(e)),
              "lower extract.connections or try later");
      case STARTING ->
          new Explanation(
              "the server takes no connections yet (%s)".formatted(message(e)),
              "wait until it has started; a standby needs hot_standby = on");
      case OTHER ->
          new Explanation(
              "connecting to %s failed (%s)".formatted(at, message(e)),
              "check that a PostgreSQL runs there, and connection.host and connection.port");
    };
  }

  /** The driver tells these two apart in words only; what we asked for tells them apart too. */
  private Explanation rejected(String at) {
    PostgresSourceSettings.Server server = settings.server();
    boolean wantsTls = server.sslMode().matches("require|verify-.*");
    String tls =
        "the server at %s offers no TLS, but sslmode is %s".formatted(at, server.sslMode());
    String tlsRemedy =
        "set ssl = on there, with a certificate, or connection.sslmode: prefer, which sends all in the clear";
    if (server.password().isEmpty()) {
      return new Explanation(
          "the server wants a password for user %s, and none is given%s"
              .formatted(server.user(), wantsTls ? "; or " + tls : ""),
          "add connection.password: ${secret:%s_password} and run: ecluse secret %s_password%s"
              .formatted(settings.name(), settings.name(), wantsTls ? "; or " + tlsRemedy : ""));
    }
    return wantsTls
        ? new Explanation(tls, tlsRemedy)
        : new Explanation(
            "the server at %s signs users in by a method that we do not speak".formatted(at),
            "use scram-sha-256 for user %s in the server's pg_hba.conf".formatted(server.user()));
  }

  EcluseException reading(String what, SQLException e) {
    String state = state(e);
    PostgresGrants grants = PostgresGrants.of(settings);
    return switch (state) {
      case "57014" ->
          error(
              ErrorCode.TIMED_OUT,
              "%s took longer than extract.statement_timeout (%d s) or was cancelled there; raise extract.statement_timeout, or ask who runs the server"
                  .formatted(what, settings.session().statementTimeout().toSeconds()),
              e);
      case "55P03" ->
          error(
              ErrorCode.SOURCE_LOST,
              "%s waited longer than extract.lock_timeout (%d s) for a lock; something changes the table just now: try later, or ask there who holds it: SELECT pid, pg_blocking_pids(pid) FROM pg_stat_activity WHERE wait_event_type = 'Lock';"
                  .formatted(what, settings.session().lockTimeout().toSeconds()),
              e);
      case "42501" ->
          isByPolicy(e)
              ? hidden("tables of " + settings.schema(), e)
              : error(
                  ErrorCode.SOURCE_REFUSED,
                  "user %s lacks a right for %s (%s); run there: %s %s"
                      .formatted(
                          settings.server().user(),
                          what,
                          message(e),
                          grants.usage(),
                          grants.selectAll()),
                  e);
      case "42P01", "42703", "3F000", "XX000" ->
          error(
              ErrorCode.SOURCE_CHANGED,
              "%s failed: %s; the source has changed: ecluse source check %s tells what is there now"
                  .formatted(what, message(e), settings.name()),
              e);
      case "40001", "40P01", "72000" ->
          error(
              ErrorCode.SOURCE_LOST,
              "%s lost its snapshot (%s); on a standby, raise max_standby_streaming_delay or set hot_standby_feedback = on"
                  .formatted(what, message(e)),
              e);
      case "25P03", "25P04", "57P05" ->
          error(
              ErrorCode.SOURCE_LOST,
              "%s was cut by a timeout of the server (%s); run there: %s"
                  .formatted(what, message(e), grants.role("SET " + timeout(state) + " = 0")),
              e);
      default -> isLost(state) ? lost(what, e) : failed(what, e);
    };
  }

  private static boolean isLost(String state) {
    return state.startsWith("08") || state.startsWith("57P") || state.isEmpty();
  }

  /** Whether it was the connection that failed, so that another one may do. */
  static boolean isConnectionLost(EcluseException e) {
    String state = e.getCause() instanceof SQLException sql ? state(sql) : "";
    return (e.code() == ErrorCode.SOURCE_LOST || e.code() == ErrorCode.SOURCE_UNREACHABLE)
        && (state.startsWith("08") || state.startsWith("57P"));
  }

  /** The server would leave out rows; told by its routine, since its texts are translated. */
  private static boolean isByPolicy(SQLException e) {
    return e instanceof PSQLException said
        && said.getServerErrorMessage() != null
        && "check_enable_rls".equals(said.getServerErrorMessage().getRoutine());
  }

  /** Rows that the user would not see, without a word. */
  EcluseException hidden(String tables, SQLException e) {
    return error(
        ErrorCode.SOURCE_REFUSED,
        "row-level policies may hide rows of %s from user %s; run there: %s or, if the rows that they show are those that you want, set extract.row_security: apply"
            .formatted(
                tables, settings.server().user(), PostgresGrants.of(settings).role("BYPASSRLS")),
        e);
  }

  private EcluseException lost(String what, SQLException e) {
    return error(
        ErrorCode.SOURCE_LOST,
        "the connection was lost while %s (%s), and the snapshot with it; nothing of this extract is kept, the next attempt reads everything as of a new moment"
            .formatted(what, message(e)),
        e);
  }

  private EcluseException failed(String what, SQLException e) {
    return error(ErrorCode.SOURCE_LOST, "%s failed: %s".formatted(what, message(e)), e);
  }

  private static String timeout(String state) {
    return switch (state) {
      case "25P03" -> "idle_in_transaction_session_timeout";
      case "25P04" -> "transaction_timeout";
      default -> "idle_session_timeout";
    };
  }

  EcluseException error(ErrorCode code, String text, Throwable cause) {
    return code.error("Source " + settings.name() + ": " + text, cause);
  }

  EcluseException error(ErrorCode code, String text) {
    return code.error("Source " + settings.name() + ": " + text);
  }

  static String state(SQLException e) {
    return e.getSQLState() == null ? "" : e.getSQLState();
  }

  /** The server's first line only: its detail may hold data of a row. */
  static String message(SQLException e) {
    return String.valueOf(e.getMessage()).lines().findFirst().orElse("no message");
  }
}
