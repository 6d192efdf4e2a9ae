package io.ecluse.bench;

import io.ecluse.demo.DemoErp;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Commands of other tools that copy a table, of those that this machine has. {@code ECLUSE_PYTHON}
 * names the Python in which the libraries are installed.
 */
record ExtractPeers(Workspace workspace) {
  private static final int FOUND = 0;

  /** To CSV, every table with a process of its own connection. */
  List<String> psql(List<String> tables, Path folder) {
    List<String> command =
        new ArrayList<>(
            List.of(
                "psql",
                "--quiet",
                "--no-psqlrc",
                "--host=127.0.0.1",
                "--port=" + workspace.erp().port(),
                "--username=" + DemoErp.READER,
                "--dbname=" + DemoErp.DATABASE));
    for (String table : tables) {
      command.add(
          "--command=\\copy %s to '%s' csv".formatted(table, folder.resolve(table + ".csv")));
    }
    return command;
  }

  /** Ourselves as a command, from the process's start to its end; no server is there. */
  List<String> ecluse(String source) {
    return List.of(
        "env",
        "ECLUSE_NO_BUILD=1",
        Path.of(System.getProperty("bench.home"), "ecluse").toString(),
        "extract",
        source,
        "--dir=" + workspace.folder());
  }

  /** To Parquet, by name of the tool. */
  Map<String, List<String>> ofParquet(String table, Path folder)
      throws IOException, InterruptedException {
    Map<String, List<String>> commands = new LinkedHashMap<>();
    if (!output("sh", "-c", "command -v pg2parquet").isEmpty()) {
      commands.put("pg2parquet", pg2parquet(table, folder));
    }
    String python = System.getenv().getOrDefault("ECLUSE_PYTHON", "python3");
    String script = Path.of(System.getProperty("bench.home"), "bench", "peers.py").toString();
    String uri =
        "postgresql://%s@127.0.0.1:%d/%s"
            .formatted(DemoErp.READER, workspace.erp().port(), DemoErp.DATABASE);
    for (String name : output(python, script)) {
      commands.put(
          name, List.of(python, script, name, uri, table, folder.resolve(name).toString()));
    }
    return commands;
  }

  private List<String> pg2parquet(String table, Path folder) {
    return List.of(
        "sh",
        "-c",
        "exec pg2parquet export --quiet --host 127.0.0.1 --port %d --dbname %s --user %s --password \"$PGPASSWORD\" --query 'SELECT * FROM %s' --output-file '%s'"
            .formatted(
                workspace.erp().port(),
                DemoErp.DATABASE,
                DemoErp.READER,
                table,
                folder.resolve("pg2parquet.parquet")));
  }

  /** The lines that a command prints; none if it fails or is not there. */
  private static List<String> output(String... command) throws IOException, InterruptedException {
    Path file = Files.createTempFile("ecluse-bench-", ".txt");
    try {
      Process process =
          new ProcessBuilder(command)
              .redirectOutput(file.toFile())
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
      return process.waitFor() == FOUND
          ? Files.readAllLines(file, StandardCharsets.UTF_8)
          : List.of();
    } catch (IOException e) {
      return List.of();
    } finally {
      Files.delete(file);
    }
  }
}
