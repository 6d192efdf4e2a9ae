package io.ecluse.emr;

import io.ecluse.project.Settings;
import io.ecluse.project.Value;
import io.ecluse.spark.ClusterKeys;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** What an entry of type {@code emr_serverless} under {@code clusters} says. */
record ServerlessEntry(Settings.Cluster cluster) {
  static final String APPLICATION = "application";
  static final String ROLE = "role";
  static final String LONGEST = "longest";

  /** As long as the service lets a job run go on unless told otherwise. */
  private static final Duration DEFAULT_LONGEST = Duration.ofHours(12);

  private static final int DEFAULT_EXECUTORS = 2;

  static final String KEYS =
      """
      region!: words  Where, in Amazon's words, as eu-west-3.
      application!: words  The id of the application of EMR Serverless, as 00fkht2eodujab09. It is never made or deleted here.
      role!: words  The role that job runs have there, as arn:aws:iam::123456789012:role/Jobs.
      files!: store  A folder on S3 for the platform's jars and, for minutes, secrets of applications; for the platform and that role alone.
      log_uri: store  Where EMR puts logs; without it, why a job run failed is hard to tell.
      address!: words  By which name or address the application's network reaches this machine.
      driver_cores: 1..16  Processors of the driver; 1 unless said.
      executors: 1..100000  How many executors at most; 2 unless said.
      executor_cores: 1..16  Processors of an executor; 1 unless said.
      executor_memory: size  Memory of an executor; 1GB unless said.
      longest: duration  After what time EMR ends a job run, whoever has forgotten it; 12h unless said.
      prices: path  A file of the project with prices: region,vcpu,gb,storage.
      endpoint: words  Where EMR Serverless answers, if not at Amazon's usual address.
      """;

  private Value.Entries content() {
    return cluster.content();
  }

  EmrAccount account() {
    return new EmrAccount(
        content().text("region", ""), content().word("endpoint"), Optional.empty());
  }

  String application() {
    return content().text(APPLICATION, "");
  }

  String role() {
    return content().text(ROLE, "");
  }

  String files() {
    return content().text("files", "");
  }

  Optional<String> logs() {
    return content().word("log_uri").map(uri -> uri.replaceFirst("/+$", "") + "/");
  }

  long longestMinutes() {
    return Math.max(1, content().duration(LONGEST, DEFAULT_LONGEST).toMinutes());
  }

  /** Spark's configuration for its driver and executors, which come and go with the work. */
  Map<String, String> conf() {
    Map<String, String> conf = new LinkedHashMap<>();
    conf.put("spark.driver.cores", number("driver_cores", 1));
    conf.put("spark.executor.cores", number("executor_cores", 1));
    conf.put("spark.dynamicAllocation.maxExecutors", number("executors", DEFAULT_EXECUTORS));
    conf.put("spark.executor.instances", number("executors", DEFAULT_EXECUTORS));
    conf.put(
        "spark.executor.memory",
        ClusterKeys.megabytes(content().bytes("executor_memory").orElse(1_000_000_000L)));
    return conf;
  }

  private String number(String key, int usual) {
    return String.valueOf(content().whole(key).orElse(usual));
  }

  /** What it costs, by the project's prices if it has any. */
  ServerlessCosts costs(Path project) {
    PriceList prices =
        content()
            .word("prices")
            .map(file -> PriceList.of(project.resolve(file), ServerlessCosts.KINDS))
            .orElseGet(() -> PriceList.builtIn(ServerlessCosts.LIST, ServerlessCosts.KINDS));
    return new ServerlessCosts(prices, account().region());
  }
}
