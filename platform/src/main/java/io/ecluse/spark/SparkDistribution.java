package io.ecluse.spark;

import io.ecluse.error.EcluseException;
import io.ecluse.error.ErrorCode;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Spark's jars: those of {@code SPARK_HOME}, else Maven's, fetched once into the user's cache when
 * Spark is first needed, each with the checksum that this version of the platform was built with.
 * Safe for use by several threads and processes.
 */
public final class SparkDistribution {
  private static final Logger LOG = LoggerFactory.getLogger(SparkDistribution.class);
  private static final String LIST = "distribution.txt";

  /** Jars that not everybody needs, in the same words. */
  private static final String BESIDE = "beside.txt";

  private static final String KUBERNETES_LIST = "kubernetes.txt";

  /** What a cluster of Kubernetes needs beside the usual, fetched with the first one. */
  static final String KUBERNETES = "spark-kubernetes_";

  private static final Pattern CORE = Pattern.compile("spark-core_([0-9.]+)-(.+)\\.jar");

  private final Map<String, String> variables;
  private final MavenJars jars;

  /**
   * @param variables environment variables
   */
  public SparkDistribution(Map<String, String> variables) {
    this.variables = Map.copyOf(variables);
    this.jars = new MavenJars(variables);
  }

  /**
   * Where Spark is.
   *
   * @param home a folder with its {@code jars}
   * @param runtime Iceberg's jar for it
   * @param more folders with jars that it lacks
   */
  record Found(Path home, Path runtime, List<Path> more) {
    Found {
      more = List.copyOf(more);
    }

    /** Folders with all its jars. */
    List<Path> folders() {
      return Stream.concat(Stream.of(home.resolve("jars")), more.stream()).toList();
    }
  }

  /** A jar of the list: its place in a repository, and what it must be. */
  record Jar(String path, String sha256, long bytes) {
    String name() {
      return path.substring(path.lastIndexOf('/') + 1);
    }
  }

  /**
   * Finds Spark, or fetches it, which takes a while the first time.
   *
   * @param needs the beginnings of names of jars that it must have
   * @throws EcluseException SPARK_UNFIT if it is of another version, or lacks something;
   *     CLUSTER_UNREACHABLE if it cannot be fetched
   */
  Found find(List<String> needs) {
    Path fetched = fetched();
    Path home =
        Optional.ofNullable(variables.get("SPARK_HOME"))
            .filter(text -> !text.isBlank())
            .map(Path::of)
            .map(SparkDistribution::checked)
            .orElse(fetched);
    List<Path> more = new ArrayList<>();
    for (String need : needs) {
      if (names(home.resolve("jars")).stream().anyMatch(name -> name.startsWith(need))) {
        continue;
      }
      if (need.equals(KUBERNETES)) {
        more.add(
            fetched(SparkVersions.SPARK + "-kubernetes", list(KUBERNETES_LIST)).resolve("jars"));
      } else {
        throw unfit(
            "Spark in %s has no %s…jar, which this kind of cluster needs; set SPARK_HOME to a whole distribution of Spark %s, as the Python package pyspark has one"
                .formatted(home, need, SparkVersions.SPARK));
      }
    }
    Path runtime =
        files(fetched.resolve("ecluse")).stream()
            .filter(f -> f.getFileName().toString().startsWith(SparkVersions.RUNTIME))
            .findFirst()
            .orElseThrow();
    return new Found(home, runtime, more);
  }

  private static Path checked(Path home) {
    List<String> names = names(home.resolve("jars"));
    Optional<Matcher> core = names.stream().map(CORE::matcher).filter(Matcher::matches).findFirst();
    if (core.isEmpty()) {
      throw unfit(
          "SPARK_HOME is %s, but there is no spark-core in its folder jars; set it to a distribution of Spark %s, or leave it away to have that fetched"
              .formatted(home, SparkVersions.SPARK));
    }
    String version = core.get().group(2);
    if (!version.startsWith(SparkVersions.LINE)
        || !core.get().group(1).equals(SparkVersions.SCALA)) {
      throw unfit(
          "SPARK_HOME is %s with Spark %s for Scala %s, but this platform works with Spark %sx for Scala %s; set it to such a distribution, or leave it away to have %s fetched"
              .formatted(
                  home,
                  version,
                  core.get().group(1),
                  SparkVersions.LINE,
                  SparkVersions.SCALA,
                  SparkVersions.SPARK));
    }
    return home;
  }

