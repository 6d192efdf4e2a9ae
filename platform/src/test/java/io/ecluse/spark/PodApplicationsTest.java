package io.ecluse.spark;

import static io.ecluse.spark.KubernetesFlowTest.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.ecluse.error.EcluseException;
import io.ecluse.error.ErrorCode;
import io.ecluse.project.Position;
import io.ecluse.project.Settings;
import io.ecluse.project.Value;
import io.ecluse.spark.RemoteApplications.Started;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Pods of drivers from their start to their end, whatever becomes of them; without Spark. */
class PodApplicationsTest {
  private static final String OWNER = "school/1/dev";

  @TempDir Path folder;
  private ApiServer server;
  private Kubelet kubelet;
  private RemoteApplications applications;
  private final List<String> called = new CopyOnWriteArrayList<>();

  @BeforeEach
  void open() throws IOException {
    server = ApiServer.start(folder.resolve("server"));
    kubelet = new Kubelet(server, List.of());
    applications = process();
  }

  @AfterEach
  void stop() {
    new KubeApi(Kubelet.entry(server, "kubelet"))
        .list("pods", PodName.OWNER)
        .forEach(p -> api().delete("pods", p.path("metadata").path("name").asString("")));
    applications.close();
    kubelet.close();
    server.close();
  }

  private KubeApi api() {
    return new KubeApi(Kubelet.entry(server, "platform"));
  }

  /** Another process of the platform. */
  private RemoteApplications process() {
    return new KubernetesCluster(Duration.ofMillis(50))
        .remote(
            new RemoteApplications.Surroundings(
                OWNER,
                folder,
                location -> {
                  throw new AssertionError(location);
                }))
        .orElseThrow();
  }

  private Settings.Cluster cluster(String who) {
    return Kubelet.entry(server, who).cluster();
  }

  /** As Spark has submitted it. */
  private void submitted(String owner, String name, String image, String cpu) {
    PodName words = PodName.of(owner, name);
    ObjectNode pod = JsonMapper.shared().createObjectNode();
    pod.put("apiVersion", "v1").put("kind", "Pod");
    ObjectNode metadata = pod.putObject("metadata").put("name", words.pod());
    metadata
        .putObject("labels")
        .put(PodName.OWNER, words.owner())
        .put(PodName.APPLICATION, name)
        .put("spark-role", "driver");
    ObjectNode spec = pod.putObject("spec").put("restartPolicy", "Never");
    spec.put("serviceAccountName", "spark");
    ObjectNode container = spec.putArray("containers").addObject();
    container.put("name", "spark-kubernetes-driver").put("image", image);
    container.putObject("resources").putObject("requests").put("cpu", cpu);
    api().create("pods", pod);
  }

  private Started started(String name) {
    return new Started(
        name,
        Optional.of(PodName.of(OWNER, name).pod()),
        Duration.ofHours(1),
        folder.resolve("log"));
  }

  private EcluseException awaitGone(RemoteApplications who, String name) {
    List<EcluseException> why = new CopyOnWriteArrayList<>();
    await(
        "the end of " + name,
        () -> {
          who.gone(cluster("platform"), started(name)).ifPresent(why::add);
          return !why.isEmpty();
        });
    return why.get(0);
  }

  private EcluseException run(String name, String image) {
    submitted(OWNER, name, image, "1");
    return awaitGone(applications, name);
  }

  private RemoteApplications.Application application() {
    return new RemoteApplications.Application(
        "session_1",
        "ecluse_j_secret",
        "http://127.0.0.1:1/jobs",
        new RemoteApplications.Jars(folder, folder),
        Map.of(),
        new RemoteApplications.Pace(Duration.ofMinutes(5), 4),
        new RemoteApplications.Here(
            folder.resolve("log"),
            Map::of,
            more -> {
              throw new AssertionError("Nothing is submitted");
            }));
  }

  private EcluseException refused(Settings.Cluster cluster) {
    applications.start(cluster, application(), called::add);
    List<EcluseException> why = new CopyOnWriteArrayList<>();
    await(
        "its refusal",
        () -> {
          applications.gone(cluster, started("session_1")).ifPresent(why::add);
          return !why.isEmpty();
        });
    return why.get(0);
  }

  @Test
  void aPodThatEndsWellHasEndedByItselfAndIsTakenAway() {
    EcluseException why = run("session_1", "sh:exit 0");

    assertThat(why.code()).isEqualTo(ErrorCode.CLUSTER_LOST);
    assertThat(why).hasMessageContaining("has ended by itself");
    await("the pod is taken away", () -> server.names("pods").isEmpty());
  }

  @Test
  void aPodThatIsKilledForItsMemoryIsToldAsSuch() {
    EcluseException why = run("session_1", "sh:exit 137");

    assertThat(why.code()).isEqualTo(ErrorCode.OUT_OF_MEMORY);
    assertThat(why).hasMessageContaining("OOMKilled").hasMessageContaining("give it more (memory)");
  }

  @Test
  void aPodThatFailsIsNoSuccess() {
    assertThat(run("session_1", "sh:exit 3"))
        .hasMessageContaining("has ended before its work was done");
  }

  @Test
  void anImageThatCannotBePulledIsToldAtOnce() {
    EcluseException why = run("session_1", Kubelet.NO_IMAGE);

    assertThat(why.code()).isEqualTo(ErrorCode.CLUSTER_REFUSED);
    assertThat(why)
        .hasMessageContaining("does not get its image (ImagePullBackOff: Back-off pulling image")
        .hasMessageContaining("mend image in clusters.node of ecluse.yaml");
    await("the pod is taken away", () -> server.names("pods").isEmpty());
  }

