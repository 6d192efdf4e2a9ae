package io.ecluse.postgres;

import io.ecluse.error.EcluseException;
import io.ecluse.error.ErrorCode;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Brings a server up. Called under the folder's lock. */
final class ServerStart {
  private static final long INIT_SECONDS = 120;
  private static final long READY_MILLIS = 60_000;

  /** Little memory, since the data is small, and no file but in the folder. */
  private static final Map<String, String> FRUGAL =
      Map.ofEntries(
          Map.entry("listen_addresses", "'127.0.0.1'"),
          Map.entry("unix_socket_directories", "''"),
          Map.entry("password_encryption", "'scram-sha-256'"),
          Map.entry("shared_buffers", "32MB"),
          Map.entry("max_connections", "60"),
          Map.entry("dynamic_shared_memory_type", "mmap"),
          Map.entry("max_wal_size", "512MB"),
          Map.entry("autovacuum_max_workers", "1"),
          Map.entry("max_logical_replication_workers", "0"),
          Map.entry("max_wal_senders", "0"),
          Map.entry("wal_level", "minimal"),
          Map.entry("timezone", "'UTC'"),
          Map.entry("log_timezone", "'UTC'"),
          Map.entry("log_statement", "'none'"),
          Map.entry("log_min_error_statement", "'panic'"));

  private final ServerFiles files;
  private final PostgresSettings settings;

  ServerStart(ServerFiles files, PostgresSettings settings) {
    this.files = files;
    this.settings = settings;
  }

  void ensureRunning() {
    if (files.isInitialised() && files.runningServer().isPresent()) {
      awaitReady(Optional.empty());
      if (files.guardian().isEmpty()) {
        guard();
      }
      return;
    }
    Path binaries = PostgresBinaries.unpacked(caches());
    Launch launch = Launch.choose(files.folder(), binaries);
    if (!files.isInitialised()) {
      initialise(binaries, launch);
    }
    checkVersion();
    launch.own(files.data());
    start(binaries, launch);
    guard();
  }

  private List<Path> caches() {
    List<Path> caches = new ArrayList<>();
    String xdg = System.getenv("XDG_CACHE_HOME");
    if (xdg != null && !xdg.isBlank()) {
      caches.add(Path.of(xdg, "ecluse"));
    }
    String home = System.getProperty("user.home", "");
    if (!home.isBlank() && !home.equals("?") && Files.isWritable(Path.of(home))) {
      caches.add(Path.of(home, ".cache", "ecluse"));
    }
    caches.add(files.folder().resolve("programs"));
    return caches;
  }

  private void initialise(Path binaries, Launch launch) {
    deleteUnfinished();
    Path password = files.writePassword();
    try {
      Files.createDirectory(files.data());
      Path handed =
          Files.copy(
              password,
              files.folder().resolve("data.password"),
              StandardCopyOption.REPLACE_EXISTING,
              StandardCopyOption.COPY_ATTRIBUTES);
      launch.own(files.data());
      launch.own(handed);
      if (launch.ownedByNobody()) {
        openToNobody();
      }
      run(
          launch.command(
              List.of(
                  binaries.resolve("bin/initdb").toString(),
                  "--pgdata=" + files.data(),
                  "--username=" + PostgresServer.USER,
                  "--pwfile=" + handed,
                  "--auth=scram-sha-256",
                  "--encoding=UTF8",
                  "--no-locale",
                  "--no-sync")));
      Files.deleteIfExists(handed);
    } catch (IOException e) {
      throw ServerFiles.failed("prepare " + files.data(), e);
    }
    files.writePort(settings.port() == 0 ? freePort() : settings.port());
    files.markInitialised();
  }

  /** Nobody must pass through the server's folder to its data; the password stays closed. */
  private void openToNobody() throws IOException {
    Files.setPosixFilePermissions(
        files.folder(), java.nio.file.attribute.PosixFilePermissions.fromString("rwx--x--x"));
  }

