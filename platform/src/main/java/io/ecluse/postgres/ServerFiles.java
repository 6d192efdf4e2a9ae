package io.ecluse.postgres;

import io.ecluse.error.EcluseException;
import io.ecluse.error.ErrorCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/**
 * The files of a server's folder: {@code data/}, {@code server.log}, {@code port}, {@code
 * password}, {@code users/}.
 */
final class ServerFiles {
  private static final int PASSWORD_BYTES = 24;
  private static final long STOPPING_MILLIS = 35_000;

  private final Path folder;

  ServerFiles(Path folder) {
    this.folder = folder;
  }

  Path folder() {
    return folder;
  }

  Path data() {
    return folder.resolve("data");
  }

  Path log() {
    return folder.resolve("server.log");
  }

  void make() {
    try {
      if (!Files.isDirectory(folder)) {
        Files.createDirectories(folder.getParent());
        Files.createDirectory(
            folder,
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
      }
    } catch (java.nio.file.FileAlreadyExistsException e) {
      return; // another process was faster
    } catch (IOException e) {
      throw failed("make the folder " + folder, e);
    }
  }

  boolean isInitialised() {
    return Files.exists(folder.resolve("initialised"));
  }

  void markInitialised() {
    write(folder.resolve("initialised"), PostgresBinaries.VERSION);
  }

  int port() {
    return Integer.parseInt(read(folder.resolve("port")).strip());
  }

  void writePort(int port) {
    write(folder.resolve("port"), String.valueOf(port));
  }

  String password() {
    return read(folder.resolve("password")).strip();
  }

  /** Makes a random password, readable by this user alone. */
  Path writePassword() {
    byte[] random = new byte[PASSWORD_BYTES];
    new SecureRandom().nextBytes(random);
    Path file = folder.resolve("password");
    try {
      Files.deleteIfExists(file);
      Files.createFile(
          file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
      Files.writeString(file, HexFormat.of().formatHex(random) + "\n");
    } catch (IOException e) {
      throw failed("write " + file, e);
    }
    return file;
  }

  /**
   * The server process, if {@code postmaster.pid} names one that is alive and is a PostgreSQL of
   * this folder.
   */
  Optional<ProcessHandle> runningServer() {
    return postmasterPid()
        .flatMap(
            pid ->
                Long.parseLong(pid.get(0).strip()) > 1
                    ? ProcessHandle.of(Long.parseLong(pid.get(0).strip()))
                    : Optional.empty())
        .filter(ProcessHandle::isAlive)
        .filter(this::isOurs);
  }

  /** Whether the server says in {@code postmaster.pid} that it takes connections. */
  boolean isReady() {
    return postmasterPid()
        .filter(lines -> lines.size() >= 8 && lines.get(7).startsWith("ready"))
        .isPresent();
  }

  private Optional<List<String>> postmasterPid() {
    try {
      List<String> lines = Files.readAllLines(data().resolve("postmaster.pid"));
      return lines.isEmpty() || !lines.get(0).strip().matches("\\d+")
          ? Optional.empty()
          : Optional.of(lines);
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  /** A process id may have been given to another program since. */
  private boolean isOurs(ProcessHandle process) {
    try {
      String line = Files.readString(Path.of("/proc", String.valueOf(process.pid()), "cmdline"));
      return line.contains("postgres") && line.contains(data().toString());
    } catch (IOException e) {
      return false;
    }
  }

  Optional<ProcessHandle> guardian() {
    try {
      long pid = Long.parseLong(Files.readString(folder.resolve("guardian.pid")).strip());
      return ProcessHandle.of(pid)
          .filter(ProcessHandle::isAlive)
          .filter(
              p -> {
                try {
                  return Files.readString(Path.of("/proc", String.valueOf(pid), "cmdline"))
                      .contains("guardian.sh");
                } catch (IOException e) {
                  return false;
                }
              });
    } catch (IOException | NumberFormatException e) {
      return Optional.empty();
    }
  }

  /** A guardian that is stopping the server must end first, or it would stop the next one. */
  void waitWhileStopping() {
    long end = System.nanoTime() + STOPPING_MILLIS * 1_000_000;
    Path stopping = folder.resolve("stopping");
    while (Files.exists(stopping) && System.nanoTime() < end) {
      if (guardian().isEmpty()) {
        try {
          Files.deleteIfExists(stopping);
        } catch (IOException e) {
          throw failed("delete " + stopping, e);
        }
        return;
      }
      pause(20);
    }
  }

  static void pause(long millis) {
    try {
      Thread.sleep(millis);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new EcluseException(
          ErrorCode.CANCELLED, "Interrupted while PostgreSQL was starting", e);
    }
  }

  /** The last lines of the server's log, to show when it does not start. */
  String logTail() {
    try {
      List<String> lines = Files.readAllLines(log());
      return String.join(" | ", lines.subList(Math.max(0, lines.size() - 4), lines.size()));
    } catch (IOException e) {
      return "no log";
    }
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (NoSuchFileException e) {
      throw new EcluseException(
          ErrorCode.DATA_CORRUPT,
          "%s is missing; the folder of the private PostgreSQL is not whole".formatted(file),
          e);
    } catch (IOException e) {
      throw failed("read " + file, e);
    }
  }

  private static void write(Path file, String text) {
    try {
      Files.writeString(file, text + "\n");
    } catch (IOException e) {
      throw failed("write " + file, e);
    }
  }

  static EcluseException failed(String what, IOException e) {
    boolean full = String.valueOf(e.getMessage()).contains("No space left");
    return new EcluseException(
        full ? ErrorCode.DISK_FULL : ErrorCode.INTERNAL,
        "Could not %s: %s; check the folder's rights and the disk's space"
            .formatted(what, e.getMessage()),
        e);
  }
}
