package io.ecluse.bench;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/** Runs a command several times, a process each time, with a password for PostgreSQL. */
public final class CommandLoop {
  private CommandLoop() {}

  /**
   * @param arguments password, rounds, command
   */
  public static void main(String[] arguments) throws Exception {
    List<String> command = Arrays.asList(arguments).subList(2, arguments.length);
    Rounds.run(
        Integer.parseInt(arguments[1]),
        new Processes(ProcessHandle.current(), Path.of("/nowhere")),
        i -> {
          ProcessBuilder builder = new ProcessBuilder(command).inheritIO();
          builder.environment().put("PGPASSWORD", arguments[0]);
          if (builder.start().waitFor() != 0) {
            throw new AssertionError("Failed: " + command);
          }
        });
  }
}
