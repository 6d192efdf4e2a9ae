package io.ecluse.emr;

import static io.ecluse.emr.EmrFixture.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.ecluse.Registrations;
import io.ecluse.duckdb.EngineParser;
import io.ecluse.emr.EmrFaults.Fault;
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

/** Applications as job runs of EMR Serverless, on the emulated service. */
class ServerlessApplicationsTest {
  private static final String TOKEN = "ecluse_j_very-secret";

  @TempDir Path folder;
  private final String bucket = S3Server.shared().newBucket();
  private final List<String> called = new CopyOnWriteArrayList<>();
  private volatile String program = "exit 0";
  private final ServerlessServer server =
      new ServerlessServer(S3Server.shared().settings(), arguments -> List.of("sh", "-c", program));
  private RemoteApplications applications;

  @BeforeEach
  void keys() {
    System.setProperty("aws.accessKeyId", EmrServer.KEY);
    System.setProperty("aws.secretAccessKey", EmrServer.SECRET);
    applications = process();
  }

  @AfterEach
  void stop() {
    applications.close();
    server.close();
    System.clearProperty("aws.accessKeyId");
    System.clearProperty("aws.secretAccessKey");
  }

  private Storage store(String location) {
    return Storages.open(location, S3Server.shared()::settings);
  }

  /** Another process of the platform. */
  private RemoteApplications process() {
    return new ServerlessCluster(EmrFixture.PACE)
        .remote(new RemoteApplications.Surroundings("school-1", folder, this::store))
        .orElseThrow();
  }

