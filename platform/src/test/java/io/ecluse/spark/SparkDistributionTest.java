package io.ecluse.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import io.ecluse.error.EcluseException;
import io.ecluse.error.ErrorCode;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SparkDistributionTest {
  private static final byte[] JAR = "a jar".getBytes(StandardCharsets.UTF_8);

  @TempDir Path folder;

  private Path home(String... jars) throws IOException {
    Path home = Files.createDirectories(folder.resolve("spark"));
    Files.createDirectories(home.resolve("jars"));
    for (String jar : jars) {
      Files.writeString(home.resolve("jars").resolve(jar), "");
    }
    return home;
  }

  private Map<String, String> variables(Path home) {
    return Map.of("SPARK_HOME", home.toString(), "XDG_CACHE_HOME", folder.resolve("c").toString());
  }

  @Test
  void namesEachJarOfTheListOnceWithItsChecksum() {
    List<SparkDistribution.Jar> jars = SparkDistribution.list();

    assertThat(jars).extracting(SparkDistribution.Jar::name).doesNotHaveDuplicates();
    assertThat(jars).allMatch(jar -> jar.sha256().matches("[0-9a-f]{64}"));
    assertThat(jars)
        .extracting(SparkDistribution.Jar::name)
        .contains("spark-core_2.13-" + SparkVersions.SPARK + ".jar")
        .anyMatch(name -> name.startsWith(SparkVersions.RUNTIME));
  }

  @Test
  void refusesASparkOfAnotherVersion() throws IOException {
    Path home = home("spark-core_2.12-3.5.1.jar");

    assertThatThrownBy(() -> new SparkDistribution(variables(home)).find(List.of()))
        .isInstanceOfSatisfying(
            EcluseException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.SPARK_UNFIT))
        .hasMessageContaining("Spark 3.5.1 for Scala 2.12")
        .hasMessageContaining("works with Spark 4.1.x for Scala 2.13");
  }

  @Test
  void refusesAFolderThatIsNoSparkOrLacksWhatAClusterNeeds() throws IOException {
    Path empty = home();
    assertThatThrownBy(() -> new SparkDistribution(variables(empty)).find(List.of()))
        .hasMessageContaining("there is no spark-core in its folder jars");

    Path whole = home("spark-core_2.13-4.1.2.jar");
    assertThatThrownBy(() -> new SparkDistribution(variables(whole)).find(List.of("spark-yarn_")))
        .hasMessageContaining("has no spark-yarn_…jar");
  }

  @Test
  void whoIsSecondToBringSparkTakesWhatIsThere() throws IOException {
    Path brought = Files.createDirectories(folder.resolve("brought"));
    Files.createFile(brought.resolve("first"));
    Path draft = Files.createDirectories(folder.resolve("draft"));
    Files.createFile(draft.resolve("second"));

    SparkDistribution.move(draft, brought);

    assertThat(brought).isDirectoryContaining("glob:**first");
    assertThatThrownBy(() -> SparkDistribution.move(draft, folder.resolve("none/at/all")))
        .isInstanceOf(IOException.class);
  }

  @Test
  void bringsJarsFromARepositoryAndRefusesOtherOnes() throws IOException {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          boolean there = exchange.getRequestURI().getPath().equals("/maven/a/b.jar");
          exchange.sendResponseHeaders(there ? 200 : 404, there ? JAR.length : -1);
          if (there) {
            exchange.getResponseBody().write(JAR);
          }
          exchange.close();
        });
    server.start();
    try {
      String url = "http://127.0.0.1:%d/maven/".formatted(server.getAddress().getPort());
      MavenJars jars = new MavenJars(Map.of(MavenJars.REPOSITORY, url));
      Path source = Files.write(folder.resolve("source"), JAR);
      Path place = folder.resolve("b.jar");
      var right = new SparkDistribution.Jar("a/b.jar", MavenJars.sha256(source), JAR.length);
      var other = new SparkDistribution.Jar("a/b.jar", "0".repeat(64), JAR.length);
      var missing = new SparkDistribution.Jar("a/c.jar", "0".repeat(64), JAR.length);

      jars.bring(List.of(right), jar -> place);

      assertThat(place).hasBinaryContent(JAR);
      assertThatThrownBy(() -> jars.bring(List.of(other), jar -> folder.resolve("other.jar")))
          .hasMessageContaining("is not what this platform was built with");
      assertThat(folder.resolve("other.jar")).doesNotExist();
      assertThatThrownBy(() -> jars.bring(List.of(missing), jar -> folder.resolve("c.jar")))
          .hasMessageContaining("it answers 404")
          .hasMessageContaining("set SPARK_HOME");
    } finally {
      server.stop(0);
    }
  }
}
