package io.ecluse.bench;

import io.ecluse.spark.HadoopServers;
import io.ecluse.spark.SparkWithYarn;
import io.ecluse.spark.StandaloneServers;
import io.ecluse.storage.S3Server;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * The demo on Spark, with the program as people start it: in a process of its own, on a standalone
 * master with two workers, and on YARN with the driver there; the tables in a folder, on S3 and on
 * HDFS. Executors, workers, drivers and platforms are killed in the middle. The tables must be
 * DuckDB's, value by value.
 */
public final class ClusterTrials {
  private static final double SCALE = 0.05;
  private static final Duration LONG = Duration.ofMinutes(10);
  private static final String SLOW = "slow.pairs";
  private static final List<String> CLUSTERS = List.of("here", "two", "yarn");
  private static final List<String> STORES = List.of("dev", "s3", "hdfs");

  private final Trials trials = new Trials();
  private final Subject subject;
  private final StandaloneServers servers;
  private final HadoopServers hadoop;
  private final Map<String, List<String>> expected = new HashMap<>();

  private ClusterTrials(Subject subject, StandaloneServers servers, HadoopServers hadoop) {
    this.subject = subject;
    this.servers = servers;
    this.hadoop = hadoop;
  }

  public static void main(String[] arguments) throws Exception {
    boolean quick = Arrays.asList(arguments).contains("--quick");
    int code;
    Path scratch = Workspace.newFolder();
    Path spark = SparkWithYarn.home(System.getenv());
    Map<String, String> variables = new HashMap<>();
    variables.put("SPARK_HOME", spark.toString());
    variables.put("ECLUSE_SECRET_S3_KEY", S3Server.KEY);
    variables.put("ECLUSE_SECRET_S3_WORD", S3Server.SECRET);
    Map<String, String> machines = new HashMap<>(System.getenv());
    machines.put("SPARK_HOME", spark.toString());
    machines.put("AWS_ACCESS_KEY_ID", S3Server.KEY);
    machines.put("AWS_SECRET_ACCESS_KEY", S3Server.SECRET);
    try (Workspace workspace = Workspace.open(SCALE);
        HadoopServers hadoop = new HadoopServers(spark, 3_000);
        StandaloneServers servers = new StandaloneServers(scratch, 2, machines)) {
      ClusterTrials trials =
          new ClusterTrials(new Subject(workspace.folder()).with(variables), servers, hadoop);
      try {
        trials.prepare(scratch);
        trials.run(quick);
      } finally {
        trials.drivers().forEach(ProcessHandle::destroyForcibly);
      }
      code = trials.trials.end();
    } finally {
      Workspace.delete(scratch);
    }
    System.exit(code);
  }

