package io.ecluse.postgres;

import io.ecluse.error.ErrorCode;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A server that runs for an upgrade alone, on a port that nobody else knows, watched by a guardian
 * as any other. When it is closed it has written everything down.
 */
record UpgradeServer(ServerFiles files, Path data, Postmaster server) implements AutoCloseable {
  private static final long HELD_MILLIS = 30_000;
  private static final long STOP_MILLIS = 300_000;

  /**
   * @param binaries of the version that made the data
   */
  static UpgradeServer start(
      ServerFiles files, Launch launch, Path binaries, Path data, Map<String, String> options) {
    launch.own(data);
    long end = System.nanoTime() + HELD_MILLIS * 1_000_000;
    while (true) {
      int port = Ports.choose(new SecureRandom());
      long before = files.prepareLog();
      Process guardian =
          new Guardian(files)
              .start(
                  Postmaster.mistakenPid(data),
                  launch.command(ServerOptions.command(binaries, data, port, options)));
      Optional<Postmaster> server = ServerStart.awaitStarted(files, data, guardian, port, before);
      if (server.isPresent()) {
        return new UpgradeServer(files, data, server.get());
      }
      if (System.nanoTime() > end) { // the one before may be ending still
        throw ErrorCode.CONFLICT.error(
            "Another PostgreSQL works on %s, but not in this container; stop the Écluse that uses the folder there"
                .formatted(files.folder()));
      }
      ServerFiles.pause(50);
    }
  }

  String jdbcUrl(String database) {
    return "jdbc:postgresql://127.0.0.1:" + server.port() + "/" + database;
  }

  Login superuser() {
    return new Login(PostgresServer.USER, files.password());
  }

  /** The caller closes it. */
  Connection connect(String database) throws SQLException {
    return DriverManager.getConnection(jdbcUrl(database), PostgresServer.USER, files.password());
  }

  /** The databases that somebody has made. */
  List<String> databases() throws SQLException {
    List<String> names = new ArrayList<>();
    try (Connection connection = connect("postgres");
        Statement statement = connection.createStatement();
        ResultSet rows =
            statement.executeQuery(
                "SELECT datname FROM pg_database WHERE NOT datistemplate AND datname <> 'postgres' ORDER BY 1")) {
      while (rows.next()) {
        names.add(rows.getString(1));
      }
    }
    return names;
  }

  @Override
  public void close() {
    stop(server, data);
  }

  /** Stops the server of data that runs for an upgrade whose process was killed. */
  static void stopIfLeft(Path data) {
    Postmaster.of(data).ifPresent(server -> stop(server, data));
  }

  private static void stop(Postmaster server, Path data) {
    long end = System.nanoTime() + STOP_MILLIS * 1_000_000;
    while (Postmaster.of(data).isPresent()) {
      try {
        server.stop(); // again: until a server that starts has its handlers, it does not hear
      } catch (IOException e) {
        throw ServerFiles.failed("stop the PostgreSQL of " + data, e);
      }
      if (System.nanoTime() > end) {
        throw ErrorCode.TIMED_OUT.error(
            "The PostgreSQL of %s is still writing after %d s; start again later"
                .formatted(data, STOP_MILLIS / 1000));
      }
      ServerFiles.pause(100);
    }
  }
}
