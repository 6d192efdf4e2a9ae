package io.ecluse.spark;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Spark for tests, in the build folder: what is fetched, and a whole distribution made of that. */
public final class SparkHome {
  /** As {@code XDG_CACHE_HOME} has it. */
  public static final String CACHE = Path.of("target", "spark-cache").toAbsolutePath().toString();

  private static final Path SCRIPT = Path.of("..", "spark", "src", "test", "python", "fetch.py");

  private SparkHome() {}

  /** A distribution with tools and Python's libraries; empty without Python or its registry. */
  public static Optional<Path> whole() throws IOException, InterruptedException {
    Path log = Files.createTempFile("python", ".log");
    Process fetch =
        new ProcessBuilder("python3", SCRIPT.toString(), "../spark/target/python")
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    boolean fetched = fetch.waitFor(5, TimeUnit.MINUTES) && fetch.exitValue() == 0;
    List<String> said = Files.readAllLines(log);
    Files.delete(log);
    if (!fetched) {
      System.err.println("SKIPPED: Spark's tools, since this failed: " + said);
      return Optional.empty();
    }
    Path home = Path.of("target", "spark-home").toAbsolutePath();
    if (!Files.isDirectory(home)) {
      Path draft = Files.createTempDirectory(home.getParent(), "spark-home-");
      fill(draft, Path.of(said.get(said.size() - 1)));
      Files.move(draft, home, StandardCopyOption.ATOMIC_MOVE);
    }
    return Optional.of(home);
  }

  /** The folder with what is fetched. */
  public static Path jars() {
    return new SparkDistribution(Map.of("XDG_CACHE_HOME", CACHE))
        .find(List.of())
        .home()
        .resolve("jars");
  }

  private static void fill(Path home, Path more) throws IOException {
    Path jars = Files.createDirectories(home.resolve("jars"));
    link(jars(), jars);
    link(more.resolve("jars"), jars);
    Files.createSymbolicLink(home.resolve("bin"), more.resolve("bin"));
    Path python = Files.createDirectories(home.resolve("python"));
    Files.createSymbolicLink(python.resolve("lib"), more);
    Files.createSymbolicLink(python.resolve("pyspark"), more.resolve("python").resolve("pyspark"));
  }

  private static void link(Path from, Path jars) throws IOException {
    try (Stream<Path> files = Files.list(from)) {
      for (Path jar : files.toList()) {
        Files.createSymbolicLink(jars.resolve(jar.getFileName()), jar.toAbsolutePath());
      }
    }
  }
}
