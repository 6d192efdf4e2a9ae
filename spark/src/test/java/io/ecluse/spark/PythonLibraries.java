package io.ecluse.spark;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/** Spark's libraries for Python, brought into the build folder once. */
final class PythonLibraries {
  private PythonLibraries() {}

  /** As {@code PYTHONPATH} takes them; where there is no Python, or no registry, the test ends. */
  static String path() throws IOException, InterruptedException {
    Path log = Files.createTempFile("python", ".log");
    List<String> command =
        List.of(
            System.getenv().getOrDefault("ECLUSE_PYTHON", "python3"),
            "src/test/python/fetch.py",
            Path.of("target", "python").toString());
    boolean fetched = runs(command, log);
    List<String> said = Files.readAllLines(log);
    Files.delete(log);
    if (!fetched) {
      System.err.println("SKIPPED: programs in Python, since this failed: " + command);
      said.forEach(System.err::println);
    }
    Assumptions.assumeTrue(fetched, "No Python, or no registry for its packages");
    return zips(Path.of(said.get(said.size() - 1)));
  }

  private static boolean runs(List<String> command, Path log) throws InterruptedException {
    try {
      Process process =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(log.toFile())
              .start();
      if (!process.waitFor(5, TimeUnit.MINUTES)) {
        process.destroyForcibly();
        return false;
      }
      return process.exitValue() == 0;
    } catch (IOException e) {
      return false; // there is no such program
    }
  }

  private static String zips(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .map(Path::toString)
          .filter(f -> f.endsWith(".zip"))
          .sorted()
          .collect(Collectors.joining(":"));
    }
  }
}
