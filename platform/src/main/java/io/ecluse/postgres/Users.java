package io.ecluse.postgres;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.stream.Stream;

/**
 * Which processes use a server: one file each, {@code users/PID-START}, with the name of its
 * folder, since whoever copies a project copies it too. This process holds one file however often
 * it opens the server.
 */
record Users(Path folder) {
  /** Those of the server in a folder. */
  static Users of(Path server) {
    return new Users(server.resolve("users"));
  }

  void register() {
    try {
      Files.createDirectories(folder);
      Files.writeString(mine(), folder + "\n");
    } catch (IOException e) {
      throw ServerFiles.failed("write in " + folder, e);
    }
  }

  /** Takes this process off and tells whether any other is left. */
  boolean leave() {
    try {
      Files.deleteIfExists(mine());
      try (Stream<Path> files = Files.list(folder)) {
        return files.anyMatch(this::isAlive);
      }
    } catch (NoSuchFileException e) {
      return false;
    } catch (IOException e) {
      return true; // better a server too many, which the guardian stops
    }
  }

  private boolean isHere(Path user) {
    try {
      String where = Files.readString(user).strip();
      return where.isEmpty() || where.equals(folder.toString()); // it is being written, or ours
    } catch (IOException e) {
      return true;
    }
  }

  private Path mine() {
    long pid = ProcessHandle.current().pid();
    return folder.resolve(pid + "-" + LinuxProcess.startTime(pid));
  }

  private boolean isAlive(Path user) {
    String[] name = user.getFileName().toString().split("-", 2);
    return isHere(user)
        && name.length == 2
        && name[0].matches("\\d{1,18}")
        && LinuxProcess.startTime(Long.parseLong(name[0])).equals(name[1]);
  }
}
