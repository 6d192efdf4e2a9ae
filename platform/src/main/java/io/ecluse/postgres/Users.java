package io.ecluse.postgres;

import io.ecluse.error.EcluseException;
import io.ecluse.error.ErrorCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * Which processes use a server: one file each, {@code users/PID-START}. This process holds one file
 * however often it opens the server.
 */
final class Users {
  private final Path folder;

  Users(Path serverFolder) {
    this.folder = serverFolder.resolve("users");
  }

  void register() {
    try {
      Files.createDirectories(folder);
      Files.write(mine(), new byte[0]);
    } catch (IOException e) {
      throw new EcluseException(
          ErrorCode.DISK_FULL,
          "Could not write %s: %s; is the disk full, or the folder someone else's?"
              .formatted(folder, e.getMessage()),
          e);
    }
  }

  /** Takes this process off and tells whether any other is left. */
  boolean leave() {
    try {
      Files.deleteIfExists(mine());
      try (Stream<Path> files = Files.list(folder)) {
        List<Path> others = files.filter(Users::alive).toList();
        return !others.isEmpty();
      }
    } catch (NoSuchFileException e) {
      return false;
    } catch (IOException e) {
      return true; // better a server too many, which the guardian stops
    }
  }

  private Path mine() {
    long pid = ProcessHandle.current().pid();
    return folder.resolve(pid + "-" + startTime(pid));
  }

  private static boolean alive(Path user) {
    String[] name = user.getFileName().toString().split("-", 2);
    return name.length == 2 && startTime(Long.parseLong(name[0])).equals(name[1]);
  }

  /**
   * Field 22 of {@code /proc/PID/stat} (proc(5)): when the process started; empty if it is gone.
   */
  static String startTime(long pid) {
    try {
      String stat = Files.readString(Path.of("/proc", String.valueOf(pid), "stat"));
      return stat.substring(stat.lastIndexOf(')') + 2).split(" ")[19];
    } catch (IOException | IndexOutOfBoundsException e) {
      return "";
    }
  }
}
