package io.ecluse.postgres;

import io.ecluse.disk.Disk;
import io.ecluse.disk.Folders;
import io.ecluse.error.DiskFull;
import io.ecluse.error.EcluseException;
import io.ecluse.error.ErrorCode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The files of a server's folder: {@code data/}, {@code server.log}, {@code port}, {@code
 * password}, {@code users/}, and the guardian's.
 */
final class ServerFiles {
  private static final int PASSWORD_BYTES = 24;
  private static final long STOPPING_MILLIS = 120_000;
  private static final long DISMISSED_MILLIS = 2_000;
  private static final long LOG_BYTES = 4 << 20;
  private static final FileAttribute<?> OWNER_FOLDER =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));
  private static final FileAttribute<?> OWNER_FILE =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

  private final Path folder;
  private final Disk disk = new Disk();

  private ServerFiles(Path folder) {
    this.folder = folder;
  }

  /** Makes the folder unless it is there. */
  static ServerFiles in(Path folder) {
    try {
      if (!Files.isDirectory(folder)) {
        Files.createDirectories(folder.getParent());
        Files.createDirectory(folder, OWNER_FOLDER);
      }
    } catch (FileAlreadyExistsException e) {
      // another process was faster, or the next step says what is wrong
    } catch (IOException e) {
      throw failed("make the folder " + folder, e);
    }
    try {
      // one name for all processes, whatever symbolic links they came by
      return new ServerFiles(folder.toRealPath());
    } catch (IOException e) {
      throw failed("enter the folder " + folder, e);
    }
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

  Path startLock() {
    return folder.resolve("start.lock");
  }

  boolean isInitialised() {
    return Files.exists(data());
  }

  int port() {
    String text = read(folder.resolve("port")).strip();
    try {
      return Integer.parseInt(text);
    } catch (NumberFormatException e) {
      throw ErrorCode.DATA_CORRUPT.error(
          "%s should hold a port number, but holds '%s'".formatted(folder.resolve("port"), text),
          e);
    }
  }

  void writePort(int port) {
    write("port", port + "\n");
  }

  String password() {
    return read(folder.resolve("password")).strip();
  }

  /** Makes a random password, readable by this user alone. */
  void writePassword() {
    write("password", random() + "\n");
  }

  /** The password of a role other than the superuser, if it has one. */
  Optional<String> passwordOf(String role) {
    Path file = folder.resolve("password." + role);
    return Files.exists(file) ? Optional.of(read(file).strip()) : Optional.empty();
  }

  String writePasswordOf(String role) {
    String password = random();
    write("password." + role, password + "\n");
    return password;
  }

  private static String random() {
    byte[] random = new byte[PASSWORD_BYTES];
    new SecureRandom().nextBytes(random);
    return HexFormat.of().formatHex(random);
  }

  /** Gives the data their name once they are whole, and that name to the disk. */
  void appear(Path draft) throws IOException {
    disk.appear(draft, data());
    disk.sync(List.of(data()), folder);
  }

  /** A file that appears whole or not at all and stays, for the owner alone. */
  Path write(String name, String text) {
    Path file = folder.resolve(name);
    disk.write(file, text.getBytes(StandardCharsets.UTF_8), OWNER_FILE);
    return file;
  }

  /** A file or folder and all that is in it, if there. */
  static void delete(Path path) {
    try {
      Folders.delete(path);
    } catch (IOException e) {
      throw failed("delete " + path, e);
    }
  }

  /** The process that watches the server; 0 if there is none. */
  long guardian() {
    try {
      long pid = Long.parseLong(Files.readString(folder.resolve("guardian.pid")).strip());
      return LinuxProcess.commandLine(pid).contains(folder.toString()) ? pid : 0;
    } catch (IOException | NumberFormatException e) {
      return 0;
    }
  }

  /**
   * Ends the guardian of a server that has stopped, which would find that out by itself within a
   * second, but writes in the folder until then: who deletes the folder next must not meet it.
   */
  void dismissGuardian() {
    long end = System.nanoTime() + DISMISSED_MILLIS * 1_000_000;
    long guardian = guardian();
    if (guardian != 0) {
      ProcessHandle.of(guardian).ifPresent(ProcessHandle::destroy);
    }
    while (guardian() != 0) {
      if (System.nanoTime() > end) {
        return; // it is another user's, and does not look: a start waits for it or takes over
      }
      pause(2);
    }
    delete(folder.resolve("stopping"));
    delete(folder.resolve("guardian.pid"));
  }

  /** A guardian that is stopping the server must end first, or it would stop the next one. */
  void waitWhileStopping() {
    long end = System.nanoTime() + STOPPING_MILLIS * 1_000_000;
    Path stopping = folder.resolve("stopping");
    while (Files.exists(stopping)) {
      if (guardian() == 0) {
        delete(stopping);
        return;
      }
      if (System.nanoTime() > end) {
        throw ErrorCode.TIMED_OUT.error(
            "The private PostgreSQL in %s is still shutting down after %d s; see %s"
                .formatted(folder, STOPPING_MILLIS / 1000, log()));
      }
      pause(10);
    }
  }

  /** What was root's work in somebody's folder is given to them, so that they can go on. */
  void giveToOwnerOfFolder() {
    if (!Launch.isRoot()) {
      return;
    }
    int owner = Launch.owner(folder);
    if (owner == 0) {
      return;
    }
    try (Stream<Path> paths = Files.walk(folder, 2)) {
      for (Path path : paths.filter(p -> !p.startsWith(data())).toList()) {
        Files.setAttribute(path, "unix:uid", owner, LinkOption.NOFOLLOW_LINKS);
      }
    } catch (NoSuchFileException | UncheckedIOException e) {
      return; // another process has left meanwhile; its file needs no owner
    } catch (IOException e) {
      throw failed("give the files of %s to user id %d".formatted(folder, owner), e);
    }
  }

  static void pause(long millis) {
    try {
      Thread.sleep(millis);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw ErrorCode.CANCELLED.error("Interrupted while waiting for PostgreSQL", e);
    }
  }

  /**
   * Keeps the log small and closed to others; returns its size, where the next lines will begin.
   */
  long prepareLog() {
    try {
      if (Files.exists(log()) && Files.size(log()) > LOG_BYTES) {
        Files.move(log(), folder.resolve("server.log.1"), StandardCopyOption.REPLACE_EXISTING);
      }
      if (!Files.exists(log())) {
        Files.createFile(log(), OWNER_FILE);
      }
      return Files.size(log());
    } catch (IOException e) {
      throw failed("write " + log(), e);
    }
  }

  /** What the log has had since it was of this size. */
  List<String> logSince(long size) {
    try (var channel = Files.newByteChannel(log())) {
      channel.position(Math.min(size, channel.size()));
      byte[] bytes = java.nio.channels.Channels.newInputStream(channel).readAllBytes();
      return new String(bytes, StandardCharsets.UTF_8).lines().toList();
    } catch (IOException e) {
      return List.of();
    }
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (NoSuchFileException e) {
      throw ErrorCode.DATA_CORRUPT.error(
          "%s is missing; the folder of the private PostgreSQL is not whole: restore it from a backup, or move it away to begin anew"
              .formatted(file),
          e);
    } catch (IOException e) {
      throw failed("read " + file, e);
    }
  }

  /** The failure of a file operation, said so that a person knows what to do. */
  static EcluseException failed(String what, IOException e) {
    String reason = String.valueOf(e.getMessage());
    if (DiskFull.isSaidBy(reason)) {
      return DiskFull.error(what, e);
    }
    if (e instanceof AccessDeniedException || reason.contains("Read-only file system")) {
      String why =
          e instanceof FileSystemException f && f.getReason() != null ? f.getReason() : "no right";
      return ErrorCode.INVALID_USAGE.error(
          "Could not %s as user %s: %s; run as the folder's owner, or choose another folder"
              .formatted(what, System.getProperty("user.name"), why),
          e);
    }
    return ErrorCode.INTERNAL.error(
        "Could not %s: %s (%s)".formatted(what, reason, e.getClass().getSimpleName()), e);
  }
}
