package io.ecluse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What the build says that it is made of is what it is made of. */
class BillOfMaterialsIT {
  private static final Path PLATFORM = Path.of("target/ecluse-platform.cdx.json");
  private static final Path PAGES = Path.of("../ui/target/ecluse-ui.cdx.json");

  @Test
  void namesEveryJarOfTheProductWithItsHash() throws IOException {
    assumeTrue(Files.exists(PLATFORM), "Maven makes it when it is online");
    Set<String> named = new TreeSet<>();
    for (JsonNode part : JsonMapper.shared().readTree(PLATFORM.toFile()).path("components")) {
      assertThat(part.path("purl").asString()).startsWith("pkg:maven/");
      named.add(part.path("name").asString() + "-" + part.path("version").asString());
    }
    Set<String> jars = new TreeSet<>();
    try (Stream<Path> files = Files.list(Path.of("target/lib"))) {
      files.map(f -> f.getFileName().toString().replaceAll("\\.jar$", "")).forEach(jars::add);
    }
    assertThat(jars)
        .as("delete %s and build again if it is older than the poms", PLATFORM)
        .allMatch(jar -> named.stream().anyMatch(jar::startsWith));
    assertThat(named).hasSameSizeAs(jars);
  }

  @Test
  void namesThePackagesOfThePages() throws IOException {
    JsonNode parts = JsonMapper.shared().readTree(PAGES.toFile()).path("components");
    assertThat(parts.valueStream().map(p -> p.path("name").asString()))
        .contains("react", "react-router");
  }

  @Test
  void mavenIsCheckedBeforeItRunsAndWhatItLoadsToo() throws IOException {
    assertThat(Files.readString(Path.of("../.mvn/wrapper/maven-wrapper.properties")))
        .containsPattern("distributionSha256Sum=[0-9a-f]{64}");
    assertThat(Files.readString(Path.of("../.mvn/maven.config"))).contains("--strict-checksums");
  }
}
