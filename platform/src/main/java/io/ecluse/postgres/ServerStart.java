package io.ecluse.postgres;

import io.ecluse.error.EcluseException;
import io.ecluse.error.ErrorCode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings a server up. Called under the folder's lock, by a process that is registered as a user.
 */
record ServerStart(ServerFiles files, PostgresSettings settings) {
  private static final Logger log = LoggerFactory.getLogger(ServerStart.class);
  private static final long READY_MILLIS = 300_000;
  private static final long HELD_MILLIS = 15_000;
  private static final int HELD_BY_ANOTHER = 99;

  /** Returns when the server takes connections and has a guardian. */
  Postmaster ensureRunning() {
    Upgrade.stopWhatIsLeft(files);
    long end = System.nanoTime() + HELD_MILLIS * 1_000_000;
    while (true) {
      files.waitWhileStopping();
      Optional<Postmaster> running = awaitRunning();
      if (running.isPresent()) {
        return join(running.get());
      }
      Optional<Postmaster> started = start();
      if (started.isPresent()) {
        return started.get();
      }
      if (System.nanoTime() > end) {
        throw ErrorCode.CONFLICT.error(
            "Another PostgreSQL works on %s, but not in this container; stop the Écluse that uses the folder there"
                .formatted(files.data()));
      }
      ServerFiles.pause(50);
    }
  }

  /** A running server, once it is ready; empty if there is none, or it has stopped meanwhile. */
  private Optional<Postmaster> awaitRunning() {
    long end = System.nanoTime() + READY_MILLIS * 1_000_000;
    Optional<Postmaster> server = Postmaster.of(files.data());
    while (server.isPresent() && !server.get().isReady()) {
      if (System.nanoTime() > end) {
        throw notReady(files, server.get().status());
      }
      ServerFiles.pause(5);
      server = Postmaster.of(files.data());
    }
    return server;
  }

  private Postmaster join(Postmaster server) {
    if (settings.port() != 0 && settings.port() != server.port()) {
      throw ErrorCode.CONFLICT.error(
          "The private PostgreSQL in %s runs on port %d for another process, but port %d is asked for; stop that process first"
              .formatted(files.folder(), server.port(), settings.port()));
    }
    if (files.guardian() == 0) {
      new Guardian(files).start(0, List.of());
    }
    return server;
  }

  /** Empty if a server that is not in sight holds the data. */
  private Optional<Postmaster> start() {
    long begin = System.nanoTime();
    Chosen chosen = choose();
    DataFolder data = new DataFolder(files);
    Upgrade upgrade = new Upgrade(files, settings.options(), chosen.launch(), chosen.binaries());
    upgrade.finish();
    if (!files.isInitialised()) {
      data.initialise(chosen.binaries(), chosen.launch());
      log.info("Made a private PostgreSQL in {} in {} ms", files.folder(), millisSince(begin));
      begin = System.nanoTime();
    }
    Optional<String> older = data.check(settings.upgrading());
    if (older.isPresent()) {
      upgrade.run(older.get(), settings.upgrading().orElseThrow());
      begin = System.nanoTime();
    }
    upgrade.forget();
    chosen.launch().own(files.data());
    int port = port();
    long before = files.prepareLog();
    Process guardian =
        new Guardian(files)
            .start(
                Postmaster.mistakenPid(files.data()),
                chosen
                    .launch()
                    .command(
                        ServerOptions.command(
                            chosen.binaries(), files.data(), port, settings.options())));
    Optional<Postmaster> server = awaitStarted(files, files.data(), guardian, port, before);
    if (server.isPresent()) {
      log.info(
          "Started the private PostgreSQL in {} on port {} in {} ms",
          files.folder(),
          port,
          millisSince(begin));
    }
    return server;
  }

  /**
   * Waits until a server takes connections; empty if another, not in sight, holds the folder.
   *
   * @param before the size of the log before it began
   */
  static Optional<Postmaster> awaitStarted(
      ServerFiles files, Path data, Process guardian, int port, long before) {
    long end = System.nanoTime() + READY_MILLIS * 1_000_000;
    while (System.nanoTime() < end) {
      Optional<Postmaster> server = Postmaster.of(data);
      if (server.isPresent() && server.get().isReady()) {
        return server;
      }
      if (!guardian.isAlive()) {
        if (guardian.exitValue() == HELD_BY_ANOTHER) {
          return Optional.empty();
        }
        throw StartFailure.isPortInUse(files, before)
            ? StartFailure.portInUse(files, port)
            : StartFailure.of(files, "did not start", before);
      }
      ServerFiles.pause(5);
    }
    throw notReady(files, "starting");
  }

  private static EcluseException notReady(ServerFiles files, String status) {
    return ErrorCode.TIMED_OUT.error(
        "The private PostgreSQL in %s is still %s after %d s; %s tells what it does"
            .formatted(files.folder(), status, READY_MILLIS / 1000, files.log()));
  }

  /** The port asked for; else that of last time, or another if that is taken. */
  private int port() {
    Path kept = files.folder().resolve("port");
    int port = settings.port();
    if (port == 0) {
      boolean usable = Files.exists(kept) && Ports.isFree(files.port());
      port = usable ? files.port() : Ports.choose(new SecureRandom());
    } else if (!Ports.isFree(port)) {
      throw StartFailure.portInUse(files, port);
    }
    files.writePort(port);
    return port;
  }

  private record Chosen(Launch launch, Path binaries) {}

  /** The first way and place to run the programs that works on this machine. */
  private Chosen choose() {
    List<Launch> launches = Launch.candidates(files.folder());
    // the caches may be closed to the user that PostgreSQL runs as, or be mounted noexec
    List<List<Path>> places = List.of(caches(), List.of(ownPrograms()));
    for (Launch launch : launches) {
      if (!launch.reaches(files.folder())) {
        continue;
      }
      for (List<Path> place : places) {
        Path binaries = PostgresBinaries.unpacked(place);
        if (launch.runs(binaries)) {
          return new Chosen(launch, binaries);
        }
      }
    }
    throw ErrorCode.INVALID_USAGE.error(
        Launch.isRoot()
            ? "PostgreSQL refuses to run as root, and here root can neither make a user namespace nor let user id %d into %s; run as an ordinary user, or choose a folder that every user may pass through, such as one in /srv"
                .formatted(launches.get(launches.size() - 1).owner(), files.folder())
            : "PostgreSQL's programs in %s cannot be run; is that mounted noexec? Set XDG_CACHE_HOME to a folder from which programs may run, or ECLUSE_DATABASE_URL to a server of your own"
                .formatted(ownPrograms()));
  }

  private List<Path> caches() {
    List<Path> caches = new ArrayList<>();
    String xdg = System.getenv("XDG_CACHE_HOME");
    if (xdg != null && !xdg.isBlank()) {
      caches.add(Path.of(xdg, "ecluse"));
    }
    if (Launch.isRoot()) {
      caches.add(Path.of("/var/cache/ecluse")); // root's home is closed to whom root drops to
    }
    String home = System.getProperty("user.home", "");
    if (home.startsWith("/")) {
      caches.add(Path.of(home, ".cache", "ecluse"));
    }
    caches.add(ownPrograms());
    return caches;
  }

  private Path ownPrograms() {
    return files.folder().resolve("programs");
  }

  private static long millisSince(long begin) {
    return (System.nanoTime() - begin) / 1_000_000;
  }
}