  private static EcluseException unfit(String message) {
    return ErrorCode.SPARK_UNFIT.error(message);
  }

  private boolean hasOwn() {
    return !variables.getOrDefault("SPARK_HOME", "").isBlank();
  }

  /** With a distribution of one's own, only what that lacks. */
  private Path fetched() {
    List<Jar> wanted =
        list(LIST).stream()
            .filter(jar -> !hasOwn() || jar.name().startsWith(SparkVersions.RUNTIME))
            .toList();
    return fetched(SparkVersions.SPARK + (hasOwn() ? "-runtime" : ""), wanted);
  }

  /**
   * A jar that goes beside Spark's, fetched when it is first needed.
   *
   * @param start of its name
   */
  Path beside(String start) {
    Jar jar =
        list(BESIDE).stream().filter(j -> j.name().startsWith(start)).findFirst().orElseThrow();
    return fetched(jar.name().replaceFirst("[.]jar$", ""), List.of(jar))
        .resolve("jars")
        .resolve(jar.name());
  }

  private Path fetched(String name, List<Jar> wanted) {
    Path folder = cache().resolve("ecluse").resolve("spark").resolve(name);
    if (Files.isDirectory(folder)) {
      return folder;
    }
    LOG.info("Spark is first needed: bringing {} jars into {}", wanted.size(), folder);
    try {
      Files.createDirectories(folder.getParent());
      Path draft = Files.createTempDirectory(folder.getParent(), "draft-");
      try {
        Files.createDirectories(draft.resolve("jars"));
        Files.createDirectories(draft.resolve("ecluse"));
        jars.bring(
            wanted,
            jar ->
                draft
                    .resolve(jar.name().startsWith(SparkVersions.RUNTIME) ? "ecluse" : "jars")
                    .resolve(jar.name()));
        move(draft, folder);
      } finally {
        delete(draft);
      }
      return folder;
    } catch (IOException e) {
      throw ErrorCode.DISK_FULL.error(
          "Spark could not be brought into %s: %s".formatted(folder, e.getMessage()), e);
    }
  }

  private Path cache() {
    return Optional.ofNullable(variables.get("XDG_CACHE_HOME"))
        .filter(text -> !text.isBlank())
        .map(Path::of)
        .orElseGet(() -> Path.of(System.getProperty("user.home"), ".cache"));
  }

  /** Whole or not at all; another process may have been faster. */
  static void move(Path draft, Path folder) throws IOException {
    try {
      Files.move(draft, folder, StandardCopyOption.ATOMIC_MOVE);
    } catch (FileSystemException e) { // of which kind is up to the file system
      if (!Files.isDirectory(folder)) {
        throw e;
      }
      LOG.debug("Another process brought Spark into {}", folder);
    }
  }

  private static void delete(Path folder) throws IOException {
    if (Files.exists(folder)) {
      try (Stream<Path> paths = Files.walk(folder)) {
        for (Path path : paths.sorted((a, b) -> b.compareTo(a)).toList()) {
          Files.deleteIfExists(path);
        }
      }
    }
  }

  /** The jars of Spark and Iceberg's runtime. */
  static List<Jar> list() {
    return list(LIST);
  }

  private static List<Jar> list(String resource) {
    try (InputStream in = SparkDistribution.class.getResourceAsStream(resource)) {
      List<Jar> jars = new ArrayList<>();
      String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      for (String line : text.lines().toList()) {
        String[] words = line.split(" ", 3);
        jars.add(new Jar(words[1], words[0], Long.parseLong(words[2])));
      }
      return jars;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<String> names(Path folder) {
    return files(folder).stream().map(f -> f.getFileName().toString()).toList();
  }

  private static List<Path> files(Path folder) {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(folder)) {
      return files.sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
