package io.ecluse.flow;

import static org.assertj.core.api.Assertions.assertThat;

import io.ecluse.DemoFixture;
import io.ecluse.Platform;
import io.ecluse.Registrations;
import io.ecluse.demo.DemoErp;
import io.ecluse.demo.DemoProject;
import io.ecluse.demo.ErpFill;
import io.ecluse.duckdb.EngineParser;
import io.ecluse.project.Compute;
import io.ecluse.project.DagExpander;
import io.ecluse.project.Project;
import io.ecluse.project.ProjectReader;
import io.ecluse.scheduler.Run;
import io.ecluse.scheduler.RunRequest;
import io.ecluse.scheduler.RunState;
import io.ecluse.scheduler.Trigger;
import io.ecluse.spark.HadoopServers;
import io.ecluse.spark.SparkWithYarn;
import io.ecluse.spark.StandaloneServers;
import io.ecluse.storage.S3Server;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The demo as it is, on clusters: a standalone one of two workers whose tables are on S3, and YARN
 * with its drivers there and the tables on HDFS. Each time the same rows as by DuckDB.
 */
@Timeout(600)
class DemoOnClustersTest {
  /** Their threefold product keeps two processors busy for some seconds. */
  private static final int NUMBERS = 1_000;

  @TempDir static Path folder;
  private static DemoErp erp;

  @BeforeAll
  static void demo() throws IOException {
    erp =
        DemoErp.start(
            folder,
            new ErpFill.Generated(ErpFill.Generated.DEFAULT_SEED, 0.02),
            (table, rows) -> {});
    DemoProject.write(
        folder,
        erp.port(),
        new ProjectReader(new EngineParser(), Registrations.builtIn().vocabulary()));
    Path slow = Files.createDirectories(folder.resolve("models/slow"));
    Files.writeString(
        slow.resolve("pairs.sql"),
        """
        /* ecluse
        description: Takes some seconds, in many tasks.
        */
        WITH n AS (SELECT number FROM (VALUES %s) AS v (number))
        SELECT a.number %% 40 AS part, count(*) AS pairs, sum(b.number) AS total
        FROM n a, n b, n c WHERE a.number + b.number + c.number < 900 GROUP BY a.number %% 40
        """
            .formatted(
                IntStream.range(0, NUMBERS)
                    .mapToObj(i -> "(" + i + ")")
                    .collect(Collectors.joining(","))));
    Files.writeString(
        folder.resolve("dags/slow.yaml"), "retries: 0\ntasks: { slow: { build: slow.pairs } }\n");
    Files.writeString(
        folder.resolve("dags/models.yaml"),
        "retries: 0\ntasks: { models: { build: '*' }, audits: { audit: '*', after: [models] } }\n");
  }

  @AfterAll
  static void end() {
    erp.close();
  }

  private static void settings(String environment, String warehouse, String cluster)
      throws IOException {
    Path file = folder.resolve("ecluse.yaml");
    String text = Files.readString(file);
    Files.writeString(
        file,
        text.replaceFirst("(?s)\nenvironments:.*", "")
            + "\nenvironments:\n  %s:\n    warehouse: %s\n    clusters: { one: %s }\n"
                .formatted(environment, warehouse, cluster));
  }

  private static Map<String, String> variables() {
    Map<String, String> variables =
        new HashMap<>(
            Map.of(
                "XDG_CACHE_HOME",
                Path.of("target", "spark-cache").toAbsolutePath().toString(),
                "ECLUSE_SECRET_S3_KEY",
                S3Server.KEY,
                "ECLUSE_SECRET_S3_WORD",
                S3Server.SECRET));
    Optional.ofNullable(System.getenv("ECLUSE_SPARK_APPLICATION"))
        .ifPresent(jar -> variables.put("ECLUSE_SPARK_APPLICATION", jar));
    return variables;
  }

  private static Platform open(String environment, Map<String, String> variables) {
    return new Platform(
        new Platform.Opening(folder, environment, Platform.Workers.HERE, 4, variables));
  }

  private static String start(Platform platform, String id, String engine) {
    Project project = platform.project().get();
    var dag =
        new DagExpander(project, new Compute(Optional.of(engine), Optional.of("one")))
            .expand(project.dag(id));
    return platform
        .scheduler()
        .start(new RunRequest(dag, Trigger.MANUAL, Instant.now(), Writes.of(dag)));
  }

  private static void succeeds(Platform platform, String run) {
    Run ended = platform.scheduler().awaitEnd(run);
    assertThat(ended.state())
        .as(
            () ->
                ended.error()
                    + "\n"
                    + platform.scheduler().tasks(run).stream()
                        .flatMap(t -> t.error().stream())
                        .toList())
        .isEqualTo(RunState.SUCCESS);
  }

  private static void runs(Platform platform, String dag, String engine) {
    succeeds(platform, start(platform, dag, engine));
  }

