package io.ecluse.emr;

import static io.ecluse.emr.EmrFixture.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.ecluse.Registrations;
import io.ecluse.duckdb.EngineParser;
import io.ecluse.error.EcluseException;
import io.ecluse.error.ErrorCode;
import io.ecluse.project.ProjectReader;
import io.ecluse.project.Settings;
import io.ecluse.spark.RemoteApplications;
import io.ecluse.spark.RemoteApplications.Application;
import io.ecluse.spark.RemoteApplications.Started;
import io.ecluse.storage.S3Server;
import io.ecluse.storage.Storage;
import io.ecluse.storage.Storages;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Applications as steps: what the platform asks of a kind of cluster, on the emulated service. */
class EmrApplicationsTest {
  private static final String TOKEN = "ecluse_j_very-secret";

  @TempDir Path folder;
  private final String bucket = S3Server.shared().newBucket();
  private final List<String> called = new CopyOnWriteArrayList<>();
  private EmrFixture there = EmrFixture.start();
  private RemoteApplications applications;
  private String program = "exit 0";

  @BeforeEach
  void keys() {
    System.setProperty("aws.accessKeyId", EmrServer.KEY);
    System.setProperty("aws.secretAccessKey", EmrServer.SECRET);
    there.close();
    there =
        EmrFixture.start(S3Server.shared().settings(), arguments -> List.of("sh", "-c", program));
    applications = process();
  }

  @AfterEach
  void stop() {
    applications.close();
    there.close();
    System.clearProperty("aws.accessKeyId");
    System.clearProperty("aws.secretAccessKey");
  }

  private Storage store(String location) {
    return Storages.open(location, S3Server.shared()::settings);
  }

  /** Another process of the platform. */
  private RemoteApplications process() {
    return new EmrCluster(EmrFixture.PACE)
        .remote(new RemoteApplications.Surroundings("school-1", folder, this::store))
        .orElseThrow();
  }

