package io.ecluse.bench;

import io.ecluse.demo.DemoErp;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Copies tables to CSV files with {@code psql \copy}, a process each time. */
public final class PsqlLoop {
  private PsqlLoop() {}

  /**
   * @param arguments port, password, folder, rounds, tables
   */
  public static void main(String[] arguments) throws Exception {
    Path folder = Files.createDirectories(Path.of(arguments[2]));
    List<String> command =
        new ArrayList<>(
            List.of(
                "psql",
                "--quiet",
                "--no-psqlrc",
                "--host=127.0.0.1",
                "--port=" + arguments[0],
                "--username=" + DemoErp.READER,
                "--dbname=" + DemoErp.DATABASE));
    for (String table : Arrays.asList(arguments).subList(4, arguments.length)) {
      command.add(
          "--command=\\copy %s to '%s' csv".formatted(table, folder.resolve(table + ".csv")));
    }
    Rounds.run(
        Integer.parseInt(arguments[3]),
        new Processes(ProcessHandle.current(), folder),
        i -> {
          ProcessBuilder builder = new ProcessBuilder(command).inheritIO();
          builder.environment().put("PGPASSWORD", arguments[1]);
          if (builder.start().waitFor() != 0) {
            throw new AssertionError("psql failed");
          }
        });
  }
}
