package io.ecluse.spark;

import io.ecluse.error.EcluseException;
import io.ecluse.error.ErrorCode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The platform's own application for Spark, the same for every kind of cluster: beside the
 * platform's jar, or where a checkout builds it; there it is built when it is first needed. Safe
 * for use by several threads.
 */
public final class ApplicationJar {
  /** Names the jar, if it is elsewhere. */
  static final String VARIABLE = "ECLUSE_SPARK_APPLICATION";

  private static final Logger LOG = LoggerFactory.getLogger(ApplicationJar.class);
  private static final int LONGEST_BUILD_MINUTES = 15;

  private final Map<String, String> variables;

  /**
   * @param variables environment variables
   */
  public ApplicationJar(Map<String, String> variables) {
    this.variables = Map.copyOf(variables);
  }

  /**
   * The jar.
   *
   * @throws EcluseException SPARK_UNFIT if there is none
   */
  synchronized Path find() {
    Optional<Path> named =
        Optional.ofNullable(variables.get(VARIABLE)).filter(t -> !t.isBlank()).map(Path::of);
    if (named.isPresent()) {
      return named
          .filter(Files::isRegularFile)
          .orElseThrow(() -> missing(VARIABLE + " is " + named.get() + ", which is no file"));
    }
    Path platform = platform();
    Path folder = Optional.ofNullable(platform.getParent()).orElse(platform);
    Optional<Path> checkout =
        Stream.iterate(folder, Path::getParent)
            .takeWhile(f -> f != null && f.getNameCount() > 0)
            .limit(3)
            .filter(f -> Files.isRegularFile(f.resolve("spark").resolve("pom.xml")))
            .findFirst();
    Optional<Path> found =
        Stream.concat(
                Stream.of(folder, folder.resolve("lib")),
                checkout.stream().map(f -> f.resolve("spark").resolve("target")))
            .flatMap(f -> in(f).stream())
            .findFirst();
    return found
        .or(() -> checkout.flatMap(ApplicationJar::built))
        .orElseThrow(() -> missing("there is none beside " + platform));
  }

  private static EcluseException missing(String why) {
    return ErrorCode.SPARK_UNFIT.error(
        "The application that the platform runs on Spark is missing: %s; in a checkout build it with ./mvnw -pl spark -DskipTests package, or set %s to it"
            .formatted(why, VARIABLE));
  }

  private static Path platform() {
    try {
      return Path.of(
              ApplicationJar.class.getProtectionDomain().getCodeSource().getLocation().toURI())
          .toAbsolutePath();
    } catch (URISyntaxException e) {
      throw new AssertionError("Classes come from files", e);
    }
  }

  private static Optional<Path> in(Path folder) {
    if (!Files.isDirectory(folder)) {
      return Optional.empty();
    }
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .filter(f -> f.getFileName().toString().matches("ecluse-spark(-[0-9].*)?\\.jar"))
          .filter(f -> !f.getFileName().toString().matches(".*-(sources|javadoc|tests)\\.jar"))
          .findFirst();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Optional<Path> built(Path checkout) {
    LOG.info("Building the application for Spark, once; this takes a minute or so");
    List<String> command =
        List.of("./mvnw", "--batch-mode", "-q", "-pl", "spark", "-DskipTests", "package");
    try {
      Process maven =
          new ProcessBuilder(command)
              .directory(checkout.toFile())
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start();
      if (!maven.waitFor(LONGEST_BUILD_MINUTES, TimeUnit.MINUTES)) {
        maven.destroyForcibly();
      }
    } catch (IOException e) {
      LOG.warn("The application for Spark could not be built: {}", e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return in(checkout.resolve("spark").resolve("target"));
  }
}