  private void prepare(Path scratch) throws Exception {
    Path project = subject.project();
    Path settings = project.resolve("ecluse.yaml");
    Path nowhere = Files.createDirectories(scratch.resolve("nowhere"));
    Files.writeString(
        nowhere.resolve("yarn-site.xml"),
        "<configuration><property><name>yarn.resourcemanager.address</name><value>127.0.0.1:1</value></property></configuration>");
    String yarn =
        "type: yarn, deploy_mode: cluster, executors: 1, executor_cores: 2, memory: 600MB, executor_memory: 600MB";
    String keys =
        "spark.yarn.appMasterEnv.AWS_ACCESS_KEY_ID: %1$s, spark.yarn.appMasterEnv.AWS_SECRET_ACCESS_KEY: %2$s, spark.executorEnv.AWS_ACCESS_KEY_ID: %1$s, spark.executorEnv.AWS_SECRET_ACCESS_KEY: %2$s"
            .formatted(S3Server.KEY, S3Server.SECRET);
    Files.writeString(
        settings,
        """
        name: school
        environments:
          dev:
          s3: { warehouse: { location: "s3://%1$s/school", s3: { endpoint: "%2$s", access_key: "${secret:s3_key}", secret_key: "${secret:s3_word}" } } }
          hdfs: { warehouse: { location: "%3$s" } }
        clusters:
          here: { type: local, cores: 2, memory: 900MB, idle: 30s }
          poor: { type: local, cores: 2, memory: 480MB, idle: 5s }
          two: { type: standalone, master: "%4$s", memory: 600MB, executor_memory: 600MB, idle: 30s }
          hungry: { type: standalone, master: "%4$s", memory: 600MB, executor_memory: 3GB, room: 30s, idle: 5s }
          stranger: { type: standalone, master: "%4$s", memory: 600MB, executor_memory: 300MB, idle: 5s, conf: { spark.executorEnv.AWS_ACCESS_KEY_ID: nobody } }
          gone: { type: standalone, master: "spark://127.0.0.1:1" }
          yarn: { %5$s, hadoop_conf_dir: "%6$s", idle: 30s, conf: { %7$s } }
          narrow: { %5$s, hadoop_conf_dir: "%6$s", queue: narrow, room: 10s }
          large: { %5$s, hadoop_conf_dir: "%6$s", conf: { spark.executor.memoryOverhead: 20g } }
          unknown: { %5$s, hadoop_conf_dir: "%6$s", queue: nobodys }
          nowhere: { %5$s, hadoop_conf_dir: "%8$s" }
        """
            .formatted(
                S3Server.shared().newBucket(),
                S3Server.shared().endpoint(),
                hadoop.newLocation(),
                servers.url(),
                yarn,
                hadoop.conf(),
                keys,
                nowhere));
    Files.createDirectories(project.resolve("models/slow"));
    Files.writeString(
        project.resolve("models/slow/pairs.sql"),
        """
        /* ecluse
        description: Takes some seconds.
        */
        WITH n AS (SELECT number FROM (VALUES %s) AS v (number))
        SELECT count(*) AS pairs FROM n a, n b, n c WHERE a.number + b.number + c.number < 900
        """
            .formatted(numbers()));
    for (String store : STORES) {
      Subject there = subject.in(store);
      there.run("run", "erp_daily").requireCode(0);
      expected.put(store, there.contents());
    }
  }

  private void run(boolean quick) {
    for (String store : STORES) {
      for (String cluster : CLUSTERS) {
        if (!quick || store.equals(STORES.get(CLUSTERS.indexOf(cluster)))) {
          trials.run(
              "the same tables on cluster %s, kept in %s".formatted(cluster, store),
              LONG,
              () -> same(cluster, store));
        }
      }
    }
    trials.run("an executor is killed", LONG, () -> struck("two", servers::killExecutor));
    trials.run("a driver is killed", LONG, () -> struck("two", () -> kill(driver())));
    trials.run("a platform is killed, the next one ends its run", LONG, () -> platform("two"));
    trials.run("a run is cancelled", LONG, () -> cancelled("two"));
    trials.run(
        "YARN: an executor is killed", LONG, () -> struck("yarn", () -> kill(hadoop.executor())));
    trials.run("YARN: a driver is killed", LONG, () -> struck("yarn", () -> kill(hadoop.driver())));
    trials.run("YARN: a platform is killed", LONG, () -> platform("yarn"));
    trials.run("YARN: a run is cancelled", LONG, () -> cancelled("yarn"));
    refusals();
    if (!quick) {
      trials.run("a worker is killed", LONG, () -> struck("two", servers::killWorker));
      trials.run("too little memory: told, and what to do", LONG, this::poor);
    }
  }

  /** What cannot be: each is told with what to do. */
  private void refusals() {
    refused("no master", "gone", "dev", "The master of cluster gone does not answer");
    refused(
        "no resource manager",
        "nowhere",
        "dev",
        "The resource manager of cluster nowhere does not answer");
    refused("no such queue", "unknown", "dev", "was not taken by its queue");
    refused(
        "more memory than YARN has", "large", "dev", "asks for more memory than the cluster has");
    refused("no room in the queue", "narrow", "dev", "had no room for the application within 10 s");
    refused("no worker has room", "hungry", "dev", "had no room for the work within 30 s");
    refused("keys that the store does not know", "stranger", "s3", "does not let Spark in");
    trials.run("another version of Spark", LONG, this::otherVersion);
  }

  private void refused(String what, String cluster, String store, String words) {
    trials.run(
        what + ": told",
        LONG,
        () -> {
          Subject.Ended ended = start(SLOW, cluster, store).end(300);
          Trials.require(ended.code() != 0, "It went well");
          Trials.require(ended.output().contains(words), ended.output());
          requireSame(store);
        });
  }

