package io.ecluse.source.postgres;

import io.ecluse.error.EcluseException;
import io.ecluse.source.Finding;
import io.ecluse.source.FindingListener;
import io.ecluse.source.SourceInspection.WantedStream;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.UnknownHostException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;

/**
 * Tries what an extract needs, from the name server to the last right.
 *
 * @param settings as an extract would have them
 * @param brief with short timeouts, for what is asked here
 */
record PostgresCheck(
    PostgresSourceSettings settings,
    PostgresSourceSettings brief,
    Duration old,
    List<WantedStream> wanted,
    FindingListener found) {
  private static final int PAGE_RANGES_SINCE = 140_000;
  private static final int OLDEST = 100_000;

  private PostgresErrors errors() {
    return new PostgresErrors(brief);
  }

  void run() {
    if (!resolves() || !answers()) {
      return;
    }
    PostgresConnections connections = new PostgresConnections(brief, errors());
    try (Connection connection = connections.open()) {
      signedIn(connection);
      Finding version =
          version(Integer.parseInt(PostgresCatalog.text(connection, "SHOW server_version_num")));
      found.accept(version);
      if (version.state() == Finding.State.PROBLEM) {
        return;
      }
      new PostgresRights(connection, settings, wanted, found).run();
      new PostgresLimits(connection, settings, old, found).run();
      snapshot(connection, connections);
    } catch (SQLException e) {
      EcluseException said = errors().reading("checking", e);
      found.problem("connection", String.valueOf(said.getMessage()));
    } catch (EcluseException e) {
      if (!(e.getCause() instanceof SQLException cause)) {
        throw e;
      }
      found.accept(refused(cause));
    }
  }

  private boolean resolves() {
    String host = settings.server().host();
    try {
      InetAddress[] addresses = InetAddress.getAllByName(host);
      String at = addresses[0].getHostAddress();
      found.ok("name", host.equals(at) ? host + " is an address" : host + " is " + at);
      return true;
    } catch (UnknownHostException e) {
      found.unreachable(
          "name",
          "the host %s has no address".formatted(host),
          "check connection.host, and that this machine's name server knows it");
      return false;
    }
  }

  private boolean answers() {
    PostgresSourceSettings.Server server = settings.server();
    String at = server.host() + ":" + server.port();
    try (Socket socket = new Socket()) {
      socket.connect(
          new InetSocketAddress(server.host(), server.port()),
          Math.toIntExact(server.connectTimeout().toMillis()));
      found.ok("port", at + " answers");
      return true;
    } catch (ConnectException e) {
      found.unreachable(
          "port",
          "nothing listens at " + at,
          "check connection.port, and that the server runs",
          "let the server listen to others than itself: listen_addresses = '*' in its postgresql.conf, then restart it");
    } catch (IOException e) {
      found.unreachable(
          "port",
          "%s does not answer within extract.connect_timeout (%d s)"
              .formatted(at, server.connectTimeout().toSeconds()),
          "check connection.host, and that every firewall on the way lets this machine through to port "
              + server.port());
    }
    return false;
  }

  private Finding refused(SQLException e) {
    PostgresErrors.Explanation explained = errors().explainConnecting(e);
    PostgresRefusal refusal = PostgresRefusal.of(e);
    String check =
        switch (refusal) {
          case UNKNOWN_HOST -> "name";
          case NOTHING_LISTENS, NO_ANSWER, STARTING, OTHER -> "port";
          case CERTIFICATE -> "tls";
          case REJECTED -> settings.server().password().isEmpty() ? "password" : "tls";
          case NOT_ADMITTED, PASSWORD, MAY_NOT_LOG_IN -> "password";
          case NO_DATABASE, NO_CONNECT_RIGHT -> "database";
          case NO_SLOT -> "slots";
        };
    Finding.State state =
        refusal.isUnreachable() || refusal == PostgresRefusal.OTHER
            ? Finding.State.UNREACHABLE
            : Finding.State.PROBLEM;
    return new Finding(check, state, explained.found(), List.of(explained.remedy()));
  }

  private void signedIn(Connection connection) throws SQLException {
    PostgresSourceSettings.Server server = settings.server();
    boolean verified = server.sslMode().startsWith("verify-");
    try (Statement statement = connection.createStatement();
        ResultSet row =
            statement.executeQuery(
                "SELECT ssl, version, inet_client_addr() <<= '127.0.0.0/8' OR inet_client_addr() = '::1' FROM pg_stat_ssl WHERE pid = pg_backend_pid()")) {
      row.next();
      if (row.getBoolean(1)) {
        found.ok(
            "tls",
            "%s, sslmode %s%s"
                .formatted(
                    row.getString(2),
                    server.sslMode(),
                    verified
                        ? ": the server's certificate is verified"
                        : "; verify-full with sslrootcert also proves who answers"));
      } else if (row.getBoolean(3)) {
        found.ok("tls", "none, on this machine alone");
      } else {
        found.note(
            "tls",
            "none: password and data travel in the clear",
            "set ssl = on there, with a certificate, and connection.sslmode: require here");
      }
    }
    found.ok("password", "user %s signs in".formatted(server.user()));
    found.ok("database", "user may connect to " + server.database());
  }

  /** What a version means for an extract. */
  static Finding version(int number) {
    String version =
        number >= OLDEST
            ? (number / 10_000) + "." + (number % 10_000)
            : (number / 10_000) + "." + (number / 100 % 100);
    if (number < OLDEST) {
      return Finding.problem(
          "version", "PostgreSQL %s is too old".formatted(version), "use PostgreSQL 10 or later");
    }
    return readsPageRanges(number)
        ? Finding.ok("version", "PostgreSQL %s reads page ranges".formatted(version))
        : Finding.note(
            "version",
            "PostgreSQL %s cannot read a range of pages alone: a table over 128 MiB is scanned whole once for each 128 MiB of it"
                .formatted(version),
            "upgrade to PostgreSQL 14 or later, or extract from a replica and in a quiet hour");
  }

  /** Whether a server of this version reads a range of pages without scanning all others. */
  static boolean readsPageRanges(int number) {
    return number >= PAGE_RANGES_SINCE;
  }

  private void snapshot(Connection connection, PostgresConnections connections)
      throws SQLException {
    String snapshot;
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("SELECT pg_export_snapshot()")) {
      row.next();
      snapshot = row.getString(1);
    }
    try (Connection second = connections.open(snapshot)) {
      found.ok("snapshot", "one connection exports a snapshot, another reads in it");
    } catch (EcluseException e) {
      boolean full =
          e.getCause() instanceof SQLException cause
              && PostgresRefusal.of(cause) == PostgresRefusal.NO_SLOT;
      found.problem(
          "snapshot",
          "a second connection cannot read in the snapshot of the first: " + e.getMessage(),
          full ? "see slots above" : "connect to PostgreSQL itself, not to a pooler before it");
    }
    connection.rollback();
  }
}