  private Settings.Cluster cluster() {
    try {
      Files.writeString(
          folder.resolve("ecluse.yaml"),
          """
          name: school
          clusters:
            big:
              type: emr_serverless
              region: eu-west-3
              endpoint: %s
              application: %s
              role: arn:aws:iam::123456789012:role/Jobs
              files: s3://%s/ecluse
              log_uri: s3://%s/logs
              address: 10.0.0.5
              executors: 4
              longest: 2h
              conf: { spark.sql.shuffle.partitions: "8" }
          """
              .formatted(server.endpoint(), ServerlessServer.APPLICATION, bucket, bucket));
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

  private Application application(String name) {
    try {
      Path jar = Files.writeString(folder.resolve("app.jar"), "ours");
      Path iceberg = Files.writeString(folder.resolve("iceberg.jar"), "iceberg");
      return new Application(
          name,
          TOKEN,
          "http://10.0.0.5:4711/jobs",
          new RemoteApplications.Jars(jar, iceberg),
          new ServerlessCluster().submission(cluster()).conf(),
          new RemoteApplications.Pace(Duration.ofMinutes(5), 4),
          new RemoteApplications.Here(
              folder.resolve("log"),
              Map::of,
              conf -> {
                throw new AssertionError("the service submits it");
              }));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private boolean isStarted() {
    return called.stream().anyMatch(h -> EmrHandle.of(h).work().isPresent());
  }

  /** As it is written down by now; begun an hour ago. */
  private Started started(String name) {
    Optional<String> handle =
        called.isEmpty() ? Optional.empty() : Optional.of(called.get(called.size() - 1));
    return new Started(name, handle, Duration.ofHours(1), folder.resolve("log"));
  }

  private EcluseException awaitGone(RemoteApplications who, String name) {
    List<EcluseException> why = new CopyOnWriteArrayList<>();
    await(
        "the end of " + name,
        () -> {
          who.gone(cluster(), started(name)).ifPresent(why::add);
          return !why.isEmpty();
        });
    return why.get(0);
  }

  private EcluseException run(String name) {
    applications.start(cluster(), application(name), called::add);
    return awaitGone(applications, name);
  }

  private List<String> passes() {
    try (Storage storage = store("s3://" + bucket + "/ecluse")) {
      return storage.files("passes").stream().map(f -> f.name()).toList();
    }
  }

  @Test
  void aJobRunHasWhatTheEntrySaysAndAnEndThatIsGood() {
    EcluseException why = run("session_1");

    assertThat(why.code()).isEqualTo(ErrorCode.CLUSTER_LOST);
    assertThat(why).hasMessageContaining("has ended by itself");
    ServerlessServer.Run run = server.runs.get(0);
    assertThat(run.state).isEqualTo("SUCCESS");
    assertThat(run.text("executionRoleArn")).isEqualTo("arn:aws:iam::123456789012:role/Jobs");
    assertThat(run.asked.path("executionTimeoutMinutes").asInt()).isEqualTo(120);
    assertThat(run.text("name")).isEqualTo("ecluse school-1 session_1");
    assertThat(run.text("tags", "ecluse-owner")).isEqualTo("school-1");
    assertThat(run.text("jobDriver", "sparkSubmit", "entryPoint"))
        .startsWith("s3://" + bucket + "/ecluse/jars/")
        .endsWith("/app.jar");
    assertThat(run.conf()).containsKey("spark.jars");
    assertThat(run.conf().get("spark.dynamicAllocation.maxExecutors").asString("")).isEqualTo("4");
    assertThat(run.conf().get("spark.sql.shuffle.partitions").asString("")).isEqualTo("8");
  }

  @Test
  void theSecretReachesTheDriverByAnObjectAndStandsNowhereElse() {
    program =
        "test \"$(cat $ECLUSE_JOB_TOKEN_FILE)\" = "
            + TOKEN
            + " && touch "
            + folder
            + "/ok; sleep 60";

    applications.start(cluster(), application("session_1"), called::add);
    await("the driver has read it", () -> Files.exists(folder.resolve("ok")));
    await("its handle", this::isStarted);

    assertThat(server.runs.get(0).asked.toString()).doesNotContain(TOKEN);
    assertThat(passes()).hasSize(1);
    applications.atWork(started("session_1"));
    assertThat(passes()).isEmpty();
  }

  @Test
  void aLostAnswerThrottlingAndLateKnowledgeMakeNoSecondJobRun() {
    server
        .faults
        .next("StartJobRun", Fault.THROTTLED, Fault.ANSWER_LOST, Fault.CUT, Fault.BROKEN)
        .next("GetJobRun", Fault.THROTTLED, Fault.BROKEN, Fault.CUT)
        .knownLateBy(Duration.ofMillis(100));

    run("session_1");

    assertThat(server.runs).hasSize(1);
    assertThat(server.asked("StartJobRun")).isEqualTo(5);
    assertThat(server.runs.get(0).state).isEqualTo("SUCCESS");
  }

  @Test
  void theAnswerForAnotherJobRunIsNotTakenForThisOne() {
    run("session_1");
    program = "echo 'Caused by: java.lang.OutOfMemoryError: Java heap space'; exit 1";
    called.clear();
    server.faults.next("GetJobRun", Fault.ANSWER_REPEATED);

    assertThat(run("session_2").code()).isEqualTo(ErrorCode.OUT_OF_MEMORY);
  }

  @Test
  void aJobRunThatIsCancelledSinceTheApplicationDoesNotStartIsNoSuccess() {
    server.applicationFails =
        Optional.of("The application failed to start: insufficient IP addresses in subnet-1");

    EcluseException why = run("session_1");

    assertThat(why.code()).isEqualTo(ErrorCode.CLUSTER_LOST);
    assertThat(why)
        .hasMessageContaining("is CANCELLED, and not by us")
        .hasMessageContaining("insufficient IP addresses");
    await("no pass is left", () -> passes().isEmpty());
  }

  @Test
  void aJobRunThatFailsTellsTheLineOfItsDriver() {
    program = "echo 'Exception in thread \"main\" java.net.ConnectException: no route'; exit 1";

    EcluseException why = run("session_1");

    assertThat(why.code()).isEqualTo(ErrorCode.CLUSTER_PROGRAM_FAILED);
    assertThat(why).hasMessageContaining("java.net.ConnectException: no route");
  }

  @Test
  void anApplicationThatIsEndedIsCancelledThere() {
    program = "sleep 60";
    applications.start(cluster(), application("session_1"), called::add);
    await("it runs", () -> isStarted() && server.runs.get(0).state.equals("RUNNING"));

    applications.end(cluster(), started("session_1"));

    await("its end", () -> server.runs.get(0).state.equals("CANCELLED"));
  }

  @Test
  void thePageOfAJobRunIsKnownWhileItRuns() {
    program = "sleep 60";
    applications.start(cluster(), application("session_1"), called::add);

    await("its page", () -> applications.page(started("session_1")).isPresent());

    assertThat(applications.page(started("session_1")).orElseThrow())
        .startsWith("https://p-" + server.runs.get(0).id);
    applications.end(cluster(), started("session_1"));
  }

  @Test
  void theNextProcessTakesAJobRunUp() throws IOException {
    program = "while [ ! -e " + folder + "/go ]; do sleep 0.05; done";
    applications.start(cluster(), application("session_1"), called::add);
    await("its handle", this::isStarted);
    applications.close(); // as a process that ends

    try (RemoteApplications next = process()) {
      assertThat(next.gone(cluster(), started("session_1"))).isEmpty();
      Files.createFile(folder.resolve("go"));

      assertThat(awaitGone(next, "session_1")).hasMessageContaining("has ended by itself");
    }
    await("no pass is left", () -> passes().isEmpty());
    assertThat(server.runs).hasSize(1);
  }

  @Test
  void aJobRunWhoseIdNobodyKeptIsFoundByItsName() throws IOException {
    program = "while [ ! -e " + folder + "/go ]; do sleep 0.05; done";
    applications.start(cluster(), application("session_1"), handle -> {});
    await("it is there", () -> server.runs.size() == 1);
    applications.close();
    called.add(
        EmrHandle.starting(
                Optional.of(ServerlessServer.APPLICATION), Instant.now().minusSeconds(600))
            .text());

    try (RemoteApplications next = process()) {
      assertThat(next.gone(cluster(), started("session_1"))).isEmpty();
      Files.createFile(folder.resolve("go"));

      assertThat(awaitGone(next, "session_1")).hasMessageContaining("has ended by itself");
      assertThat(awaitGone(next, "session_9"))
          .hasMessageContaining("was being started on EMR by a process that is gone");
    }
  }

  @Test
  void theSweepCancelsJobRunsThatNobodyKnowsAndNothingOfOthers() {
    program = "sleep 60";
    for (int i = 1; i <= 4; i++) {
      applications.start(cluster(), application("session_" + i), called::add);
    }
    RemoteApplications others =
        new ServerlessCluster(EmrFixture.PACE)
            .remote(new RemoteApplications.Surroundings("school-2", folder, this::store))
            .orElseThrow();
    others.start(cluster(), application("session_1"), called::add);
    await(
        "all run",
        () ->
            server.runs.size() == 5
                && server.runs.stream().allMatch(r -> r.state.equals("RUNNING")));

    applications.sweep(cluster(), () -> Set.of("session_2"));

    await(
        "the end of three",
        () -> server.runs.stream().filter(r -> r.state.equals("CANCELLED")).count() == 3);
    assertThat(server.runs.stream().filter(ServerlessServer.Run::isOpen).map(r -> r.text("name")))
        .containsExactlyInAnyOrder("ecluse school-1 session_2", "ecluse school-2 session_1");
    others.end(
        cluster(),
        new Started("session_1", Optional.empty(), Duration.ofHours(1), folder.resolve("log")));
    others.close();
  }

  @Test
  void anApplicationOfAnotherKindOrWithAnotherSparkIsRefusedBeforeAnythingIsStarted() {
    server.application.put("type", "Hive");
    assertThat(run("session_1").code()).isEqualTo(ErrorCode.CLUSTER_REFUSED);
    called.clear();
    server.application.put("type", "Spark").put("releaseLabel", "emr-spark-8.0.0");

    EcluseException why = run("session_2");

    assertThat(why.code()).isEqualTo(ErrorCode.SPARK_UNFIT);
    assertThat(why).hasMessageContaining("emr-spark-8.0.0 has Spark 4.0.2-amzn-0");
    assertThat(server.runs).isEmpty();
    called.clear();
    server.application.putObject("imageConfiguration").put("imageUri", "1.ecr/ours:1");
    run("session_3"); // an image of one's own has the Spark that it has
    assertThat(server.runs).hasSize(1);
  }

  @Test
  void keysThatNobodyKnowsAreToldAsSuch() {
    System.setProperty("aws.accessKeyId", "AKIAOTHER");

    assertThat(run("session_1"))
        .hasMessageContaining("does not know who asks (UnrecognizedClientException)");
  }

  @Test
  void costIsToldBeforeAndAfterByAListThatTheProjectMayReplace() throws IOException {
    Files.writeString(
        folder.resolve("p.csv"),
        "# of our contract, 2026\nregion,vcpu,gb,storage\neu-west-3,0.1,0.01,0.001\n");
    ServerlessCosts own =
        new ServerlessCosts(
            PriceList.of(folder.resolve("p.csv"), ServerlessCosts.KINDS), "eu-west-3");

    assertThat(own.before(new ServerlessCluster().submission(cluster()).conf()))
        .isEqualTo("costs 0.57 USD an hour at most (prices of our contract, 2026)");
    assertThat(own.after(new ServerlessCosts.Used(2, 10, 100)))
        .isEqualTo(
            "has cost about 0.40 USD (prices of our contract, 2026): 2.00 vCPU-hours, 10.00 GB-hours, 100.00 GB-hours of disk");
    assertThat(
            new ServerlessEntry(cluster()).costs(folder).after(new ServerlessCosts.Used(1, 1, 0)))
        .startsWith("has a cost for which there is no price in eu-west-3: 1.00 vCPU-hours");
  }
}
