package io.ecluse.spark;

import static org.assertj.core.api.Assertions.assertThat;

import io.ecluse.Platform;
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
import io.ecluse.warehouse.ReadView;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A whole flow whose models are built by pods: the application, Spark's own submission, its driver
 * and its executors are real, and run as processes of this machine.
 */
@Timeout(600)
class KubernetesFlowTest {
  private static final String ROWS = "SELECT * FROM marts.shops ORDER BY shop";

  @TempDir static Path folder;
  private static ApiServer server;
  private static Kubelet kubelet;

  private static void write(String name, String text) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }

  @BeforeAll
  static void cluster() throws IOException {
    server = ApiServer.start(folder.resolve("server"));
    kubelet =
        new Kubelet(
            server,
            new SparkDistribution(System.getenv())
                .find(List.of(SparkDistribution.KUBERNETES))
                .folders());
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
  }

  @AfterAll
  static void stop() {
    kubelet.close();
    server.close();
  }

  private static Platform open(String more) throws IOException {
    write(
        "ecluse.yaml",
        """
        name: toys
        clusters:
          pods:
            type: kubernetes
            master: k8s://%s
            namespace: %s
            token_file: %s
            %s
            address: 127.0.0.1
            service_account: spark
            executors: 1
            executor_memory: 520MB
            memory: 500MB
            idle: 15s
            conf: { spark.sql.shuffle.partitions: "2", spark.testing.memory: "600000000" }
            %s
        """
            .formatted(
                server.url(),
                server.namespace(),
                server.token("platform"),
                server.ca().map(ca -> "ca_file: " + ca).orElse(""),
                more));
    Map<String, String> variables = new HashMap<>(System.getenv());
    variables.put(
        "ECLUSE_DATABASE_URL",
        "postgresql://%s:%s@127.0.0.1:%d/%s"
            .formatted(
                Servers.server().user(),
                Servers.server().password(),
                Servers.server().port(),
                Servers.newDatabase()));
    return new Platform(
        new Platform.Opening(
            folder, Project.DEFAULT_ENVIRONMENT, Platform.Workers.HERE, 4, variables));
  }

  private static String start(Platform platform, Compute compute) {
    Project project = platform.project().get();
    var dag = new DagExpander(project, compute).expand(project.dag("daily"));
    return platform
        .scheduler()
        .start(new RunRequest(dag, Trigger.MANUAL, Instant.now(), Writes.of(dag)));
  }

  private static Run run(Platform platform, Compute compute) {
    return platform.scheduler().awaitEnd(start(platform, compute));
  }

  private static String errors(Platform platform, Run run) {
    return String.valueOf(
        platform.scheduler().tasks(run.id()).stream().flatMap(t -> t.error().stream()).toList());
  }

  private static List<Object[]> rows(Platform platform) {
    Ticket ticket = Ticket.quick(Caller.commandLine(Policy.OPEN), new Cancellation());
    return platform.queries().read(ticket, ROWS, ReadView.PUBLISHED, 10).rows();
  }

  private static final Compute DUCKDB = new Compute(Optional.of("duckdb"), Optional.empty());
  private static final Compute PODS = new Compute(Optional.of("spark"), Optional.of("pods"));

  static void await(String what, BooleanSupplier condition) {
    long end = System.nanoTime() + Duration.ofSeconds(90).toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() > end) {
        throw new AssertionError("In a minute and a half this did not come: " + what);
      }
      try {
        Thread.sleep(50);
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
    }
  }

  @Test
  void modelsAreBuiltByPodsWithTheSameAnswersAndNothingOfThemStays() throws IOException {
    try (Platform platform = open("image: apache/spark:4.1.1")) {
      run(platform, DUCKDB);
      List<Object[]> expected = rows(platform);

      Run run = run(platform, PODS);

      assertThat(run.state())
          .as(() -> errors(platform, run) + kubelet.started.stream().map(kubelet::log).toList())
          .isEqualTo(RunState.SUCCESS);
      assertThat(rows(platform)).usingRecursiveComparison().isEqualTo(expected);
      assertThat(kubelet.started).anyMatch(p -> p.contains("-exec-"));
      assertThat(kubelet.seen).isNotEmpty().noneMatch(text -> text.contains("ecluse_j_"));
      await("no pod is left", () -> server.names("pods").isEmpty());
      await("no secret is left", () -> server.names("secrets").isEmpty());
    }
  }
}