  private Settings.Cluster cluster(String where) {
    try {
      Files.writeString(
          folder.resolve("ecluse.yaml"),
          """
          name: school
          clusters:
            big:
              type: emr
              region: eu-west-3
              endpoint: %s
              %s
              files: s3://%s/ecluse
              log_uri: s3://%s/logs
              address: 10.0.0.5
              executors: 4
              conf: { spark.sql.shuffle.partitions: "8" }
          """
              .formatted(there.server.endpoint(), where, bucket, bucket));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
    return new ProjectReader(new EngineParser(), Registrations.builtIn().vocabulary())
        .read(folder)
        .orThrow()
        .settings("dev")
        .clusters()
        .get("big");
  }

  private Settings.Cluster made() {
    return cluster("transient: { release: emr-9.0.0, workers: [r5.xlarge], count: 3 }");
  }

  private Application application(String name) {
    try {
      Path jar = Files.writeString(folder.resolve("app.jar"), "ours");
      Path iceberg = Files.writeString(folder.resolve("iceberg.jar"), "iceberg");
      return new Application(
          name,
          TOKEN,
          "http://10.0.0.5:4711/jobs",
          new RemoteApplications.Jars(jar, iceberg),
          new EmrCluster().submission(made()).conf(),
          new RemoteApplications.Pace(Duration.ofMinutes(5), 4),
          new RemoteApplications.Here(
              folder.resolve("log"),
              Map::of,
              conf -> {
                throw new AssertionError("EMR submits it");
              }));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  /** Whether so many applications have a step. */
  private boolean isStarted(int many) {
    return called.stream().filter(h -> EmrHandle.of(h).work().isPresent()).count() == many;
  }

  /** As it is written down by now; begun an hour ago. */
  private Started started(String name) {
    Optional<String> handle =
        called.isEmpty() ? Optional.empty() : Optional.of(called.get(called.size() - 1));
    return new Started(name, handle, Duration.ofHours(1), folder.resolve("log"));
  }

  private EcluseException awaitGone(RemoteApplications who, Settings.Cluster cluster, String name) {
    List<EcluseException> why = new CopyOnWriteArrayList<>();
    await(
        "the end of " + name,
        () -> {
          who.gone(cluster, started(name)).ifPresent(why::add);
          return !why.isEmpty();
        });
    return why.get(0);
  }

  private EmulatedCluster first() {
    return there.server.clusters().all().get(0);
  }

  private List<String> passes() {
    try (Storage storage = store("s3://" + bucket + "/ecluse")) {
      return storage.files("passes").stream().map(f -> f.name()).toList();
    }
  }

  @Test
  void aClusterIsMadeForAnApplicationAndEndsWithIt() {
    Settings.Cluster cluster = made();

    applications.start(cluster, application("session_1"), called::add);

    assertThat(awaitGone(applications, cluster, "session_1").code())
        .isEqualTo(ErrorCode.CLUSTER_LOST);
    assertThat(called).hasSize(3).last().asString().startsWith(first().id + " s-");
    assertThat(first().steps.get(0).state).isEqualTo("COMPLETED");
    assertThat(
            first()
                .asked
                .path("Instances")
                .path("InstanceFleets")
                .path(1)
                .path("TargetSpotCapacity")
                .asInt())
        .isEqualTo(3);
    await("the end of the cluster", () -> first().state.equals("TERMINATED"));
    assertThat(first().tags).containsEntry("ecluse-owner", "school-1");
  }

  @Test
  void theSecretReachesTheDriverByAFileAndStandsNowhereElse() {
    program =
        "test \"$(cat $ECLUSE_JOB_TOKEN_FILE)\" = "
            + TOKEN
            + " && touch "
            + folder
            + "/ok; sleep 60";
    Settings.Cluster cluster = made();

    applications.start(cluster, application("session_1"), called::add);
    await("the driver has read it", () -> Files.exists(folder.resolve("ok")));
    await("its handle", () -> isStarted(1));

    List<String> arguments = first().steps.get(0).arguments();
    assertThat(arguments)
        .startsWith("spark-submit", "--master", "yarn", "--deploy-mode", "cluster")
        .contains("spark.sql.shuffle.partitions=8", "spark.executor.instances=4", "session_1");
    assertThat(first().asked.toString() + arguments).doesNotContain(TOKEN);
    assertThat(passes()).hasSize(1);
    applications.atWork(started("session_1"));
    assertThat(passes()).isEmpty();
  }

  @Test
  void jarsAreSentOnceByTheirContent() {
    program = "sleep 60";
    applications.start(made(), application("session_1"), called::add);
    await("its handle", () -> isStarted(1));
    applications.start(made(), application("session_2"), called::add);
    await("the handle of the other", () -> isStarted(2));

    try (Storage storage = store("s3://" + bucket + "/ecluse")) {
      assertThat(storage.files("jars")).hasSize(2);
    }
  }

  @Test
  void aProgramThatFailsTellsTheLineOfItsDriverAndLeavesNoCluster() {
    program = "echo 'Caused by: java.lang.OutOfMemoryError: Java heap space'; exit 1";
    Settings.Cluster cluster = made();

    applications.start(cluster, application("session_1"), called::add);
    EcluseException why = awaitGone(applications, cluster, "session_1");

    assertThat(why.code()).isEqualTo(ErrorCode.OUT_OF_MEMORY);
    assertThat(why).hasMessageContaining("OutOfMemoryError: Java heap space");
    await("the end of the cluster", () -> first().state.equals("TERMINATED"));
    assertThat(passes()).isEmpty();
  }

  @Test
  void anApplicationThatIsEndedLeavesNoClusterThoughItStillComesUp() {
    there.server.clusters().hold();
    Settings.Cluster cluster = made();
    applications.start(cluster, application("session_1"), called::add);
    await("the cluster", () -> called.size() == 2);

    applications.end(cluster, started("session_1"));
    there.server.clusters().goOn();

    await("the end of the cluster", () -> first().state.equals("TERMINATED"));
  }

  @Test
  void theNextProcessTakesAnApplicationUpAndEndsItsCluster() {
    program = "while [ ! -e " + folder + "/go ]; do sleep 0.05; done";
    Settings.Cluster cluster = made();
    applications.start(cluster, application("session_1"), called::add);
    await("its handle", () -> isStarted(1));
    applications.close(); // as a process that ends

    RemoteApplications next = process();
    assertThat(next.gone(cluster, started("session_1"))).isEmpty();
    assertThat(first().isUp()).isTrue();
    program = "";
    try {
      Files.createFile(folder.resolve("go"));
    } catch (IOException e) {
      throw new AssertionError(e);
    }

    awaitGone(next, cluster, "session_1");
    await("the end of the cluster", () -> first().state.equals("TERMINATED"));
    await("no pass is left", () -> passes().isEmpty());
    next.close();
  }

  @Test
  void aClusterOfAProcessThatDiedBeforeItsIdWasKeptIsFoundAndEnded() {
    Settings.Cluster cluster = made();
    there
        .emr
        .clusters()
        .open(
            EmrFixture.plan(), new ClusterName("school-1", "session_1"), Asked.FOR_THE_FIRST_TIME);

    EcluseException why = awaitGone(applications, cluster, "session_1");

    assertThat(why.code()).isEqualTo(ErrorCode.CLUSTER_LOST);
    await("the end of the cluster", () -> first().state.equals("TERMINATED"));
  }

  @Test
  void whatAnotherProcessIsStartingIsLeftToItAsLongAsThatIsAlive() {
    there.server.clusters().hold();
    Settings.Cluster cluster = made();
    applications.start(cluster, application("session_1"), called::add);
    await("the cluster", () -> called.size() == 2);

    try (RemoteApplications other = process()) {
      assertThat(other.gone(cluster, started("session_1"))).isEmpty();
      assertThat(
              other.gone(
                  cluster,
                  new Started(
                      "session_2", Optional.empty(), Duration.ofSeconds(5), folder.resolve("log"))))
          .isEmpty();
      assertThat(first().isActive()).isTrue();

      called.add(
          EmrHandle.starting(Optional.of(first().id), Instant.now().minusSeconds(600)).text());
      assertThat(awaitGone(other, cluster, "session_1").code()).isEqualTo(ErrorCode.CLUSTER_LOST);
      await("its end", () -> !first().isActive());
    }
  }

  @Test
  void theSweepEndsClustersOfApplicationsThatNobodyKnows() {
    Settings.Cluster cluster = made();
    for (String name : List.of("session_1", "session_2")) {
      there
          .emr
          .clusters()
          .open(EmrFixture.plan(), new ClusterName("school-1", name), Asked.FOR_THE_FIRST_TIME);
    }

    applications.sweep(cluster, () -> Set.of("session_2"));

    assertThat(there.server.clusters().all().stream().filter(EmulatedCluster::isActive))
        .singleElement()
        .satisfies(c -> assertThat(c.name()).endsWith("session_2"));
  }

  @Test
  void aClusterThatIsThereIsUsedAndNeverEnded() {
    String id =
        there
            .emr
            .clusters()
            .open(
                new ClusterPlan(
                    "emr-9.0.0",
                    EmrFixture.plan().main(),
                    EmrFixture.plan().workers(),
                    ClusterPlan.Place.USUAL,
                    Optional.empty(),
                    Duration.ofHours(1)),
                new ClusterName("somebody", "x"),
                Asked.FOR_THE_FIRST_TIME);
    Settings.Cluster cluster = cluster("cluster_id: " + id);

    applications.start(cluster, application("session_1"), called::add);
    awaitGone(applications, cluster, "session_1");

    assertThat(first().steps.get(0).state).isEqualTo("COMPLETED");
    assertThat(there.server.clusters().all()).hasSize(1);
    assertThat(first().isUp()).isTrue();
  }

  @Test
  void aReleaseWithAnotherSparkIsRefusedBeforeAnythingIsMade() {
    Settings.Cluster cluster =
        cluster(
            "transient: { release: emr-7.13.0, workers: [r5.xlarge] }\n    spark_home: /opt/spark");
    applications.start(cluster, application("session_1"), called::add);
    await("its step", () -> isStarted(1));
    assertThat(first().steps.get(0).arguments())
        .startsWith(
            "env",
            "HADOOP_CONF_DIR=/etc/hadoop/conf",
            "SPARK_HOME=/opt/spark",
            "/opt/spark/bin/spark-submit");

    EmrEntry unfit =
        new EmrEntry(cluster("transient: { release: emr-6.99.0, workers: [r5.xlarge] }"));
    called.clear();
    applications.start(unfit.cluster(), application("session_2"), called::add);
    assertThat(awaitGone(applications, unfit.cluster(), "session_2"))
        .hasMessageContaining("emr-6.99.0");
    assertThat(there.server.clusters().all()).hasSize(1);
  }

  @Test
  void costIsToldBeforeAndAfterByAListThatTheProjectMayReplace() throws IOException {
    EmrEntry entry = new EmrEntry(made());
    assertThat(entry.costs(folder).before(entry.plan()))
        .startsWith("costs about 0.73 to 1.35 USD an hour (prices as of 2025-06");
    Files.writeString(
        folder.resolve("prices.csv"),
        "# of our contract, 2026\nregion,type,machine,emr\neu-west-3,m5.xlarge,0.2,0.05\neu-west-3,r5.xlarge,0.4,0.1\n");
    Costs own = new Costs(Prices.of(folder.resolve("prices.csv")), "eu-west-3");

    assertThat(
            own.after(
                List.of(
                    new Costs.Used("m5.xlarge", ClusterPlan.Market.ON_DEMAND, Duration.ofHours(2)),
                    new Costs.Used("r5.xlarge", ClusterPlan.Market.ON_DEMAND, Duration.ofHours(1)),
                    new Costs.Used("x9.huge", ClusterPlan.Market.ON_DEMAND, Duration.ofHours(1)))))
        .isEqualTo(
            "has cost about 1.00 USD (prices of our contract, 2026), and what x9.huge in eu-west-3 cost, for which there is no price");
  }
}
