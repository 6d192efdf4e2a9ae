package io.ecluse.postgres;

import io.ecluse.error.ErrorCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * How to run PostgreSQL's programs as this user. PostgreSQL refuses to run as root, so root enters
 * a user namespace, in which it is nobody yet owns its files; where the container forbids that, it
 * drops to an unprivileged user and gives it the data.
 *
 * @param prefix what comes before the program in a command line
 * @param owner who must own the data
 */
record Launch(List<String> prefix, int owner) {
  private static final int ROOT = 0;
  private static final int NOBODY = 65_534;
  private static final int PROBE_SECONDS = 10;

  Launch {
    prefix = List.copyOf(prefix);
  }

  /** The ways to try for the server in this folder, the best first. */
  static List<Launch> candidates(Path folder) {
    int me = owner(Path.of("/proc/self"));
    Launch namespace = new Launch(List.of("unshare", "-U"), me);
    if (me != ROOT) {
      Launch myself = new Launch(List.of(), me);
      // initdb refuses a user id without a name, which a container may run as; in a namespace it
      // has one
      boolean nameless = "?".equals(System.getProperty("user.name"));
      return nameless ? List.of(namespace, myself) : List.of(myself);
    }
    int owner = owner(folder);
    if (owner == ROOT) {
      return List.of(namespace, dropTo(NOBODY), dropThroughClosedFolders(NOBODY));
    }
    // root at work in somebody's project leaves it theirs
    return List.of(dropTo(owner), dropThroughClosedFolders(owner));
  }

  private static Launch dropTo(int user) {
    return new Launch(
        List.of(
            "setpriv", "--reuid=" + user, "--regid=" + user, "--clear-groups", "--no-new-privs"),
        user);
  }

  /**
   * The user may pass through folders that are closed to others, such as /root. Without
   * no_setuid_fixup, access(2) would not know of that, by which PostgreSQL looks for its own
   * program.
   */
  private static Launch dropThroughClosedFolders(int user) {
    List<String> prefix = new ArrayList<>(dropTo(user).prefix());
    prefix.addAll(
        List.of(
            "--inh-caps=+dac_override",
            "--ambient-caps=+dac_override",
            "--securebits=+no_setuid_fixup"));
    return new Launch(prefix, user);
  }

  static boolean isRoot() {
    return owner(Path.of("/proc/self")) == ROOT;
  }

  static int owner(Path path) {
    try {
      return (int) Files.getAttribute(path, "unix:uid");
    } catch (IOException e) {
      throw ServerFiles.failed("find the owner of " + path, e);
    }
  }

  /** The command line for a program of PostgreSQL's. */
  List<String> command(List<String> program) {
    List<String> command = new ArrayList<>(prefix);
    command.addAll(program);
    return command;
  }

  /** Whether this way is allowed on this machine and leads into the folder. */
  boolean reaches(Path folder) {
    letThrough(folder);
    return succeeds(List.of("sh", "-c", "cd \"$0\"", folder.toString()));
  }

  /** Whether PostgreSQL's programs can be run this way. */
  boolean runs(Path binaries) {
    return succeeds(List.of(binaries.resolve("bin/postgres").toString(), "--version"));
  }

  private boolean succeeds(List<String> program) {
    try {
      Process process =
          ServerOptions.environment(new ProcessBuilder(command(program)))
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start();
      return process.waitFor(PROBE_SECONDS, TimeUnit.SECONDS) && process.exitValue() == 0;
    } catch (IOException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw ErrorCode.CANCELLED.error("Interrupted while PostgreSQL started", e);
    }
  }

  /** Another user must pass through the server's folder to its data; the password stays closed. */
  private void letThrough(Path folder) {
    if (owner == owner(folder)) {
      return;
    }
    try {
      Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(folder);
      if (permissions.add(PosixFilePermission.OTHERS_EXECUTE)) {
        Files.setPosixFilePermissions(folder, permissions);
      }
    } catch (IOException e) {
      throw ServerFiles.failed("let PostgreSQL's user into " + folder, e);
    }
  }

  /** Gives a file, or a folder and what is in it, to whoever this way runs as. */
  void own(Path path) {
    if (owner(path) == owner) {
      return;
    }
    if (!isRoot()) {
      throw ErrorCode.INVALID_USAGE.error(
          "%s belongs to user id %d, but this is user id %d; run as that user, or as root: chown -R %d %s"
              .formatted(path, owner(path), owner, owner, path.getParent()));
    }
    // the folder itself comes last: as long as it is not given, the work is not done
    try (Stream<Path> paths = Files.walk(path)) {
      for (Path each : paths.sorted(Comparator.reverseOrder()).toList()) {
        Files.setAttribute(each, "unix:uid", owner, LinkOption.NOFOLLOW_LINKS);
        Files.setAttribute(each, "unix:gid", owner, LinkOption.NOFOLLOW_LINKS);
      }
    } catch (IOException e) {
      throw ServerFiles.failed("give %s to user id %d".formatted(path, owner), e);
    }
  }
}
