package io.ecluse.serve;

import static org.assertj.core.api.Assertions.assertThat;

import io.ecluse.Servers;
import io.ecluse.access.AccessTokens;
import io.ecluse.access.Policy;
import io.ecluse.metadata.Metadata;
import io.ecluse.warehouse.Fence;
import io.ecluse.warehouse.KitCatalogs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Iceberg's own tests of catalogs, on the catalog of a run. */
@Timeout(300)
class IcebergKitTest {
  private static final String TABLES = "org.apache.iceberg.rest.RESTCompatibilityKitCatalogTests";
  private static final String VIEWS =
      "org.apache.iceberg.rest.RESTCompatibilityKitViewCatalogTests";

  /** It asks half a minute long again for what cannot be. */
  private static final String SLOW = "testLoadTableWithMissingMetadataFile";

  private static final Pattern NAME = Pattern.compile("`(\\w+\\(\\w*\\)(\\[\\d+])?)`");

  @TempDir static Path folder;

  /** Each test that is left out stands in the documentation, with its reason. */
  @Test
  void passesIcebergsOwnTestsOfCatalogsButForThoseThatTheDocumentationTells()
      throws IOException, InterruptedException {
    List<String> lines = run(TABLES, VIEWS, "-" + SLOW);

    Set<String> failed = new TreeSet<>();
    lines.stream().filter(l -> l.startsWith("FAILED")).forEach(l -> failed.add(l.split(" ")[1]));
    Set<String> told = told();
    told.removeIf(t -> t.startsWith(SLOW));
    assertThat(failed)
        .as(String.join("\n", lines.stream().filter(l -> l.startsWith("FAILED")).toList()))
        .isEqualTo(told);
    assertThat(lines.stream().filter(l -> l.startsWith("SUCCESSFUL"))).hasSizeGreaterThan(125);
  }

  private static Set<String> told() throws IOException {
    Set<String> told = new TreeSet<>();
    for (String line : Files.readAllLines(Path.of("../docs/iceberg.md"))) {
      if (line.startsWith("| `")) {
        NAME.matcher(line.split("\\|")[1]).results().forEach(r -> told.add(r.group(1)));
      }
    }
    return told;
  }

  private static List<String> run(String... tests) throws IOException, InterruptedException {
    Path out = folder.resolve("lines");
    try (Metadata metadata = Servers.newMetadata()) {
      IcebergWriters writers = new IcebergWriters();
      IcebergDoor door =
          new IcebergDoor(
              new IcebergDoor.Who(
                  new AccessTokens(metadata.jdbi(), Policy.OPEN), writers, Policy.OPEN),
              new KitCatalogs(metadata.jdbi(), "kit", folder.resolve("warehouse")),
              new AnyRun(),
              sql -> Set.of());
      try (HttpDoor http = new HttpDoor(door)) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("-Xmx512m", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"));
        command.addAll(List.of("-Drck.local=false", "-Duri=" + http.url() + "/runs/kit"));
        command.add("-Dtoken=" + writers.ticket("kit", Fence.NONE));
        command.add("-Drck.requires-namespace-create=true");
        command.add("-Drck.overrides-requested-location=true");
        command.add("-Drck.supports-serverside-retry=true");
        command.addAll(List.of("-cp", classPath(), KitRun.class.getName(), out.toString()));
        command.addAll(List.of(tests));
        assertThat(
                new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(folder.resolve("output").toFile())
                    .start()
                    .waitFor())
            .isZero();
      }
    }
    return Files.readAllLines(out);
  }

  private static String classPath() throws IOException {
    try (Stream<Path> jars = Files.list(Path.of("target/servers/iceberg"))) {
      List<String> all = new ArrayList<>(jars.map(Path::toString).toList());
      all.add(System.getProperty("java.class.path"));
      return String.join(":", all);
    }
  }

  private static final class AnyRun implements OpenRuns {
    @Override
    public void require(String runId) {}

    @Override
    public void hold(Connection connection, String runId) {}
  }
}
