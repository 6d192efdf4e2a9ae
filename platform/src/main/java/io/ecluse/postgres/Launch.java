package io.ecluse.postgres;

import io.ecluse.error.EcluseException;
import io.ecluse.error.ErrorCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * How to run PostgreSQL's programs as this user. PostgreSQL refuses to run as root, so root enters
 * a user namespace, in which it is nobody yet owns its files; where the container forbids that, it
 * drops to the user {@code nobody} and gives it the folder.
 */
enum Launch {
  AS_MYSELF(List.of()),
  IN_USER_NAMESPACE(List.of("unshare", "-U")),
  AS_NOBODY(
      List.of("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", "--no-new-privs")),
  /** Nobody, who may pass through folders that are closed to others, such as /root. */
  AS_NOBODY_THROUGH_CLOSED_FOLDERS(
      List.of(
          "setpriv",
          "--reuid=65534",
          "--regid=65534",
          "--clear-groups",
          "--inh-caps=+dac_override",
          "--ambient-caps=+dac_override"));

  private final List<String> prefix;

  Launch(List<String> prefix) {
    this.prefix = prefix;
  }

  /** The command line for a program of PostgreSQL's. */
  List<String> command(List<String> program) {
    List<String> command = new ArrayList<>(prefix);
    command.addAll(program);
    return command;
  }

  /** The way that works on this machine for a server in this folder with these binaries. */
  static Launch choose(Path folder, Path binaries) {
    if (!isRoot()) {
      return AS_MYSELF;
    }
    String forced = System.getProperty("ecluse.postgres.launch", "");
    if (!forced.isEmpty()) {
      return valueOf(forced);
    }
    Path program = binaries.resolve("bin/postgres");
    if (works(IN_USER_NAMESPACE, program)) {
      return IN_USER_NAMESPACE;
    }
    for (Launch launch : List.of(AS_NOBODY, AS_NOBODY_THROUGH_CLOSED_FOLDERS)) {
      if (reaches(launch, folder) && works(launch, program)) {
        return launch;
      }
    }
    throw new EcluseException(
        ErrorCode.INVALID_USAGE,
        "PostgreSQL refuses to run as root, and root can neither make a user namespace here nor let the user nobody into %s; run as an ordinary user, or use a folder that every user may pass through, such as one in /srv"
            .formatted(folder));
  }

  static boolean isRoot() {
    try {
      return (int) Files.getAttribute(Path.of("/proc/self"), "unix:uid") == 0;
    } catch (IOException | UnsupportedOperationException e) {
      return "root".equals(System.getProperty("user.name"));
    }
  }

  /** Whether the files must belong to the user nobody. */
  boolean ownedByNobody() {
    return this == AS_NOBODY || this == AS_NOBODY_THROUGH_CLOSED_FOLDERS;
  }

  /** Gives the folder, and what is in it, to whoever this way runs as. */
  void own(Path folder) {
    if (!isRoot()) {
      return;
    }
    int owner = ownedByNobody() ? 65_534 : 0;
    try {
      if ((int) Files.getAttribute(folder, "unix:uid") == owner) {
        return;
      }
      try (Stream<Path> paths = Files.walk(folder)) {
        for (Path path : paths.toList()) {
          Files.setAttribute(path, "unix:uid", owner, java.nio.file.LinkOption.NOFOLLOW_LINKS);
        }
      }
    } catch (IOException e) {
      throw new EcluseException(
          ErrorCode.INTERNAL,
          "Could not give %s to the user that PostgreSQL runs as: %s"
              .formatted(folder, e.getMessage()),
          e);
    }
  }

  private static boolean reaches(Launch launch, Path folder) {
    return exits(launch.command(List.of("test", "-x", folder.toString())));
  }

  private static boolean works(Launch launch, Path program) {
    return exits(launch.command(List.of(program.toString(), "--version")));
  }

  private static boolean exits(List<String> command) {
    try {
      Process process =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start();
      return process.waitFor(10, TimeUnit.SECONDS) && process.exitValue() == 0;
    } catch (IOException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
