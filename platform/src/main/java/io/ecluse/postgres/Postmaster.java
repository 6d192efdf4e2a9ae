package io.ecluse.postgres;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * The running server, as its {@code postmaster.pid} tells (pidfile.h of PostgreSQL: line 1 is the
 * process id, 4 the port, 8 the status).
 */
record Postmaster(long pid, int port, String status) {
  private static final int LINES = 8;

  /**
   * The server of a data folder. Empty as well if the file was left behind by a server that is
   * dead, whose process id another program may have by now.
   */
  static Optional<Postmaster> of(Path data) {
    List<String> lines = lines(data);
    long pid = pid(lines);
    List<String> command = pid == 0 ? List.of() : LinuxProcess.commandLine(pid);
    if (!isPostgres(command) || !command.contains(data.toString())) {
      return Optional.empty();
    }
    boolean complete = lines.size() >= LINES;
    return Optional.of(
        new Postmaster(
            pid,
            complete ? Integer.parseInt(lines.get(3).strip()) : 0,
            complete ? lines.get(7).strip() : "starting"));
  }

  /**
   * The process id in a file that was left behind, if it is some other program's now: PostgreSQL
   * would take that for a server and refuse to start. 0 if there is nothing in its way, or if it is
   * right.
   */
  static long mistakenPid(Path data) {
    long pid = pid(lines(data));
    if (pid == 0) {
      return 0;
    }
    List<String> command = LinuxProcess.commandLine(pid);
    int option = command.indexOf("-D");
    boolean ofAnotherFolder =
        option >= 0
            && option + 1 < command.size()
            && command.get(option + 1).startsWith("/")
            && !command.get(option + 1).equals(data.toString());
    return !isPostgres(command) || ofAnotherFolder ? pid : 0;
  }

  private static boolean isPostgres(List<String> command) {
    return !command.isEmpty() && command.get(0).endsWith("postgres");
  }

  private static List<String> lines(Path data) {
    try {
      return Files.readAllLines(data.resolve("postmaster.pid"));
    } catch (IOException e) {
      return List.of();
    }
  }

  private static long pid(List<String> lines) {
    return !lines.isEmpty() && lines.get(0).strip().matches("[1-9]\\d{0,17}")
        ? Long.parseLong(lines.get(0).strip())
        : 0;
  }

  boolean isReady() {
    return status.equals("ready") || status.equals("standby"); // a standby that can be read
  }

  /** SIGINT is PostgreSQL's "fast shutdown": it ends sessions and writes everything down. */
  void stop() throws IOException {
    // the shell's own kill: small containers have no other
    new ProcessBuilder("sh", "-c", "kill -INT " + pid)
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
        .start();
  }
}
