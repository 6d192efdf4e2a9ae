package io.ecluse;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;

/** A virtual environment of Python below target, with the packages that a file names. */
public final class PythonEnvironment {
  private static final Path SCRIPTS = Path.of("src", "test", "python").toAbsolutePath();

  private final Path home;

  private PythonEnvironment(Path home) {
    this.home = home;
  }

  /** How a program ended, and what it printed. */
  public record Ended(int status, List<String> lines) {}

  /**
   * Installs the packages, once; where there is no Python, or no registry, the tests say so and
   * end.
   *
   * @param name of the folder below target
   * @param requirements seen from the folder of the scripts
   * @param what is not tried then
   */
  public static PythonEnvironment install(String name, String requirements, String what)
      throws IOException {
    Path home = Path.of("target", name).toAbsolutePath();
    PythonEnvironment there = new PythonEnvironment(home);
    Path wanted = script(requirements);
    Path done = home.resolve("installed.txt");
    if (!Files.exists(done) || Files.mismatch(done, wanted) >= 0) {
      String python = System.getenv().getOrDefault("ECLUSE_PYTHON", "python3");
      orSkip(what, List.of(python, "-m", "venv", home.toString()));
      orSkip(
          what,
          List.of(
              home.resolve("bin/pip").toString(),
              "--disable-pip-version-check",
              "install",
              "--no-compile",
              "-q",
              "-r",
              wanted.toString()));
      Files.copy(wanted, done, StandardCopyOption.REPLACE_EXISTING);
    }
    return there;
  }

  private static void orSkip(String what, List<String> command) {
    Ended ended;
    try {
      ended = run(command, Map.of());
    } catch (UncheckedIOException e) {
      ended = new Ended(127, List.of(String.valueOf(e.getMessage())));
    }
    if (ended.status() != 0) {
      System.err.printf("SKIPPED: %s, since this failed: %s%n", what, command);
      ended.lines().forEach(System.err::println);
    }
    Assumptions.assumeTrue(ended.status() == 0, "No Python, or no packages for it");
  }

  /** A file of the scripts. */
  public static Path script(String name) {
    return SCRIPTS.resolve(name);
  }

  /** The interpreter. */
  public Path python() {
    return home.resolve("bin/python");
  }

  /** Runs any program to its end, at most five minutes. */
  public static Ended run(List<String> command, Map<String, String> environment) {
    try {
      Path out = Files.createTempFile("ecluse-python-", ".txt");
      try {
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
      } finally {
        Files.deleteIfExists(out);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
