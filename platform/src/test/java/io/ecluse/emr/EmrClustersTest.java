package io.ecluse.emr;

import static io.ecluse.emr.Asked.FOR_THE_FIRST_TIME;
import static io.ecluse.emr.Asked.PERHAPS_BEFORE;
import static io.ecluse.emr.EmrFixture.await;
import static io.ecluse.emr.EmrFixture.name;
import static io.ecluse.emr.EmrFixture.plan;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ecluse.emr.ClusterPlan.Market;
import io.ecluse.emr.EmrFaults.Fault;
import io.ecluse.error.EcluseException;
import io.ecluse.error.ErrorCode;
import io.ecluse.storage.StorageSettings;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class EmrClustersTest {
  private EmrFixture there = EmrFixture.start();

  @AfterEach
  void stop() {
    there.close();
  }

  private List<EmulatedCluster> made() {
    return there.server.clusters().all();
  }

  private String open(Emr emr, String key, Asked asked) {
    return emr.clusters().open(plan(), name(key), asked);
  }

  private static ErrorCode code(Throwable e) {
    return ((EcluseException) e).code();
  }

  @Test
  void makesAClusterThatIsKnownForOursAndEndsByItselfIfForgotten() {
    String id = there.ready("run-1");

    EmulatedCluster cluster = made().get(0);
    assertThat(cluster.id).isEqualTo(id);
    assertThat(cluster.tags)
        .containsEntry("ecluse-owner", "school-1")
        .containsEntry("ecluse-key", "run-1")
        .containsEntry("team", "data");
    assertThat(cluster.idleSeconds).contains(600);
    assertThat(cluster.asked.path("SecurityConfiguration").asString()).isEqualTo("closed");
    assertThat(cluster.asked.path("Instances").toString())
        .contains("\"EmrManagedMasterSecurityGroup\":\"sg-1\"")
        .contains("\"EmrManagedSlaveSecurityGroup\":\"sg-2\"")
        .contains("\"ServiceAccessSecurityGroup\":\"sg-3\"");
    assertThat(cluster.asked.path("BootstrapActions").toString())
        .contains("s3://school-data/deploy/spark/install");
    JsonNode workers = cluster.asked.path("Instances").path("InstanceFleets").path(1);
    assertThat(workers.path("TargetSpotCapacity").asInt()).isEqualTo(2);
    assertThat(workers.path("InstanceTypeConfigs").size()).isEqualTo(2);
    assertThat(
            workers
                .path("LaunchSpecifications")
                .path("SpotSpecification")
                .path("TimeoutAction")
                .asString(""))
        .isEqualTo("SWITCH_TO_ON_DEMAND");
  }

  @Test
  void findsTheClusterThatThereIsInsteadOfMakingAnother() {
    String id = there.ready("run-1");

    assertThat(open(there.user(), "run-1", FOR_THE_FIRST_TIME)).isEqualTo(id);
    assertThat(open(there.user(), "run-2", FOR_THE_FIRST_TIME)).isNotEqualTo(id);
    assertThat(made()).hasSize(2);
  }

  @Test
  void aLostAnswerMakesNoSecondCluster() {
    there.server.faults().next("RunJobFlow", Fault.ANSWER_LOST).listsLateBy(Duration.ofMillis(100));

    String id = open(there.emr, "run-1", FOR_THE_FIRST_TIME);

    assertThat(made()).extracting(c -> c.id).containsExactly(id);
    assertThat(there.server.asked("RunJobFlow")).isEqualTo(1);
  }

  @Test
  void aCrashBetweenTheRequestAndTheIdMakesNoSecondCluster() {
    there.server.faults().listsLateBy(Duration.ofMillis(100));
    String forgotten = open(there.emr, "run-1", FOR_THE_FIRST_TIME);

    assertThat(open(there.user(), "run-1", PERHAPS_BEFORE)).isEqualTo(forgotten);
    assertThat(made()).hasSize(1);
  }

  @Test
  void aRequestThatNeverArrivedIsSentAgain() {
    there.server.faults().next("RunJobFlow", Fault.CUT);

    open(there.emr, "run-1", FOR_THE_FIRST_TIME);

    assertThat(made()).hasSize(1);
    assertThat(there.server.asked("RunJobFlow")).isEqualTo(2);
  }

  @Test
  void aSecondClusterOfOneRequestIsEnded() {
    // the first comes into the list only after its request was given up and sent again
    there.server.faults().next("RunJobFlow", Fault.ANSWER_LOST).listsLateBy(Duration.ofMillis(700));
    open(there.emr, "run-1", FOR_THE_FIRST_TIME);
    assertThat(made()).hasSize(2);
    there.server.faults().listsLateBy(Duration.ZERO);

    String one = open(there.user(), "run-1", FOR_THE_FIRST_TIME);

    assertThat(made().get(0).id).isEqualTo(one);
    assertThat(made().get(1).isActive()).isFalse();
  }

  @Test
  void throttlingIsWaitedOutAndABrokenAnswerAskedForAgain() {
    there
        .server
        .faults()
        .next("RunJobFlow", Fault.THROTTLED, Fault.THROTTLED, Fault.THROTTLED)
        .next("ListClusters", Fault.THROTTLED, Fault.BROKEN, Fault.CUT)
        .next("DescribeCluster", Fault.BROKEN, Fault.THROTTLED, Fault.ANSWER_LOST);

    there.ready("run-1");

    assertThat(made()).hasSize(1);
  }

  @Test
  void aClusterThatIsNotKnownYetIsLookedForAgain() {
    there.server.faults().knownLateBy(Duration.ofMillis(150));

    there.ready("run-1");

    assertThat(made().get(0).isUp()).isTrue();
  }

  @Test
  void theAnswerForAnotherClusterIsNotTakenForThisOne() {
    String up = there.ready("run-1");
    there.emr.clusters().state(up);
    there.server.clusters().nextFailsToStart("VALIDATION_ERROR", "Subnet is required");
    String other = open(there.emr, "run-2", FOR_THE_FIRST_TIME);
    there.server.faults().next("DescribeCluster", Fault.ANSWER_REPEATED);

    assertThatThrownBy(() -> there.emr.clusters().awaitReady(other, new EmrFixture.Listener()))
        .hasMessageContaining("Subnet is required");
  }

  @Test
  void aClusterThatDoesNotComeUpTellsItsReason() {
    there
        .server
        .clusters()
        .nextFailsToStart("BOOTSTRAP_FAILURE", "On the master instance, bootstrap action 1 failed");
    String id = open(there.emr, "run-1", FOR_THE_FIRST_TIME);

    assertThatThrownBy(() -> there.emr.clusters().awaitReady(id, new EmrFixture.Listener()))
        .satisfies(e -> assertThat(code(e)).isEqualTo(ErrorCode.CLUSTER_LOST))
        .hasMessageContaining("bootstrap action 1 failed (BOOTSTRAP_FAILURE)");
  }

  @Test
  void whereThereIsNoSpotItFallsBackUnlessItMustNot() {
    there.server.clusters().spotIsThere(false);
    String dear = there.ready("run-1");
    String none =
        there
            .emr
            .clusters()
            .open(plan(Market.SPOT_ONLY, Optional.empty()), name("run-2"), FOR_THE_FIRST_TIME);

    assertThat(there.emr.clusters().state(dear).phase()).isEqualTo(ClusterState.Phase.TAKES_STEPS);
    assertThatThrownBy(() -> there.emr.clusters().awaitReady(none, new EmrFixture.Listener()))
        .hasMessageContaining("INSTANCE_FLEET_TIMEOUT");
  }

  @Test
  void whoWaitsForAClusterMayLoseInterest() {
    there.close();
    there = EmrFixture.start(EmulatedClusters.Pace.QUICK.stage(Duration.ofHours(1)));
    String id = open(there.emr, "run-1", FOR_THE_FIRST_TIME);
    EmrFixture.Listener listener = new EmrFixture.Listener();
    listener.cancelled = true;

    assertThatThrownBy(() -> there.emr.clusters().awaitReady(id, listener))
        .satisfies(e -> assertThat(code(e)).isEqualTo(ErrorCode.CANCELLED));
  }

  @Test
  void theSweepEndsWhatNobodyWantsAndNothingOfOthers() {
    String wanted = there.ready("run-1");
    String orphan = there.ready("run-2");
    made().get(1).isProtected = true; // by somebody's hand
    Emr neighbour = there.user();
    String others =
        neighbour.clusters().open(plan(), new ClusterName("school-2", "run-2"), FOR_THE_FIRST_TIME);
    String copied =
        neighbour.clusters().open(plan(), new ClusterName("school-1", "run-9"), FOR_THE_FIRST_TIME);
    made().get(3).tags.clear(); // called as ours, and not ours
    for (int i = 10; i < 19; i++) {
      open(there.emr, "run-" + i, FOR_THE_FIRST_TIME); // lists have pages
    }

    List<String> ended = there.user().clusters().sweep("school-1", key -> key.equals("run-1"));

    assertThat(ended).contains(orphan).doesNotContain(wanted, others, copied).hasSize(10);
    await("the orphan ends", () -> made().get(1).state.equals("TERMINATED"));
    assertThat(made().stream().filter(EmulatedCluster::isActive).map(c -> c.id))
        .containsExactlyInAnyOrder(wanted, others, copied);
  }

  @Test
  void theSweepEndsAClusterOfWhichNobodyEverHeard() {
    there
        .server
        .faults()
        .next("RunJobFlow", Fault.ANSWER_LOST, Fault.ANSWER_LOST)
        .listsLateBy(Duration.ofSeconds(3));
    assertThatThrownBy(() -> open(there.emr, "run-1", FOR_THE_FIRST_TIME))
        .satisfies(e -> assertThat(code(e)).isEqualTo(ErrorCode.OUTCOME_UNKNOWN));
    there.server.faults().listsLateBy(Duration.ZERO);

    there.user().clusters().sweep("school-1", key -> false);

    assertThat(made()).hasSize(2).noneMatch(EmulatedCluster::isActive);
  }

  @Test
  void aForgottenClusterEndsByItself() {
    there.close();
    there = EmrFixture.start(EmulatedClusters.Pace.QUICK.idle(Duration.ofMillis(1)));
    open(there.emr, "run-1", FOR_THE_FIRST_TIME); // its ten minutes are 600 ms here

    await("its end", () -> made().get(0).state.equals("TERMINATED"));
  }

  @Test
  void endingTwiceIsEndingOnce() {
    String id = there.ready("run-1");
    there.server.faults().next("TerminateJobFlows", Fault.ANSWER_LOST);

    there.emr.clusters().end(id);
    there.emr.clusters().end(id);

    await("its end", () -> made().get(0).state.equals("TERMINATED"));
    assertThat(made().get(0).message).isEqualTo("Terminated by user request");
  }

  @Test
  void keysThatNobodyKnowsAreToldAsSuch() {
    EmrAccount account = there.server.account();
    try (Emr stranger =
        new Emr(
            new EmrAccount(
                account.region(),
                account.endpoint(),
                Optional.of(new StorageSettings.Keys("AKIAOTHER", "x"))),
            EmrFixture.PACE,
            location -> {
              throw new AssertionError(location);
            })) {
      assertThatThrownBy(() -> open(stranger, "run-1", FOR_THE_FIRST_TIME))
          .satisfies(e -> assertThat(code(e)).isEqualTo(ErrorCode.CLUSTER_REFUSED))
          .hasMessageContaining("does not know who asks (UnrecognizedClientException)");
    }
  }
}
