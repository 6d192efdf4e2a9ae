package io.ecluse.spark;

import io.ecluse.error.EcluseException;
import io.ecluse.error.ErrorCode;
import io.ecluse.spark.SparkDistribution.Jar;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Jars by their places in a Maven repository: what is in the user's own already is linked, the rest
 * is fetched from Maven Central, or from where the user's settings or {@link #REPOSITORY} say. A
 * jar with another checksum than the list has is refused. Safe for use by several threads.
 */
final class MavenJars {
  /** Names a repository to fetch from, as a URL. */
  static final String REPOSITORY = "ECLUSE_MAVEN_REPOSITORY";

  private static final String CENTRAL = "https://repo.maven.apache.org/maven2";
  private static final Duration PATIENCE = Duration.ofMinutes(5);
  private static final int TRIES = 3;
  private static final Pattern MIRROR = Pattern.compile("(?s)<mirror>(.*?)</mirror>");
  private static final Pattern OF = Pattern.compile("<mirrorOf>\\s*(.*?)\\s*</mirrorOf>");
  private static final Pattern URL = Pattern.compile("<url>\\s*(.*?)\\s*</url>");
  private static final Pattern LOCAL =
      Pattern.compile("<localRepository>\\s*(.*?)\\s*</localRepository>");

  private final Map<String, String> variables;
  private final Path maven = Path.of(System.getProperty("user.home"), ".m2");

  MavenJars(Map<String, String> variables) {
    this.variables = Map.copyOf(variables);
  }

  /**
   * Brings jars, each to its place, one after the other.
   *
   * @throws EcluseException CLUSTER_UNREACHABLE, DATA_CORRUPT
   */
  void bring(List<Jar> jars, Function<Jar, Path> places) throws IOException {
    HttpClient client =
        HttpClient.newBuilder()
            .connectTimeout(Duration.ofSeconds(20))
            .followRedirects(HttpClient.Redirect.NORMAL)
            .build();
    Optional<String> settings = settings();
    Path own =
        settings
            .flatMap(text -> first(LOCAL, text))
            .map(Path::of)
            .orElse(maven.resolve("repository"));
    for (Jar jar : jars) {
      Path there = own.resolve(jar.path());
      Path place = places.apply(jar);
      if (Files.isRegularFile(there) && sha256(there).equals(jar.sha256())) {
        link(there, place);
      } else {
        fetch(client, repository(settings) + "/" + jar.path(), jar, place);
      }
    }
  }

  /** Without a copy where the file system can. */
  private static void link(Path there, Path place) throws IOException {
    try {
      Files.createLink(place, there);
    } catch (IOException | UnsupportedOperationException e) {
      Files.copy(there, place);
    }
  }

  private Optional<String> settings() throws IOException {
    Path file = maven.resolve("settings.xml");
    return Files.isRegularFile(file) ? Optional.of(Files.readString(file)) : Optional.empty();
  }

  private String repository(Optional<String> settings) {
    return Optional.ofNullable(variables.get(REPOSITORY))
        .filter(text -> !text.isBlank())
        .or(() -> settings.flatMap(MavenJars::mirror))
        .orElse(CENTRAL)
        .replaceFirst("/+$", "");
  }

  private static Optional<String> mirror(String settings) {
    Matcher mirrors = MIRROR.matcher(settings.replaceAll("(?s)<!--.*?-->", ""));
    while (mirrors.find()) {
      String of = first(OF, mirrors.group(1)).orElse("");
      if (of.equals("*") || of.equals("external:*") || of.contains("central")) {
        return first(URL, mirrors.group(1));
      }
    }
    return Optional.empty();
  }

  private static Optional<String> first(Pattern pattern, String text) {
    Matcher matcher = pattern.matcher(text);
    return matcher.find() ? Optional.of(matcher.group(1)) : Optional.empty();
  }

  private static void fetch(HttpClient client, String url, Jar jar, Path place) {
    String trouble = "";
    for (int i = 0; i < TRIES; i++) {
      try {
        HttpResponse<Path> answer =
            client.send(
                HttpRequest.newBuilder(URI.create(url)).timeout(PATIENCE).build(),
                HttpResponse.BodyHandlers.ofFile(place));
        if (answer.statusCode() == 200) {
          require(jar, url, place);
          return;
        }
        trouble = "it answers " + answer.statusCode();
      } catch (IOException e) {
        trouble = String.valueOf(e.getMessage() == null ? e : e.getMessage());
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw ErrorCode.CANCELLED.error("Spark was being fetched", e);
      }
    }
    throw ErrorCode.CLUSTER_UNREACHABLE.error(
        "Spark's %s cannot be fetched from %s: %s; set SPARK_HOME to a distribution of Spark %s, or %s to a repository that can be reached"
            .formatted(jar.name(), url, trouble, SparkVersions.SPARK, REPOSITORY));
  }

  private static void require(Jar jar, String url, Path place) throws IOException {
    String found = sha256(place);
    if (!found.equals(jar.sha256())) {
      Files.delete(place);
      throw ErrorCode.DATA_CORRUPT.error(
          "%s from %s is not what this platform was built with: its SHA-256 is %s, not %s; look at who answers there"
              .formatted(jar.name(), url, found, jar.sha256()));
    }
  }

  static String sha256(Path file) throws IOException {
    try (InputStream in =
        new DigestInputStream(Files.newInputStream(file), MessageDigest.getInstance("SHA-256"))) {
      in.transferTo(java.io.OutputStream.nullOutputStream());
      return HexFormat.of().formatHex(((DigestInputStream) in).getMessageDigest().digest());
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("Every Java platform has SHA-256", e);
    }
  }
}