  @Test
  void aPodThatSomebodyDeletesIsMissedWithinSeconds() {
    submitted(OWNER, "session_1", "sh:sleep 60", "1");
    await("it runs", () -> !kubelet.started.isEmpty());
    assertThat(applications.gone(cluster("platform"), started("session_1"))).isEmpty();
    api().delete("pods", PodName.of(OWNER, "session_1").pod());

    assertThat(awaitGone(applications, "session_1"))
        .hasMessageContaining("is gone: its pod ecluse-session-1-driver is not there any more");
  }

  @Test
  void aPodThatIsEvictedIsToldWithWhatItsNodeLacked() {
    submitted(OWNER, "session_1", "sh:sleep 60", "1");
    await("it runs", () -> !kubelet.started.isEmpty());
    assertThat(applications.gone(cluster("platform"), started("session_1"))).isEmpty();

    kubelet.evict("ecluse-session-1-driver");

    EcluseException why = awaitGone(applications, "session_1");
    assertThat(why.code()).isEqualTo(ErrorCode.CLUSTER_LOST);
    assertThat(why)
        .hasMessageContaining(
            "was taken from its node (Evicted: The node was low on resource: memory.); look at the nodes of cluster node");
    await("the pod is taken away", () -> server.names("pods").isEmpty());
  }

  @Test
  void aPodForWhichThereIsNoRoomWaitsAndIsDeletedWithWhoEndsIt() {
    submitted(OWNER, "session_1", "sh:sleep 60", "65");
    assertThat(applications.gone(cluster("platform"), started("session_1"))).isEmpty();
    await(
        "there is no room",
        () ->
            api()
                .read("pods", "ecluse-session-1-driver")
                .map(PodState::of)
                .orElseThrow()
                .waits()
                .filter("Unschedulable: 0/1 nodes are available: 1 Insufficient cpu."::equals)
                .isPresent());

    assertThat(applications.gone(cluster("platform"), started("session_1"))).isEmpty();
    applications.end(cluster("platform"), started("session_1"));

    await("the pod is deleted", () -> server.names("pods").isEmpty());
  }

  @Test
  void theNextProcessTakesAPodUpByItsName() {
    submitted(OWNER, "session_1", "sh:while [ ! -e " + folder + "/go ]; do sleep 0.05; done", "1");
    assertThat(applications.gone(cluster("platform"), started("session_1"))).isEmpty();
    applications.close(); // as a process that ends
    RemoteApplications next = process();
    assertThat(next.gone(cluster("platform"), started("session_1"))).isEmpty();
    await("it runs", () -> !kubelet.started.isEmpty());
    try {
      Files.createFile(folder.resolve("go"));
    } catch (IOException e) {
      throw new AssertionError(e);
    }

    assertThat(awaitGone(next, "session_1")).hasMessageContaining("has ended by itself");
    next.close();
  }

  @Test
  void whatAnotherProcessSubmitsIsLeftToItAsLongAsThatIsAlive() {
    Started fresh =
        new Started(
            "session_1",
            Optional.of("starting " + Instant.now().getEpochSecond()),
            Duration.ofHours(1),
            folder.resolve("log"));

    assertThat(applications.gone(cluster("platform"), fresh)).isEmpty();
    Started stale =
        new Started(
            "session_1",
            Optional.of("starting " + Instant.now().minusSeconds(600).getEpochSecond()),
            Duration.ofHours(1),
            folder.resolve("log"));
    await("it is missed", () -> applications.gone(cluster("platform"), stale).isPresent());
  }

  @Test
  void whoMayNotIsToldSoBeforeAnythingIsMade() {
    EcluseException why = refused(cluster("stranger"));

    assertThat(why.code()).isEqualTo(ErrorCode.CLUSTER_REFUSED);
    assertThat(why)
        .hasMessageContaining("does not allow it")
        .hasMessageContaining("forbidden")
        .hasMessageContaining("docs/spark.md has the rights");
  }

  @Test
  void aTokenThatHasRunOutIsToldAsSuch() throws IOException {
    Files.writeString(folder.resolve("old.token"), "an-old-one\n");
    EcluseException why = refused(with(cluster("platform"), "token_file", "old.token"));

    assertThat(why.code()).isEqualTo(ErrorCode.CLUSTER_REFUSED);
    assertThat(why)
        .hasMessageContaining(
            "the token in token_file of clusters.node has run out, or there is none")
        .hasMessageNotContaining("an-old-one");
  }

  @Test
  void anApiServerThatIsNotThereIsToldAsSuch() {
    EcluseException why = refused(with(cluster("platform"), "master", "k8s://https://127.0.0.1:1"));

    assertThat(why.code()).isEqualTo(ErrorCode.CLUSTER_UNREACHABLE);
    assertThat(why).hasMessageContaining("does not answer at https://127.0.0.1:1");
  }

  private static Settings.Cluster with(Settings.Cluster cluster, String key, String value) {
    Map<String, Value> values = new LinkedHashMap<>(cluster.content().values());
    values.put(key, new Value.Text(Position.START, value));
    return new Settings.Cluster(
        cluster.name(), cluster.type(), new Value.Entries(Position.START, values, Map.of()));
  }

  @Test
  void theSweepDeletesPodsThatNobodyKnowsAndNothingOfOthers() {
    submitted(OWNER, "session_1", "sh:sleep 60", "1");
    submitted(OWNER, "session_2", "sh:sleep 60", "1");
    submitted("school/2/dev", "session_3", "sh:sleep 60", "1");
    await("all run", () -> kubelet.started.size() == 3);

    applications.sweep(cluster("platform"), () -> Set.of("session_2"));

    await("one is gone", () -> server.names("pods").size() == 2);
    assertThat(server.names("pods"))
        .containsExactlyInAnyOrder("ecluse-session-2-driver", "ecluse-session-3-driver");
  }
}