  /** An initialisation that was killed left files that nobody needs. */
  private void deleteUnfinished() {
    if (!Files.exists(files.data())) {
      return;
    }
    try (Stream<Path> paths = Files.walk(files.data())) {
      for (Path path : paths.sorted(java.util.Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(path);
      }
    } catch (IOException e) {
      throw ServerFiles.failed("delete the unfinished " + files.data(), e);
    }
  }

  private void run(List<String> command) {
    try {
      Process process =
          environment(new ProcessBuilder(command))
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.appendTo(files.log().toFile()))
              .start();
      if (!process.waitFor(INIT_SECONDS, TimeUnit.SECONDS) || process.exitValue() != 0) {
        process.destroyForcibly();
        throw notStarted("could not be initialised");
      }
    } catch (IOException e) {
      throw ServerFiles.failed("run " + command.get(0), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new EcluseException(ErrorCode.CANCELLED, "Interrupted", e);
    }
  }

  private static ProcessBuilder environment(ProcessBuilder builder) {
    builder.environment().keySet().removeIf(k -> k.startsWith("PG") || k.startsWith("LC_"));
    builder.environment().put("LC_ALL", "C");
    builder.environment().put("TZ", "UTC");
    return builder;
  }

  private void checkVersion() {
    try {
      String major = Files.readString(files.data().resolve("PG_VERSION")).strip();
      if (!PostgresBinaries.VERSION.startsWith(major + ".")) {
        throw new EcluseException(
            ErrorCode.DATA_CORRUPT,
            "%s was made by PostgreSQL %s, but this platform brings %s; move the data with pg_dump, or use the platform that made it"
                .formatted(files.data(), major, PostgresBinaries.VERSION));
      }
    } catch (IOException e) {
      throw ServerFiles.failed("read PG_VERSION in " + files.data(), e);
    }
  }

  private void start(Path binaries, Launch launch) {
    int port = settings.port() == 0 ? usablePort() : settings.port();
    if (port != files.port()) {
      files.writePort(port);
    }
    List<String> program = new ArrayList<>();
    program.add(binaries.resolve("bin/postgres").toString());
    program.addAll(List.of("-D", files.data().toString(), "-p", String.valueOf(port)));
    Map<String, String> options = new TreeMap<>(FRUGAL);
    options.putAll(settings.options());
    options.forEach(
        (k, v) -> program.addAll(List.of("-c", k + "=" + v.replaceAll("^'(.*)'$", "$1"))));
    List<String> command = new ArrayList<>(List.of("setsid"));
    command.addAll(launch.command(program));
    try {
      Process process =
          environment(new ProcessBuilder(command))
              .redirectErrorStream(true)
              .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
              .redirectOutput(ProcessBuilder.Redirect.appendTo(files.log().toFile()))
              .start();
      awaitReady(Optional.of(process));
    } catch (IOException e) {
      throw ServerFiles.failed("run " + program.get(0), e);
    }
  }

  /** The port of last time; another if that is taken, since clients ask for it anew each time. */
  private int usablePort() {
    int port = files.port();
    return isFree(port) ? port : freePort();
  }

  private static boolean isFree(int port) {
    try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort() == port;
    } catch (IOException e) {
      return false;
    }
  }

  private static int freePort() {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new EcluseException(ErrorCode.PORT_IN_USE, "There is no free port on 127.0.0.1", e);
    }
  }

  private void awaitReady(Optional<Process> process) {
    long end = System.nanoTime() + READY_MILLIS * 1_000_000;
    while (System.nanoTime() < end) {
      if (files.runningServer().isPresent() && files.isReady()) {
        return;
      }
      if (process.isPresent() && !process.get().isAlive()) {
        String tail = files.logTail();
        if (tail.contains("could not bind")) {
          throw new EcluseException(
              ErrorCode.PORT_IN_USE,
              "Port %d on 127.0.0.1 is in use by another program; stop that, or choose another port"
                  .formatted(files.port()));
        }
        throw notStarted("did not start");
      }
      ServerFiles.pause(5);
    }
    throw notStarted("was not ready after " + READY_MILLIS / 1000 + " s");
  }

  private EcluseException notStarted(String what) {
    String tail = files.logTail();
    boolean full = tail.contains("No space left");
    return new EcluseException(
        full ? ErrorCode.DISK_FULL : ErrorCode.INTERNAL,
        "The private PostgreSQL in %s %s; the end of %s says: %s"
            .formatted(files.folder(), what, files.log(), tail));
  }

  private void guard() {
    Path script = files.folder().resolve("guardian.sh");
    try (var in = ServerStart.class.getResourceAsStream("guardian.sh")) {
      if (in == null) {
        throw new AssertionError("guardian.sh is part of the platform");
      }
      Files.copy(in, script, StandardCopyOption.REPLACE_EXISTING);
      new ProcessBuilder("setsid", "sh", script.toString(), files.folder().toString())
          .redirectErrorStream(true)
          .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
          .redirectOutput(ProcessBuilder.Redirect.DISCARD)
          .start();
    } catch (IOException e) {
      throw ServerFiles.failed("start " + script, e);
    }
  }
}
