package io.ecluse.emr;

import io.ecluse.emr.ClusterState.Phase;
import io.ecluse.emr.StepEnd.How;
import io.ecluse.error.EcluseException;
import io.ecluse.error.ErrorCode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.services.emr.EmrClient;
import software.amazon.awssdk.services.emr.model.ActionOnFailure;
import software.amazon.awssdk.services.emr.model.ListStepsResponse;
import software.amazon.awssdk.services.emr.model.StepCancellationOption;
import software.amazon.awssdk.services.emr.model.StepConfig;
import software.amazon.awssdk.services.emr.model.StepStatus;
import software.amazon.awssdk.services.emr.model.StepSummary;

/**
 * Steps on clusters: added once, whatever answer was lost, and watched to their end, of which one
 * kind is good. Safe for use by several threads and processes.
 */
public final class EmrSteps {
  private static final int LOOKS_BETWEEN_CLUSTERS = 5;
  private static final int MOST_TRIES = 2;

  private final EmrCalls<EmrClient> calls;
  private final EmrClusters clusters;
  private final StepLogs logs;
  private final EmrPace pace;

  EmrSteps(EmrCalls<EmrClient> calls, EmrClusters clusters, StepLogs logs, EmrPace pace) {
    this.calls = calls;
    this.clusters = clusters;
    this.logs = logs;
    this.pace = pace;
  }

  /**
   * Adds a step, unless the cluster has it.
   *
   * @return its id
   * @throws EcluseException CLUSTER_LOST if the cluster takes none any more; CLUSTER_REFUSED,
   *     CLUSTER_UNREACHABLE, OUTCOME_UNKNOWN
   */
  public String add(String cluster, Step step, Asked asked) {
    Optional<String> there =
        asked == Asked.PERHAPS_BEFORE
            ? awaitListed(cluster, step.name())
            : firstOf(cluster, step.name());
    return there.orElseGet(() -> send(cluster, step));
  }

  private String send(String cluster, Step step) {
    StepConfig config =
        StepConfig.builder()
            .name(step.name())
            // one that fails is our matter: it must not take the cluster from others
            .actionOnFailure(ActionOnFailure.CONTINUE)
            .hadoopJarStep(j -> j.jar("command-runner.jar").args(step.arguments()))
            .build();
    for (int tries = 1; ; tries++) {
      try {
        return calls
            .change(
                "add a step to cluster " + cluster,
                emr -> emr.addJobFlowSteps(r -> r.jobFlowId(cluster).steps(config)))
            .stepIds()
            .get(0);
      } catch (EcluseException e) {
        if (e.code() == ErrorCode.CLUSTER_REFUSED) {
          ClusterState state = clusters.state(cluster);
          throw state.isOver() ? EmrClusters.lost(state) : e;
        }
        if (e.code() != ErrorCode.OUTCOME_UNKNOWN) {
          throw e;
        }
        Optional<String> added = awaitListed(cluster, step.name());
        if (added.isPresent()) {
          return added.get();
        }
        if (tries == MOST_TRIES) {
          throw e;
        }
      }
    }
  }

  private Optional<String> awaitListed(String cluster, String name) {
    Patience settling = new Patience(pace.settle());
    for (int looks = 0; ; looks++) {
      Optional<String> found = firstOf(cluster, name);
      if (found.isPresent() || settling.isOver()) {
        return found;
      }
      Patience.pause(pace.pause(looks));
    }
  }

  /** Of several of a name, which a repeated request may have made, the first is it. */
  private Optional<String> firstOf(String cluster, String name) {
    List<StepSummary> found =
        all(cluster).stream()
            .filter(s -> name.equals(s.name()))
            .sorted(
                Comparator.comparing((StepSummary s) -> s.status().timeline().creationDateTime()))
            .toList();
    found.stream().skip(1).forEach(s -> cancel(cluster, s.id()));
    return found.stream().findFirst().map(StepSummary::id);
  }

  private List<StepSummary> all(String cluster) {
    Map<String, StepSummary> found = new LinkedHashMap<>();
    new Pages()
        .turn(
            marker -> {
              ListStepsResponse page =
                  calls.askNew(
                      "list the steps of cluster " + cluster,
                      emr -> emr.listSteps(r -> r.clusterId(cluster).marker(marker.orElse(null))));
              page.steps().forEach(s -> found.put(s.id(), s));
              return Optional.ofNullable(page.marker());
            });
    return new ArrayList<>(found.values());
  }

