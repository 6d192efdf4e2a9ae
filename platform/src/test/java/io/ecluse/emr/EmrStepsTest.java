package io.ecluse.emr;

import static io.ecluse.emr.Asked.FOR_THE_FIRST_TIME;
import static io.ecluse.emr.Asked.PERHAPS_BEFORE;
import static io.ecluse.emr.EmrFixture.await;
import static io.ecluse.emr.EmrFixture.name;
import static io.ecluse.emr.EmrFixture.plan;
import static io.ecluse.emr.EmrFixture.script;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ecluse.emr.EmrFaults.Fault;
import io.ecluse.emr.EmrFixture.Listener;
import io.ecluse.emr.StepEnd.How;
import io.ecluse.error.EcluseException;
import io.ecluse.error.ErrorCode;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class EmrStepsTest {
  private final EmrFixture there = EmrFixture.start();
  private final Listener listener = new Listener();

  @AfterEach
  void stop() {
    there.close();
  }

  private EmulatedCluster cluster() {
    return there.server.clusters().all().get(0);
  }

  private EmrSteps steps() {
    return there.emr.steps();
  }

  private static ErrorCode code(Throwable e) {
    return ((EcluseException) e).code();
  }

  @Test
  void aStepIsDoneWhenItIsCompletedAndNotWhenItRuns() {
    String cluster = there.ready("run-1");

    String step = steps().add(cluster, script("job-1", "sleep 0.3"), FOR_THE_FIRST_TIME);
    StepEnd end = steps().watch(cluster, step, listener);

    assertThat(end.how()).isEqualTo(How.DONE);
    assertThat(end.ran()).isGreaterThanOrEqualTo(Duration.ofMillis(300));
    assertThat(listener.lines)
        .anyMatch(l -> l.endsWith("RUNNING"))
        .last()
        .asString()
        .endsWith("COMPLETED");
  }

  @Test
  void aProgramThatFailsIsAFailureAndItsClusterGoesOn() {
    String cluster = there.ready("run-1");

    String bad = steps().add(cluster, script("job-1", "exit 3"), FOR_THE_FIRST_TIME);
    String good = steps().add(cluster, script("job-2", "exit 0"), FOR_THE_FIRST_TIME);

    StepEnd end = steps().watch(cluster, bad, listener);
    assertThat(end.how()).isEqualTo(How.FAILED);
    assertThatThrownBy(end::require)
        .satisfies(e -> assertThat(code(e)).isEqualTo(ErrorCode.CLUSTER_PROGRAM_FAILED))
        .hasMessageContaining("Exit status: 3");
    assertThat(steps().watch(cluster, good, listener).how()).isEqualTo(How.DONE);
  }

  @Test
  void stepsThatWereCancelledBecauseTheClusterDidNotComeUpAreNoSuccess() {
    there.server.clusters().nextFailsToStart("INSTANCE_FAILURE", "No capacity for m5.xlarge");
    there.server.clusters().hold();
    String cluster = there.emr.clusters().open(plan(), name("run-1"), FOR_THE_FIRST_TIME);
    String step = steps().add(cluster, script("job-1", "exit 0"), FOR_THE_FIRST_TIME);
    there.server.clusters().goOn();

    StepEnd end = steps().watch(cluster, step, listener);

    assertThat(cluster().steps.get(0).state).isEqualTo("CANCELLED");
    assertThat(end.how()).isEqualTo(How.LOST);
    assertThat(end.why()).contains("No capacity for m5.xlarge (INSTANCE_FAILURE)");
    assertThatThrownBy(end::require).satisfies(e -> assertThat(code(e).retryable()).isTrue());
  }

  @Test
  void aStepThatIsCutOffBySomebodyWhoEndsTheClusterIsLost() {
    String cluster = there.ready("run-1");
    String step = steps().add(cluster, script("job-1", "sleep 60"), FOR_THE_FIRST_TIME);
    await("it runs", () -> cluster().steps.get(0).state.equals("RUNNING"));

    there.server.clusters().end(cluster(), "USER_REQUEST", "Terminated by user request", false);

    StepEnd end = steps().watch(cluster, step, listener);
    assertThat(end.how()).isEqualTo(How.LOST);
    assertThat(end.why()).contains("Terminated by user request (USER_REQUEST)");
  }

  @Test
  void aClusterThatEndsItselfJustAsAStepIsSentLosesIt() {
    String cluster = there.ready("run-1");
    there
        .server
        .clusters()
        .end(cluster(), "USER_REQUEST", "Terminated by auto-termination policy", false);

    assertThatThrownBy(() -> steps().add(cluster, script("job-1", "exit 0"), FOR_THE_FIRST_TIME))
        .satisfies(e -> assertThat(code(e)).isEqualTo(ErrorCode.CLUSTER_LOST))
        .hasMessageContaining("auto-termination policy");
  }

  @Test
  void aStepThatWasTakenByAClusterThatThenEndsItselfIsLost() {
    String cluster = there.ready("run-1");
    steps().add(cluster, script("job-0", "sleep 60"), FOR_THE_FIRST_TIME);
    String step = steps().add(cluster, script("job-1", "exit 0"), FOR_THE_FIRST_TIME);

    there
        .server
        .clusters()
        .end(cluster(), "USER_REQUEST", "Terminated by auto-termination policy", false);

    assertThat(steps().watch(cluster, step, listener).how()).isEqualTo(How.LOST);
  }

  @Test
  void aFailureStaysOneAfterItsClusterWasEndedByUs() {
    String cluster = there.ready("run-1");
    String step = steps().add(cluster, script("job-1", "exit 3"), FOR_THE_FIRST_TIME);
    await("it failed", () -> cluster().steps.get(0).state.equals("FAILED"));

    there.emr.clusters().end(cluster);
    await("its end", () -> cluster().state.equals("TERMINATED"));

    StepEnd end = steps().ended(cluster, step).orElseThrow();
    assertThat(end.how()).isEqualTo(How.FAILED);
    assertThat(end.why()).contains("Exit status: 3").doesNotContain("user request");
  }

  @Test
  void aLostAnswerAddsNoSecondStep() {
    String cluster = there.ready("run-1");
    there.server.faults().next("AddJobFlowSteps", Fault.ANSWER_LOST);

    String step = steps().add(cluster, script("job-1", "exit 0"), FOR_THE_FIRST_TIME);

    assertThat(cluster().steps).extracting(s -> s.id).containsExactly(step);
  }

  @Test
  void aStepOfAProcessThatDiedIsFoundAgain() {
    String cluster = there.ready("run-1");
    String step = steps().add(cluster, script("job-1", "sleep 0.2"), FOR_THE_FIRST_TIME);
    for (int i = 2; i < 9; i++) {
      steps().add(cluster, script("job-" + i, "exit 0"), FOR_THE_FIRST_TIME); // lists have pages
    }

    Emr later = there.user();
    assertThat(later.steps().add(cluster, script("job-1", "sleep 0.2"), PERHAPS_BEFORE))
        .isEqualTo(step);
    assertThat(later.steps().watch(cluster, step, listener).how()).isEqualTo(How.DONE);
    assertThat(cluster().steps).hasSize(8);
  }

  @Test
  void whatIsThrottledOrNotSentIsTriedAgain() {
    String cluster = there.ready("run-1");
    there
        .server
        .faults()
        .next("AddJobFlowSteps", Fault.THROTTLED, Fault.CUT, Fault.THROTTLED)
        .next("DescribeStep", Fault.THROTTLED, Fault.BROKEN, Fault.CUT, Fault.ANSWER_LOST);

    String step = steps().add(cluster, script("job-1", "exit 0"), FOR_THE_FIRST_TIME);

    assertThat(steps().watch(cluster, step, listener).how()).isEqualTo(How.DONE);
    assertThat(cluster().steps).hasSize(1);
  }

  @Test
  void theEndOfAnotherStepIsNotTakenForThisOne() {
    String cluster = there.ready("run-1");
    String first = steps().add(cluster, script("job-1", "exit 0"), FOR_THE_FIRST_TIME);
    steps().watch(cluster, first, listener);
    String second = steps().add(cluster, script("job-2", "exit 3"), FOR_THE_FIRST_TIME);
    there.server.faults().next("DescribeStep", Fault.ANSWER_REPEATED, Fault.ANSWER_REPEATED);

    assertThat(steps().watch(cluster, second, listener).how()).isEqualTo(How.FAILED);
  }

  @Test
  void aStepThatNobodyWantsIsCancelledWhereItRuns() {
    String cluster = there.ready("run-1");
    String step = steps().add(cluster, script("job-1", "sleep 60"), FOR_THE_FIRST_TIME);
    await("it runs", () -> cluster().steps.get(0).state.equals("RUNNING"));
    listener.cancelled = true;
    there.server.faults().next("CancelSteps", Fault.THROTTLED, Fault.ANSWER_LOST);

    StepEnd end = steps().watch(cluster, step, listener);

    assertThat(end.how()).isEqualTo(How.CANCELLED);
    assertThat(cluster().isUp()).isTrue();
  }

  @Test
  void aStepThatSomebodyElseCancelsIsNoSuccess() {
    String cluster = there.ready("run-1");
    steps().add(cluster, script("job-0", "sleep 60"), FOR_THE_FIRST_TIME);
    String step = steps().add(cluster, script("job-1", "exit 0"), FOR_THE_FIRST_TIME);

    there.server.clusters().cancel(cluster().steps.get(1));

    StepEnd end = steps().watch(cluster, step, listener);
    assertThat(end.how()).isEqualTo(How.LOST);
    assertThat(end.why()).contains("somebody has cancelled it");
  }

  @Test
  void theLineThatMattersIsTheOneThatTellsWhy() {
    String driver =
        """
        26/01/01 INFO SparkContext: Running Spark
        org.apache.spark.SparkException: Job aborted due to stage failure
        Caused by: java.time.DateTimeException: Text '2001-02-30' could not be parsed
        26/01/01 INFO ShutdownHookManager: Shutdown hook called
        """;
    String client =
        "Exception in thread \"main\" org.apache.spark.SparkException: Application finished with failed status";

    assertThat(LogLine.of(List.of(driver, client)))
        .contains("Caused by: java.time.DateTimeException: Text '…' could not be parsed");
    assertThat(
            LogLine.of(List.of(driver + "java.lang.OutOfMemoryError: Java heap space\n", client)))
        .contains("java.lang.OutOfMemoryError: Java heap space");
    assertThat(LogLine.code("x: java.lang.OutOfMemoryError: Java heap space"))
        .isEqualTo(ErrorCode.OUT_OF_MEMORY);
    assertThat(LogLine.of(List.of("", " \n"))).isEmpty();
  }
}
