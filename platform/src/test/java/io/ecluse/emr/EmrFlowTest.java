package io.ecluse.emr;

import static io.ecluse.emr.EmrFixture.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.ecluse.Platform;
import io.ecluse.Registrations;
import io.ecluse.Servers;
import io.ecluse.access.Caller;
import io.ecluse.access.Policy;
import io.ecluse.engine.Cancellation;
import io.ecluse.flow.Writes;
import io.ecluse.project.Compute;
import io.ecluse.project.DagExpander;
import io.ecluse.project.Project;
import io.ecluse.query.Ticket;
import io.ecluse.scheduler.Run;
import io.ecluse.scheduler.RunRequest;
import io.ecluse.scheduler.RunState;
import io.ecluse.scheduler.Trigger;
import io.ecluse.spark.LocalCluster;
import io.ecluse.storage.S3Server;
import io.ecluse.storage.StorageSettings;
import io.ecluse.warehouse.ReadView;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A whole flow whose models are built on EMR, with a cluster and without: the service is emulated,
 * the application, Spark, S3 and the platform are real. Spark runs on this machine and not on YARN.
 */
@Timeout(300)
class EmrFlowTest {
  private static final Path CACHE = Path.of("target", "spark-cache").toAbsolutePath();
  private static final String ROWS = "SELECT * FROM marts.shops ORDER BY shop";

  @TempDir Path folder;
  private final String bucket = S3Server.shared().newBucket();
  private final EmrFixture there =
      EmrFixture.start(S3Server.shared().settings(), EmrFlowTest::submission);

  /** What spark-submit does on a cluster, done here: the same arguments, another master. */
  private static List<String> submission(List<String> arguments) {
    List<String> here = new ArrayList<>(List.of("--master", "local[2]"));
    for (int i = 0; i < arguments.size(); i++) {
      if (List.of("--master", "--deploy-mode", "--files").contains(arguments.get(i))) {
        i++;
      } else {
        here.add(arguments.get(i));
      }
    }
    return launched(here);
  }

