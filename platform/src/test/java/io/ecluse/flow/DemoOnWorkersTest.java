package io.ecluse.flow;

import static org.assertj.core.api.Assertions.assertThat;

import io.ecluse.spark.StandaloneServers;
import io.ecluse.storage.S3Server;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The demo on a standalone cluster of two workers, with its tables on S3. */
@Timeout(1800)
class DemoOnWorkersTest {
  @TempDir Path folder;

  @Test
  void givesTheSameRowsAndLosesNoneWithAnExecutorAndAWorker() throws Exception {
    try (ClusterFixture demo = new ClusterFixture(folder)) {
      Map<String, String> machines = new HashMap<>(demo.variables());
      machines.put("AWS_ACCESS_KEY_ID", S3Server.KEY);
      machines.put("AWS_SECRET_ACCESS_KEY", S3Server.SECRET);
      demo.variables().put("ECLUSE_SECRET_S3_KEY", S3Server.KEY);
      demo.variables().put("ECLUSE_SECRET_S3_WORD", S3Server.SECRET);
      try (StandaloneServers servers =
          new StandaloneServers(folder.resolve(".ecluse/servers"), 2, machines)) {
        demo.settings(
            "{ location: \"s3://%s/school\", s3: { endpoint: \"%s\", access_key: \"${secret:s3_key}\", secret_key: \"${secret:s3_word}\" } }"
                .formatted(S3Server.shared().newBucket(), S3Server.shared().endpoint()),
            "type: standalone, master: \"%s\", memory: 600MB, executor_memory: 500MB, idle: 20s"
                .formatted(servers.url()),
            "");
        demo.open();
        List<List<String>> expected = demo.sameByBothEngines();

        String run = demo.start("slow", "spark");
        demo.awaitMiddle(run);
        assertThat(servers.killExecutor()).isTrue();
        Thread.sleep(1_000);
        servers.killWorker();

        demo.succeeds(run);
        assertThat(demo.contents()).isEqualTo(expected);
      }
    }
  }
}
