package io.ecluse.spark;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.spark.package$;
import org.junit.jupiter.api.Assumptions;

/** Spark's libraries for Python, brought into the build folder once. */
final class PythonLibraries {
  private static final String SHA256 =
      "77f78984aa84fbe865c717dd37b49913b4e5c97d76ef6824f932f1aefa6621ec";

  private PythonLibraries() {}

  /** As {@code PYTHONPATH} takes them; where there is no Python, or no registry, the test ends. */
  static String path() throws IOException, InterruptedException {
    Path folder = Path.of("target", "python", SHA256).toAbsolutePath();
    if (zips(folder).isEmpty()) {
      Path log = Files.createTempFile("python", ".log");
      List<String> command =
          List.of(
              System.getenv().getOrDefault("ECLUSE_PYTHON", "python3"),
              "src/test/python/fetch.py",
              package$.MODULE$.SPARK_VERSION(),
              SHA256,
              folder.toString());
      boolean fetched = runs(command, log);
      if (!fetched) {
        System.err.println("SKIPPED: programs in Python, since this failed: " + command);
        Files.readAllLines(log).forEach(System.err::println);
      }
      Files.delete(log);
      Assumptions.assumeTrue(fetched, "No Python, or no registry for its packages");
    }
    return zips(folder);
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
    if (!Files.isDirectory(folder)) {
      return "";
    }
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .map(Path::toString)
          .filter(f -> f.endsWith(".zip"))
          .sorted()
          .collect(Collectors.joining(":"));
    }
  }
}
