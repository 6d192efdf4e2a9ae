package io.ecluse.yarn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ecluse.Registrations;
import io.ecluse.duckdb.EngineParser;
import io.ecluse.error.EcluseException;
import io.ecluse.error.ErrorCode;
import io.ecluse.project.ProjectReader;
import io.ecluse.project.Settings;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class YarnClusterTest {
  @TempDir Path folder;

  private Settings.Cluster cluster() throws IOException {
    Files.writeString(
        folder.resolve("ecluse.yaml"),
        "name: school\nclusters:\n  big: { type: yarn, hadoop_conf_dir: \"%s\" }\n"
            .formatted(folder.resolve("conf")));
    return new ProjectReader(new EngineParser(), Registrations.builtIn().vocabulary())
        .read(folder)
        .orThrow()
        .settings("dev")
        .clusters()
        .get("big");
  }

  private void manager(int... ports) throws IOException {
    StringBuilder text = new StringBuilder("<configuration>");
    for (int i = 0; i < ports.length; i++) {
      text.append(
          "<property><name>yarn.resourcemanager.address%s</name><value>127.0.0.1:%d</value></property>"
              .formatted(ports.length > 1 ? ".rm" + i : "", ports[i]));
    }
    if (ports.length > 1) {
      text.append(
          "<property><name>yarn.resourcemanager.ha.enabled</name><value>true</value></property><property><name>yarn.resourcemanager.ha.rm-ids</name><value>rm0,rm1</value></property>");
    }
    Files.writeString(
        Files.createDirectories(folder.resolve("conf")).resolve("yarn-site.xml"),
        text + "</configuration>");
  }

  private static ServerSocket socket() throws IOException {
    return new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
  }

  @Test
  void saysThatNoResourceManagerAnswers() throws IOException {
    int port;
    try (ServerSocket socket = socket()) {
      port = socket.getLocalPort();
    }
    manager(port);

    assertThatThrownBy(() -> new YarnCluster().reach(cluster()))
        .isInstanceOfSatisfying(
            EcluseException.class,
            e -> assertThat(e.code())
                .isEqualTo(ErrorCode.CLUSTER_UNREACHABLE))
        .hasMessageContaining("The resource manager of cluster big does not answer at")
        .hasMessageContaining(String.valueOf(port));
  }

  @Test
  void takesAnyOfSeveralResourceManagers() throws IOException {
    try (ServerSocket gone = socket();
        ServerSocket there = socket()) {
      gone.close();
      manager(gone.getLocalPort(), there.getLocalPort());

      assertThatCode(() -> new YarnCluster().reach(cluster())).doesNotThrowAnyException();
    }
  }

  @Test
  void wantsTheFolderWithTheClustersConfiguration() {
    assertThatThrownBy(() -> new YarnCluster().reach(cluster()))
        .hasMessageContaining(
            "hadoop_conf_dir of cluster big must be a folder with the cluster's yarn-site.xml");
  }
}
