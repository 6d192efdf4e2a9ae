package io.ecluse.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import io.ecluse.Registrations;
import io.ecluse.deploy.Manifests.Node;
import io.ecluse.duckdb.EngineParser;
import io.ecluse.project.Project;
import io.ecluse.project.ProjectReader;
import io.ecluse.project.ProjectReading;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The project in the chart's example for Spark is a good one, and fits what the chart makes. */
class SparkExampleTest {
  @TempDir Path folder;
  private Node values;

  @BeforeEach
  void writeProject() throws IOException {
    values = Manifests.of(HelmCharts.example("spark-on-kubernetes")).objects().get(0);
    for (Map.Entry<?, ?> file : values.at("project.files").map().entrySet()) {
      Path path = folder.resolve(String.valueOf(file.getKey()));
      Files.createDirectories(path.getParent());
      Files.writeString(path, String.valueOf(file.getValue()));
    }
  }

  @Test
  void hasAProjectWithoutAnError() {
    try (EngineParser parser = new EngineParser()) {
      ProjectReading reading =
          new ProjectReader(parser, Registrations.builtIn().vocabulary()).read(folder);
      assertThat(reading.problems()).isEmpty();
      Project project = reading.orThrow();
      assertThat(project.dags()).containsOnlyKeys("nightly");
      assertThat(project.settings("dev").warehouse().location()).startsWith("s3://");
    }
  }

  @Test
  void namesTheClusterAsTheChartMakesIt() throws IOException {
    Node cluster =
        Manifests.of(Files.readString(folder.resolve("ecluse.yaml")))
            .objects()
            .get(0)
            .at("clusters.pods");
    assertThat(cluster.at("namespace").text()).isEqualTo(values.at("spark.namespace").text());
    assertThat(cluster.at("service_account").text()).isEqualTo("spark");
    assertThat(cluster.at("address").text()).isEqualTo("school-ecluse-jobs.school.svc");
    assertThat(cluster.at("listen").text()).isEqualTo("0.0.0.0");
    assertThat(folder.resolve(cluster.at("pod_template").text())).exists();
  }

  @Test
  void letsSparksPodsIntoANamespaceThatIsRestricted() throws IOException {
    Node pod = Manifests.of(Files.readString(folder.resolve("clusters/pod.yaml"))).objects().get(0);
    Node security = pod.at("spec.securityContext");
    assertThat(security.at("runAsNonRoot").text()).isEqualTo("true");
    assertThat(security.at("seccompProfile.type").text()).isEqualTo("RuntimeDefault");
    for (Node container : pod.at("spec.containers").each()) {
      assertThat(container.at("securityContext.allowPrivilegeEscalation").text())
          .isEqualTo("false");
      assertThat(container.at("securityContext.capabilities.drop").text()).isEqualTo("[ALL]");
    }
  }
}
