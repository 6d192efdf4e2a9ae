package io.ecluse.flow;

import static org.assertj.core.api.Assertions.assertThat;

import io.ecluse.scheduler.RunState;
import io.ecluse.spark.HadoopServers;
import io.ecluse.spark.SparkWithYarn;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The demo on YARN, with the driver on the cluster and the tables on HDFS. */
@Timeout(900)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class DemoOnYarnTest {
  private static final String STATE = "SELECT count(*) FROM engine_session WHERE state = '%s'";

  @TempDir static Path folder;
  private static ClusterFixture demo;
  private static HadoopServers hadoop;
  private static List<List<String>> expected = List.of();

  @BeforeAll
  static void servers() throws Exception {
    demo = new ClusterFixture(folder);
    Path spark = SparkWithYarn.home(demo.variables());
    demo.variables().put("SPARK_HOME", spark.toString());
    hadoop = new HadoopServers(spark, 2_600);
    demo.settings(
        "{ location: \"%s\" }".formatted(hadoop.newLocation()),
        "type: yarn, hadoop_conf_dir: \"%s\", deploy_mode: cluster, memory: 600MB, executors: 1, executor_cores: 2, executor_memory: 500MB, idle: 60s, room: 60s"
            .formatted(hadoop.conf()),
        ", spark.yarn.appMasterEnv.SPARK_LOCAL_IP: 127.0.0.1, spark.executorEnv.SPARK_LOCAL_IP: 127.0.0.1",
        "narrow: { type: yarn, hadoop_conf_dir: \"%s\", deploy_mode: cluster, queue: narrow, memory: 600MB, room: 3s }"
            .formatted(hadoop.conf()));
    demo.open();
  }

  @AfterAll
  static void end() {
    demo.close();
    if (hadoop != null) {
      hadoop.close();
    }
  }

  @Test
  @Order(1)
  void givesTheSameRows() {
    expected = demo.sameByBothEngines();

    assertThat(demo.value("SELECT process FROM engine_session WHERE state = 'alive'"))
        .startsWith("application_");
  }

  @Test
  @Order(2)
  void tellsItsSecretToNobody() throws IOException {
    assertThat(hadoop.commandLines())
        .anyMatch(line -> line.contains("ApplicationMaster"))
        .noneMatch(line -> line.contains("ecluse_j_"));
    assertThat(hadoop.filesWith("ecluse_j_")).isEmpty();
    try (Stream<Path> files = Files.list(folder.resolve(".ecluse/spark"))) {
      assertThat(files).noneMatch(f -> f.toString().endsWith(".conf"));
    }
  }

  @Test
  @Order(3)
  void isFoundAgainByTheNextPlatformAndLosesNothingWithAnExecutor() throws Exception {
    String run = demo.start("slow", "spark");
    demo.awaitMiddle(run);
    hadoop.executor().orElseThrow().destroyForcibly();

    demo.open();

    demo.succeeds(run);
    assertThat(demo.contents()).isEqualTo(expected);
    assertThat(demo.value("SELECT count(*) FROM engine_session")).isEqualTo("1");
  }

  @Test
  @Order(4)
  void isKilledThereIfItDoesNotHearThatARunIsCancelled() throws Exception {
    String run = demo.start("slow", "spark");
    demo.awaitMiddle(run);
    ProcessHandle driver = hadoop.driver().orElseThrow();
    new ProcessBuilder("kill", "-STOP", String.valueOf(driver.pid())).start().waitFor();

    demo.platform().scheduler().cancel(run);

    assertThat(demo.platform().scheduler().awaitEnd(run).state()).isEqualTo(RunState.CANCELLED);
    assertThat(demo.value(STATE.formatted("alive"))).isEqualTo("0");
    driver.onExit().join();
    assertThat(demo.contents()).isEqualTo(expected);
  }

  @Test
  @Order(5)
  void saysWhatToDoWhenItsQueueHasNoRoom() {
    String run = demo.start("slow", "spark", "narrow");

    assertThat(demo.platform().scheduler().awaitEnd(run).error().orElseThrow())
        .contains("Queue root.narrow of cluster narrow had no room for the application within 3 s")
        .contains("name another queue, ask for less (memory, executors, executor_memory)");
    assertThat(demo.contents()).isEqualTo(expected);
  }
}
