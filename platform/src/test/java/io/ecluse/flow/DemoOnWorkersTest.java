package io.ecluse.flow;

import static org.assertj.core.api.Assertions.assertThat;

import io.ecluse.spark.StandaloneServers;
import io.ecluse.storage.S3Server;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The demo on a standalone cluster of two workers, with its tables on S3. */
@Timeout(1800)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class DemoOnWorkersTest {
  @TempDir static Path folder;
  private static ClusterFixture demo;
  private static StandaloneServers servers;
  private static String bucket;
  private static List<List<String>> expected = List.of();

  @BeforeAll
  static void servers() throws Exception {
    demo = new ClusterFixture(folder);
    Map<String, String> machines = new HashMap<>(demo.variables());
    machines.put("AWS_ACCESS_KEY_ID", S3Server.KEY);
    machines.put("AWS_SECRET_ACCESS_KEY", S3Server.SECRET);
    demo.variables().put("ECLUSE_SECRET_S3_KEY", S3Server.KEY);
    demo.variables().put("ECLUSE_SECRET_S3_WORD", S3Server.SECRET);
    servers = new StandaloneServers(folder.resolve(".ecluse/servers"), 2, machines);
    bucket = S3Server.shared().newBucket();
    settings("room: 10m");
    demo.open();
  }

  @AfterAll
  static void end() {
    demo.close();
    if (servers != null) {
      servers.close();
    }
  }

  private static void settings(String room) throws IOException {
    demo.settings(
        "{ location: \"s3://%s/school\", s3: { endpoint: \"%s\", access_key: \"${secret:s3_key}\", secret_key: \"${secret:s3_word}\" } }"
            .formatted(bucket, S3Server.shared().endpoint()),
        "type: standalone, master: \"%s\", memory: 600MB, executor_memory: 500MB, idle: 20s, %s"
            .formatted(servers.url(), room),
        "");
  }

  @Test
  @Order(1)
  void givesTheSameRowsAndLosesNoneWithAnExecutorAndAWorker() throws Exception {
    expected = demo.sameByBothEngines();

    String run = demo.start("slow", "spark");
    demo.awaitMiddle(run);
    assertThat(servers.killExecutor()).isTrue();
    Thread.sleep(1_000);
    servers.killWorker();

    demo.succeeds(run);
    assertThat(demo.contents()).isEqualTo(expected);
  }

  @Test
  @Order(2)
  void waitsForWorkersThatAreAllLostNoLongerThanItMay() throws Exception {
    settings("room: 5s");
    demo.open();
    String run = demo.start("slow", "spark");
    demo.awaitMiddle(run);

    servers.killWorkers();

    assertThat(demo.fails(run))
        .contains("Cluster one had no room for the work within 5 s")
        .contains("has no executor to work for it")
        .contains("wait for longer (room) in clusters.one of ecluse.yaml");
    assertThat(demo.contents()).isEqualTo(expected);
  }

  @Test
  @Order(3)
  void saysThatTheStoreRefusesTheKeysOfItsMachines() throws Exception {
    settings("room: 10m");
    Files.writeString(
        folder.resolve("dags/small.yaml"),
        "retries: 0\ntasks: { small: { build: core.average_grades } }\n");
    demo.open();

    servers.addWorker(Map.of("AWS_ACCESS_KEY_ID", "nobody"));

    assertThat(demo.fails(demo.start("small", "spark")))
        .contains("The store of the tables does not let Spark in (InvalidAccessKeyId)")
        .contains("look at the keys or the role that the cluster's machines have")
        .contains("(the tables are at s3://" + bucket + "/school");
    assertThat(demo.contents()).isEqualTo(expected);
  }
}
