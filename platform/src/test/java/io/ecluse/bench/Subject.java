package io.ecluse.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * The program under trial, as people start it, on one project. {@code ECLUSE_PROGRAM} names another
 * than this checkout's, to see what an older one did.
 */
final class Subject {
  private static final long LONGEST_SECONDS = 600;

  private final String program;
  private final Path project;
  private final List<String> options;
  private final Map<String, String> variables;

  /** What a command ended with. */
  record Ended(int code, String output) {
    Ended requireCode(int... allowed) {
      for (int each : allowed) {
        if (code == each) {
          return this;
        }
      }
      throw new AssertionError("Exit code " + code + ": " + output);
    }
  }

  /** A command that runs. */
  record Running(Process process, Path output) {
    String printed() throws IOException {
      return Files.readString(output);
    }

    /** Waits for its end; one that does not end is killed, and the trial missed. */
    Ended end(long seconds) throws IOException, InterruptedException {
      if (!process.waitFor(seconds, TimeUnit.SECONDS)) {
        kill();
        throw new AssertionError("Did not end within " + seconds + " s: " + printed());
      }
      String printed = printed();
      Files.deleteIfExists(output);
      return new Ended(process.exitValue(), printed);
    }

    /** SIGKILL, to it and to nothing that it started. */
    void kill() throws InterruptedException {
      process.destroyForcibly().waitFor();
    }
  }

  Subject(Path project) {
    this(project, List.of(), Map.of());
  }

  private Subject(Path project, List<String> options, Map<String, String> variables) {
    this.program =
        Optional.ofNullable(System.getenv("ECLUSE_PROGRAM"))
            .orElse(Path.of(System.getProperty("bench.home"), "ecluse").toString());
    this.project = project;
    this.options = options;
    this.variables = variables;
  }

  Path project() {
    return project;
  }

  /** The same program on another project. */
  Subject on(Path other) {
    return new Subject(other, options, variables);
  }

  /** The same program in another environment of the project. */
  Subject in(String environment) {
    return new Subject(project, List.of("--env", environment), variables);
  }

  /** The same program with these variables of the system. */
  Subject with(Map<String, String> more) {
    return new Subject(project, options, Map.copyOf(more));
  }

  Running start(String... arguments) throws IOException {
    List<String> command = new ArrayList<>(List.of(program));
    command.addAll(List.of(arguments));
    command.addAll(List.of("--dir", project.toString()));
    command.addAll(options);
    Path output = Files.createTempFile("ecluse-trial-", ".txt");
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile());
    Map<String, String> environment = builder.environment();
    environment.put("ECLUSE_NO_BUILD", "1");
    environment.remove("ECLUSE_DATABASE_URL");
    environment.putAll(variables);
    return new Running(builder.start(), output);
  }

  Ended run(String... arguments) throws IOException, InterruptedException {
    return start(arguments).end(LONGEST_SECONDS);
  }

  /** The rows of a query as CSV, without the header. */
  String rows(String sql) throws IOException, InterruptedException {
    String csv = run("query", sql, "--format", "csv").requireCode(0).output();
    return csv.substring(csv.indexOf('\n') + 1).strip();
  }

  /** The tables of the project's warehouse, as {@code schema.name}. */
  List<String> tables() throws IOException, InterruptedException {
    String json = run("ls", "tables", "--format", "json").requireCode(0).output();
    List<String> names = new ArrayList<>();
    for (String part : json.split("\"name\"\\s*:\\s*\"")) {
      int end = part.indexOf('"');
      if (end > 0 && part.substring(0, end).matches("[a-z_0-9]+\\.[a-z_0-9]+")) {
        names.add(part.substring(0, end));
      }
    }
    Trials.require(!names.isEmpty(), "No tables: " + json);
    return names;
  }

  /** What each table holds: its rows, and a hash that does not depend on their order. */
  List<String> contents() throws IOException, InterruptedException {
    List<String> each = new ArrayList<>();
    for (String table : tables()) {
      each.add(
          String.format(
              Locale.ROOT,
              "select '%s' as t, count(*) as n, bit_xor(hash(x::varchar)) as h from %s x",
              table,
              table));
    }
    return rows(String.join(" union all ", each) + " order by 1").lines().toList();
  }
}