  /** What each table of models holds: its rows, and a hash of all values. */
  private static List<List<String>> contents(Platform platform) {
    return DemoFixture.rows(
        platform,
        platform.project().get().models().keySet().stream()
                .map(
                    name ->
                        String.format(
                            Locale.ROOT,
                            "select '%s' as t, count(*) as n, bit_xor(hash(x::varchar)) as h from %s x",
                            name,
                            name))
                .collect(Collectors.joining(" union all "))
            + " order by 1");
  }

  private static void sameByBothEngines(Platform platform) {
    runs(platform, "erp_daily", "duckdb");
    List<List<String>> expected = contents(platform);
    assertThat(expected).hasSizeGreaterThan(10);

    runs(platform, "models", "spark");

    assertThat(contents(platform)).isEqualTo(expected);
  }

  private static long number(Platform platform, String sql) {
    return platform.metadata().jdbi().withHandle(h -> h.createQuery(sql).mapTo(Long.class).one());
  }

  private static String word(Platform platform, String sql) {
    return platform
        .metadata()
        .jdbi()
        .withHandle(h -> h.createQuery(sql).mapTo(String.class).findOne().orElse(""));
  }

  /** Waits until the first tasks of a job are done. */
  private static void awaitMiddle(Platform platform, String run) throws InterruptedException {
    while (number(
                platform,
                "SELECT count(*) FROM engine_job WHERE state = 'running' AND run_id = '"
                    + run
                    + "' AND (progress ->> 'tasksDone')::int > 0")
            == 0
        && !platform.scheduler().find(run).orElseThrow().state().isEnd()) {
      Thread.sleep(50);
    }
  }

  @Test
  void givesTheSameRowsOnWorkersWithTablesOnS3AndSurvivesTheirDeath() throws Exception {
    Map<String, String> machines = variables();
    machines.put("AWS_ACCESS_KEY_ID", S3Server.KEY);
    machines.put("AWS_SECRET_ACCESS_KEY", S3Server.SECRET);
    try (StandaloneServers servers =
        new StandaloneServers(folder.resolve(".ecluse/servers"), 2, machines)) {
      settings(
          "dev",
          "{ location: \"s3://%s/school\", s3: { endpoint: \"%s\", access_key: \"${secret:s3_key}\", secret_key: \"${secret:s3_word}\" } }"
              .formatted(S3Server.shared().newBucket(), S3Server.shared().endpoint()),
          "{ type: standalone, master: \"%s\", memory: 600MB, executor_memory: 500MB, idle: 20s, conf: { spark.sql.shuffle.partitions: \"4\", spark.default.parallelism: \"24\" } }"
              .formatted(servers.url()));
      try (Platform platform = open("dev", variables())) {
        sameByBothEngines(platform);
        List<List<String>> expected = contents(platform);

        String run = start(platform, "slow", "spark");
        awaitMiddle(platform, run);
        assertThat(servers.killExecutor()).isTrue();
        Thread.sleep(1_000);
        servers.killWorker();

        succeeds(platform, run);
        assertThat(contents(platform)).isEqualTo(expected);
      } finally {
        killDrivers();
      }
    }
  }

  @Test
  void givesTheSameRowsOnYarnWithTablesOnHdfsAndIsFoundAgain() throws Exception {
    Map<String, String> variables = variables();
    Path spark = SparkWithYarn.home(variables);
    variables.put("SPARK_HOME", spark.toString());
    try (HadoopServers hadoop = new HadoopServers(spark, 2_600)) {
      settings(
          "dev",
          "{ location: \"%s\" }".formatted(hadoop.newLocation()),
          "{ type: yarn, hadoop_conf_dir: \"%s\", deploy_mode: cluster, memory: 600MB, executors: 1, executor_cores: 2, executor_memory: 500MB, idle: 60s, conf: { spark.sql.shuffle.partitions: \"4\", spark.yarn.appMasterEnv.SPARK_LOCAL_IP: 127.0.0.1, spark.executorEnv.SPARK_LOCAL_IP: 127.0.0.1 } }"
              .formatted(hadoop.conf()));
      Platform platform = open("dev", variables);
      try {
        sameByBothEngines(platform);
        assertThat(word(platform, "SELECT process FROM engine_session WHERE state = 'alive'"))
            .startsWith("application_");
        List<List<String>> expected = contents(platform);

        String run = start(platform, "slow", "spark");
        awaitMiddle(platform, run);
        platform.close();
        hadoop.executor().orElseThrow().destroyForcibly();
        platform = open("dev", variables);

        succeeds(platform, run);
        assertThat(contents(platform)).isEqualTo(expected);
        assertThat(number(platform, "SELECT count(*) FROM engine_session")).isEqualTo(1);
      } finally {
        platform.close();
      }
    }
  }

  private static void killDrivers() {
    String log = folder.resolve(".ecluse").resolve("spark").toString();
    ProcessHandle.allProcesses()
        .filter(p -> p.info().commandLine().filter(c -> c.contains(log)).isPresent())
        .forEach(ProcessHandle::destroyForcibly);
  }
}
