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
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Iceberg's own tests of catalogs, on the catalog of a run. */
@Timeout(300)
class IcebergKitTest {
  @TempDir static Path folder;

  @Test
  void passesIcebergsOwnTestsOfCatalogs() throws IOException, InterruptedException {
    List<String> lines =
        run(
            System.getProperty(
                "kit.only", "org.apache.iceberg.rest.RESTCompatibilityKitCatalogTests"));
    lines.forEach(System.out::println);
    assertThat(lines).isEmpty();
  }

  private static List<String> run(String tests) throws IOException, InterruptedException {
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
        command.add("-Drck.requires-namespace-create=false");
        command.add("-Drck.overrides-requested-location=true");
        command.add("-Drck.supports-serverside-retry=true");
        if (System.getProperty("kit.trace") != null) command.add("-Dkit.trace=1");
        command.addAll(List.of("-cp", classPath(), KitRun.class.getName(), out.toString(), tests));
        new ProcessBuilder(command).inheritIO().start().waitFor();
      }
    }
    return Files.readAllLines(out);
  }

  private static String classPath() throws IOException {
    try (Stream<Path> jars =
        Files.list(Path.of(System.getProperty("kit.jars", "target/servers/iceberg")))) {
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