  /** As Spark's own script makes its command. */
  private static List<String> launched(List<String> arguments) {
    try {
      Path jars = jars();
      List<String> launcher =
          new ArrayList<>(
              List.of(java(), "-Xmx64m", "-cp", jars + "/*", "org.apache.spark.launcher.Main"));
      launcher.add("org.apache.spark.deploy.SparkSubmit");
      launcher.addAll(arguments);
      ProcessBuilder builder = new ProcessBuilder(launcher);
      builder.environment().put("SPARK_HOME", String.valueOf(jars.getParent()));
      builder.environment().put("SPARK_SCALA_VERSION", "2.13");
      builder.redirectError(ProcessBuilder.Redirect.DISCARD);
      String command =
          new String(builder.start().getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      List<String> words =
          new ArrayList<>(
              Arrays.stream(command.split("\0"))
                  .map(String::strip)
                  .filter(word -> !word.isEmpty())
                  .toList());
      words.addAll(1, List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"));
      return words;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String java() {
    return Path.of(System.getProperty("java.home"), "bin", "java").toString();
  }

  private static Path jars() throws IOException {
    Path root = Optional.ofNullable(System.getenv("SPARK_HOME")).map(Path::of).orElse(CACHE);
    try (Stream<Path> files = Files.walk(root, 6)) {
      return files
          .filter(f -> f.getFileName().toString().startsWith("spark-core_2.13-"))
          .findFirst()
          .orElseThrow()
          .getParent();
    }
  }

  private void write(String name, String text) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }

  private static final String ON_A_CLUSTER =
      "type: emr\n    transient: { release: emr-9.0.0, workers: [r5.xlarge] }";

  private static final String WITHOUT_A_CLUSTER =
      "type: emr_serverless\n    application: %s\n    role: arn:aws:iam::123456789012:role/Jobs"
          .formatted(ServerlessServer.APPLICATION);

  private Platform open(String kind, String endpoint) throws IOException {
    StorageSettings.Keys keys = S3Server.shared().settings().s3().keys().orElseThrow();
    write(
        "ecluse.yaml",
        """
        name: toys
        warehouse: { s3: { endpoint: "%s", access_key: "${env:S3_KEY}", secret_key: "${env:S3_SECRET}" } }
        clusters:
          big:
            %s
            region: eu-west-3
            endpoint: %s
            files: s3://%s/ecluse
            log_uri: s3://%s/logs
            address: 127.0.0.1
            memory: 700MB
            idle: 2s
            conf: { spark.sql.shuffle.partitions: "2", spark.ui.enabled: "false" }
        """
            .formatted(S3Server.shared().endpoint(), kind, endpoint, bucket, bucket));
    write("exports/toys.csv", "id,price,shop\n1,2.5,north\n2,3.5,north\n3,4.5,south\n");
    write(
        "sources/stock.yaml",
        "type: files\nlocation: exports\nstreams:\n  toys: { files: toys.csv }\n");
    write(
        "models/marts/shops.sql",
        "/* ecluse\ndescription: Of a shop.\n*/\n"
            + "SELECT shop, sum(price) AS total, count(*) AS toys FROM stock.toys GROUP BY shop\n");
    write(
        "dags/daily.yaml",
        """
        retries: 0
        tasks:
          read: { extract: stock }
          load: { load: stock, after: [read] }
          models: { build: "*", after: [load] }
        """);
    Map<String, String> variables = new HashMap<>();
    variables.put(
        "ECLUSE_DATABASE_URL",
        "postgresql://%s:%s@127.0.0.1:%d/%s"
            .formatted(
                Servers.server().user(),
                Servers.server().password(),
                Servers.server().port(),
                Servers.newDatabase()));
    variables.put("XDG_CACHE_HOME", CACHE.toString());
    variables.put("S3_KEY", keys.access());
    variables.put("S3_SECRET", keys.secret());
    Optional.ofNullable(System.getenv("ECLUSE_SPARK_APPLICATION"))
        .ifPresent(jar -> variables.put("ECLUSE_SPARK_APPLICATION", jar));
    return new Platform(
        new Platform.Opening(
                folder, Project.DEFAULT_ENVIRONMENT, Platform.Workers.HERE, 4, variables)
            .with(quick()));
  }

  /** All there is, but EMR is asked more often. */
  private static Registrations quick() {
    Registrations usual = Registrations.builtIn();
    return new Registrations(
        usual.policy(),
        usual.engine(),
        usual.sources(),
        usual.tasks(),
        usual.materializations(),
        List.of(
            new LocalCluster(),
            new EmrCluster(EmrFixture.PACE),
            new ServerlessCluster(EmrFixture.PACE)));
  }

  private static Run run(Platform platform, Compute compute) {
    Project project = platform.project().get();
    var dag = new DagExpander(project, compute).expand(project.dag("daily"));
    String id =
        platform
            .scheduler()
            .start(new RunRequest(dag, Trigger.MANUAL, Instant.now(), Writes.of(dag)));
    Run run = platform.scheduler().awaitEnd(id);
    assertThat(run.state())
        .as(
            () ->
                run.error()
                    + "\n"
                    + platform.scheduler().tasks(id).stream()
                        .flatMap(t -> t.error().stream())
                        .toList())
        .isEqualTo(RunState.SUCCESS);
    return run;
  }

  private static List<Object[]> rows(Platform platform) {
    Ticket ticket = Ticket.quick(Caller.commandLine(Policy.OPEN), new Cancellation());
    return platform.queries().read(ticket, ROWS, ReadView.PUBLISHED, 10).rows();
  }

  @AfterEach
  void stop() {
    there.close();
    System.clearProperty("aws.accessKeyId");
    System.clearProperty("aws.secretAccessKey");
  }

  @BeforeEach
  void keys() {
    System.setProperty("aws.accessKeyId", EmrServer.KEY);
    System.setProperty("aws.secretAccessKey", EmrServer.SECRET);
  }

  private static void sameOnBoth(Platform platform) {
    run(platform, new Compute(Optional.of("duckdb"), Optional.empty()));
    List<Object[]> expected = rows(platform);

    run(platform, new Compute(Optional.of("spark"), Optional.of("big")));

    assertThat(rows(platform)).usingRecursiveComparison().isEqualTo(expected);
  }

  @Test
  void modelsAreBuiltOnAClusterThatIsMadeForThemAndEndsAfterThem() throws IOException {
    try (Platform platform = open(ON_A_CLUSTER, there.server.endpoint())) {
      sameOnBoth(platform);
      EmulatedCluster cluster = there.server.clusters().all().get(0);
      assertThat(cluster.steps).hasSize(1);
      await("the end of the cluster", () -> !cluster.isActive());
      assertThat(there.server.clusters().all()).hasSize(1);
    }
  }

  @Test
  void modelsAreBuiltByAJobRunWithoutACluster() throws IOException {
    try (ServerlessServer server =
            new ServerlessServer(S3Server.shared().settings(), EmrFlowTest::submission);
        Platform platform = open(WITHOUT_A_CLUSTER, server.endpoint())) {
      sameOnBoth(platform);
      await("its end", () -> server.runs.get(0).state.equals("SUCCESS"));
      assertThat(server.runs).hasSize(1);
    }
  }
}