  private void otherVersion() throws Exception {
    Path home = Files.createTempDirectory("ecluse-other-spark");
    Path jars = Files.createDirectories(home.resolve("jars"));
    Files.writeString(jars.resolve("spark-core_2.12-3.5.1.jar"), "");
    Subject.Ended ended =
        subject
            .with(Map.of("SPARK_HOME", home.toString()))
            .start("build", SLOW, "--full", "--engine", "spark", "--cluster", "poor")
            .end(100);
    Workspace.delete(home);
    Trials.require(ended.code() != 0, "It went well");
    Trials.require(
        ended.output().contains("with Spark 3.5.1 for Scala 2.12, but this platform works with"),
        ended.output());
  }

  private Subject.Running start(String selector, String cluster, String store) throws IOException {
    return subject
        .in(store)
        .start("build", selector, "--full", "--engine", "spark", "--cluster", cluster);
  }

  private void same(String cluster, String store) throws Exception {
    start("*", cluster, store).end(580).requireCode(0);
    requireSame(store);
  }

  private void requireSame(String store) throws Exception {
    List<String> found = subject.in(store).contents();
    List<String> other = new ArrayList<>(found);
    List<String> before = expected.getOrDefault(store, List.of());
    other.removeAll(before);
    Trials.require(found.equals(before), "Other than DuckDB's: " + other);
  }

  private static String numbers() {
    return IntStream.range(0, 900).mapToObj(i -> "(" + i + ")").collect(Collectors.joining(","));
  }

  /** What happens to a cluster while it works. */
  private interface Strike {
    void run() throws Exception;
  }

  private void struck(String cluster, Strike strike) throws Exception {
    Subject.Running build = start(SLOW, cluster, "dev");
    try {
      awaitMiddle(cluster);
      strike.run();
      build.end(400).requireCode(0);
    } finally {
      build.kill();
    }
    requireSame("dev");
  }

  private void platform(String cluster) throws Exception {
    Subject.Running build = start(SLOW, cluster, "dev");
    awaitMiddle(cluster);
    build.kill();
    start("marts.students", "here", "dev").end(400).requireCode(0); // waits for what was left
    requireSame("dev");
    Trials.require(
        subject.run("ls", "runs", "--format", "json").output().contains("success"), "No run");
  }

  private void cancelled(String cluster) throws Exception {
    Subject.Running build = start(SLOW, cluster, "dev");
    awaitMiddle(cluster);
    build.process().destroy(); // SIGTERM
    build.end(60);
    Trials.require(
        (cluster.equals("yarn") ? hadoop.driver() : driver()).isPresent(),
        "The application is gone with the run");
    requireSame("dev");
  }

  private void poor() throws Exception {
    Path large = subject.project().resolve("models/slow/large.sql");
    Files.writeString(
        large,
        """
        /* ecluse
        description: Does not fit into little memory.
        */
        WITH n AS (SELECT number FROM (VALUES %s) AS v (number))
        SELECT max(length(t)) AS longest FROM (
          SELECT string_agg(CAST(a.number * b.number * c.number AS VARCHAR), ',') AS t FROM n a, n b, n c) x
        """
            .formatted(numbers()));
    Subject.Ended ended = start("slow.large", "poor", "dev").end(400);
    Trials.require(ended.code() != 0, "It fits");
    Trials.require(ended.output().contains("memory"), ended.output());
    Files.delete(large);
    requireSame("dev");
  }

  /** Waits until executors are there, and some time more, when they are at work. */
  private void awaitMiddle(String cluster) throws InterruptedException {
    for (int i = 0; i < 1_200 && executor(cluster).isEmpty(); i++) {
      Thread.sleep(100);
    }
    Thread.sleep(4_000);
  }

  private Optional<ProcessHandle> executor(String cluster) {
    return cluster.equals("yarn") ? hadoop.executor() : servers.executor();
  }

  private Optional<ProcessHandle> driver() {
    return drivers().stream().findFirst();
  }

  private List<ProcessHandle> drivers() {
    String log = subject.project().resolve(".ecluse").resolve("spark").toString();
    try (Stream<ProcessHandle> all = ProcessHandle.allProcesses()) {
      return all.filter(
              p ->
                  p.info().arguments().map(List::of).orElse(List.of()).stream()
                      .anyMatch(a -> a.startsWith(log)))
          .toList();
    }
  }

  private static void kill(Optional<ProcessHandle> process) {
    process.orElseThrow().destroyForcibly();
  }
}