  /**
   * Waits for the end of a step, and cancels it when nobody wants it any more.
   *
   * @throws EcluseException CLUSTER_UNREACHABLE, CLUSTER_REFUSED: the step may go on
   */
  public StepEnd watch(String cluster, String step, Watcher watcher) {
    String said = "";
    boolean cancelled = false;
    for (int looks = 0; ; looks++) {
      Look look = look(cluster, step);
      if (!look.state().equals(said)) {
        said = look.state();
        watcher.log("Step %s of cluster %s on EMR is %s".formatted(step, cluster, said));
      }
      if (!look.isOpen()) {
        return end(cluster, look, cancelled);
      }
      if (watcher.isCancelled() && !cancelled) {
        cancelled = true;
        cancel(cluster, step);
      }
      if (looks % LOOKS_BETWEEN_CLUSTERS == LOOKS_BETWEEN_CLUSTERS - 1) {
        Optional<StepEnd> gone = gone(cluster, step, cancelled);
        if (gone.isPresent()) {
          return gone.get();
        }
      }
      Patience.pause(pace.pause(looks));
    }
  }

  /** How a step has ended, or nothing as long as it goes on. */
  public Optional<StepEnd> ended(String cluster, String step) {
    Look look = look(cluster, step);
    return look.isOpen() ? gone(cluster, step, false) : Optional.of(end(cluster, look, false));
  }

  /** A step of a cluster that has ended is over, whatever EMR still says of it. */
  private Optional<StepEnd> gone(String cluster, String step, boolean cancelled) {
    ClusterState state = clusters.state(cluster);
    if (state.phase() != Phase.ENDED) {
      return Optional.empty();
    }
    Look look = look(cluster, step);
    return Optional.of(
        look.isOpen()
            ? new StepEnd(
                cancelled ? How.CANCELLED : How.LOST,
                EmrClusters.lost(state).getMessage(),
                look.began(),
                look.ended())
            : end(cluster, look, cancelled));
  }

  private StepEnd end(String cluster, Look look, boolean cancelled) {
    return switch (look.state()) {
      case "COMPLETED" -> new StepEnd(How.DONE, "", look.began(), look.ended());
      case "FAILED" -> new StepEnd(How.FAILED, failure(cluster, look), look.began(), look.ended());
      // cancelled or interrupted; if not by us, then because the cluster ended or came to nothing
      default ->
          cancelled
              ? new StepEnd(
                  How.CANCELLED,
                  "Step %s of cluster %s was cancelled".formatted(look.id(), cluster),
                  look.began(),
                  look.ended())
              : new StepEnd(How.LOST, notRun(cluster, look), look.began(), look.ended());
    };
  }

  private String notRun(String cluster, Look look) {
    ClusterState state = clusters.state(cluster);
    return state.isOver()
        ? EmrClusters.lost(state).getMessage()
        : "Step %s of cluster %s on EMR is %s, and not by us: somebody has cancelled it"
            .formatted(look.id(), cluster, look.state());
  }

  private String failure(String cluster, Look look) {
    ClusterState state = clusters.state(cluster);
    String line =
        logs.line(state.logs(), cluster, look.id())
            .or(look::told)
            .orElse("EMR tells no reason, and there is no log; set log_uri to have one");
    return "Step %s of cluster %s failed: %s".formatted(look.id(), cluster, line);
  }

  /** Cancels a step; one that has ended is fine. */
  public void cancel(String cluster, String step) {
    calls.ask(
        "cancel step " + step,
        emr ->
            emr.cancelSteps(
                r ->
                    r.clusterId(cluster)
                        .stepIds(step)
                        .stepCancellationOption(StepCancellationOption.TERMINATE_PROCESS)));
  }

  private Look look(String cluster, String step) {
    for (int looks = 0; ; looks++) {
      var found =
          calls
              .askNew(
                  "look at step " + step,
                  emr -> emr.describeStep(r -> r.clusterId(cluster).stepId(step)))
              .step();
      if (step.equals(found.id())) { // it has been seen to answer for another
        return Look.of(found.id(), found.status());
      }
      Patience.pause(pace.pause(looks));
    }
  }

  /**
   * What EMR says of a step.
   *
   * @param told why it failed
   */
  private record Look(
      String id,
      String state,
      Optional<String> told,
      Optional<java.time.Instant> began,
      Optional<java.time.Instant> ended) {
    static Look of(String id, StepStatus status) {
      var timeline = Optional.ofNullable(status.timeline());
      return new Look(
          id,
          status.stateAsString(),
          Optional.ofNullable(status.failureDetails())
              .flatMap(
                  f -> Optional.ofNullable(f.message()).or(() -> Optional.ofNullable(f.reason()))),
          timeline.flatMap(t -> Optional.ofNullable(t.startDateTime())),
          timeline.flatMap(t -> Optional.ofNullable(t.endDateTime())));
    }

    /** A state that nobody has heard of is no end. */
    boolean isOpen() {
      return switch (state) {
        case "COMPLETED", "FAILED", "CANCELLED", "INTERRUPTED" -> false;
        default -> true;
      };
    }
  }
}
