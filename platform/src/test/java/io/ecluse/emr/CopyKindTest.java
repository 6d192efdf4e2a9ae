package io.ecluse.emr;

import static io.ecluse.emr.EmrFixture.name;
import static org.assertj.core.api.Assertions.assertThat;

import io.ecluse.Platform;
import io.ecluse.Registrations;
import io.ecluse.Servers;
import io.ecluse.project.DagExpander;
import io.ecluse.project.Project;
import io.ecluse.scheduler.Run;
import io.ecluse.scheduler.RunRequest;
import io.ecluse.scheduler.RunState;
import io.ecluse.scheduler.Trigger;
import io.ecluse.storage.S3Server;
import io.ecluse.storage.Storage;
import io.ecluse.storage.Storages;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class CopyKindTest {
  @TempDir Path folder;
  private final String bucket = S3Server.shared().newBucket();
  private final EmrFixture there =
      EmrFixture.start(S3Server.shared().settings(), EmrFixture::shell);

  @BeforeEach
  void keys() {
    System.setProperty("aws.accessKeyId", EmrServer.KEY);
    System.setProperty("aws.secretAccessKey", EmrServer.SECRET);
  }

  @AfterEach
  void stop() {
    there.close();
    System.clearProperty("aws.accessKeyId");
    System.clearProperty("aws.secretAccessKey");
  }

  private Platform open(String cluster) throws IOException {
    Files.writeString(
        folder.resolve("ecluse.yaml"),
        """
        name: school
        clusters:
          shared: { type: emr, region: eu-west-3, endpoint: "%s", cluster_id: %s, files: "s3://%s/f", address: 127.0.0.1 }
        """
            .formatted(there.server.endpoint(), cluster, bucket));
    Files.createDirectories(folder.resolve("dags"));
    Files.writeString(
        folder.resolve("dags/bring.yaml"),
        """
        retries: 0
        tasks:
          bring: { copy: { cluster: shared, from: "s3://%s/in", to: "s3://%s/out", pattern: ".*[.]csv" } }
        """
            .formatted(bucket, bucket));
    Registrations usual = Registrations.builtIn();
    List<io.ecluse.flow.TaskKind> tasks =
        usual.tasks().stream()
            .map(kind -> kind.name().equals("copy") ? new CopyKind(EmrFixture.PACE) : kind)
            .toList();
    return new Platform(
        new Platform.Opening(
                folder,
                Project.DEFAULT_ENVIRONMENT,
                Platform.Workers.HERE,
                2,
                Map.of(
                    "ECLUSE_DATABASE_URL",
                    "postgresql://%s:%s@127.0.0.1:%d/%s"
                        .formatted(
                            Servers.server().user(),
                            Servers.server().password(),
                            Servers.server().port(),
                            Servers.newDatabase())))
            .with(
                new Registrations(
                    usual.policy(),
                    usual.engine(),
                    usual.sources(),
                    tasks,
                    usual.materializations(),
                    usual.clusters())));
  }

  private static Run run(Platform platform) {
    Project project = platform.project().get();
    var dag = new DagExpander(project).expand(project.dag("bring"));
    return platform
        .scheduler()
        .awaitEnd(
            platform
                .scheduler()
                .start(new RunRequest(dag, Trigger.MANUAL, Instant.now(), Set.of())));
  }

  @Test
  void copiesAsATaskAndFailsWithIt() throws IOException {
    String cluster =
        there.emr.clusters().open(EmrFixture.plan(), name("shared"), Asked.FOR_THE_FIRST_TIME);
    try (Storage store = Storages.open("s3://" + bucket, () -> S3Server.shared().settings());
        Platform platform = open(cluster)) {
      store.write("in/a.csv", new byte[] {1, 2});
      store.write("in/a.txt", new byte[] {3});

      Run run = run(platform);

      assertThat(run.state()).as(() -> run.error().toString()).isEqualTo(RunState.SUCCESS);
      assertThat(store.files("out")).extracting(f -> f.name()).containsExactly("out/a.csv");

      store.delete(List.of("in/a.csv"));
      Run empty = run(platform);
      assertThat(empty.state()).isEqualTo(RunState.FAILED);
      assertThat(empty.error().toString()).contains("failed: Exit status: 1");
    }
  }
}
