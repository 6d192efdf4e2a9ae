package io.ecluse.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;

/** Engines of others that are Python packages, in an environment of their own below target. */
final class PythonEngines {
  private static final Path HOME = Path.of("target", "python").toAbsolutePath();
  private static final Path SCRIPTS = Path.of("src", "test", "python").toAbsolutePath();

  private final Path temp;
  private final Map<String, String> environment;

  private PythonEngines(Path temp, Map<String, String> environment) {
    this.temp = temp;
    this.environment = environment;
  }

  /** The same, with more in the environment. */
  PythonEngines with(Map<String, String> more) {
    return new PythonEngines(temp, more);
  }

  /** Installs them, once; where there is no Python, or no registry, the tests say so and end. */
  static PythonEngines install(Path temp) throws IOException {
    PythonEngines engines = new PythonEngines(temp, Map.of());
    Path wanted = SCRIPTS.resolve("requirements.txt");
    Path done = HOME.resolve("installed.txt");
    if (!Files.exists(done) || Files.mismatch(done, wanted) >= 0) {
      String python = System.getenv().getOrDefault("ECLUSE_PYTHON", "python3");
      engines.orSkip(List.of(python, "-m", "venv", HOME.toString()));
      engines.orSkip(
          List.of(
              HOME.resolve("bin/pip").toString(),
              "--disable-pip-version-check",
              "install",
              "--no-compile",
              "-q",
              "-r",
              wanted.toString()));
      Files.copy(wanted, done, java.nio.file.StandardCopyOption.REPLACE_EXISTING);
    }
    return engines;
  }

  private record Ended(int status, List<String> lines) {}

  private void orSkip(List<String> command) {
    Ended ended;
    try {
      ended = run(command);
    } catch (UncheckedIOException e) {
      ended = new Ended(127, List.of(String.valueOf(e.getMessage())));
    }
    if (ended.status() != 0) {
      System.err.println("SKIPPED: engines of others are not tried, since this failed: " + command);
      ended.lines().forEach(System.err::println);
    }
    Assumptions.assumeTrue(ended.status() == 0, "No Python, or no packages for it");
  }

  /** Has an engine do something, and returns the lines that it prints. */
  List<String> ask(String what, String url, String token, String... arguments) {
    List<String> command = new ArrayList<>();
    command.add(HOME.resolve("bin/python").toString());
    command.add(SCRIPTS.resolve("engines.py").toString());
    command.addAll(List.of(what, url, token));
    command.addAll(List.of(arguments));
    if (what.endsWith("duckdb")) {
      command.add(temp.resolve("extensions").toString());
    }
    Ended ended = run(command);
    assertThat(ended.status()).as(String.join("\n", ended.lines())).isZero();
    return ended.lines();
  }

  private Ended run(List<String> command) {
    try {
      Path out = Files.createTempFile(temp, "python", ".txt");
      ProcessBuilder builder =
          new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(out.toFile());
      builder.environment().put("PYTHONWARNINGS", "ignore");
      builder.environment().put("PYTHONUTF8", "1");
      builder.environment().putAll(environment);
      Process process = builder.start();
      if (!process.waitFor(5, TimeUnit.MINUTES)) {
        process.destroyForcibly();
        throw new AssertionError(command + " does not end");
      }
      return new Ended(process.exitValue(), Files.readAllLines(out));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
