package io.ecluse.emr;

import io.ecluse.emr.ClusterState.Phase;
import io.ecluse.error.EcluseException;
import io.ecluse.error.ErrorCode;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.services.emr.EmrClient;
import software.amazon.awssdk.services.emr.model.ClusterSummary;
import software.amazon.awssdk.services.emr.model.ListClustersResponse;
import software.amazon.awssdk.services.emr.model.MarketType;
import software.amazon.awssdk.services.emr.model.RunJobFlowRequest;

/**
 * Clusters that are ours: one for each key, however often it is asked for and whatever answer was
 * lost; none of them left behind. What EMR itself knows of them is the truth, nothing is kept here.
 * Safe for use by several threads and processes.
 */
public final class EmrClusters {
  private static final Logger LOG = LoggerFactory.getLogger(EmrClusters.class);
  private static final int MOST_TRIES = 2;
  private static final List<String> ALIVE =
      List.of("STARTING", "BOOTSTRAPPING", "RUNNING", "WAITING");

  private final EmrCalls<EmrClient> calls;
  private final EmrPace pace;

  EmrClusters(EmrCalls<EmrClient> calls, EmrPace pace) {
    this.calls = calls;
    this.pace = pace;
  }

  /**
   * The cluster of a name: the one there is, else a new one, which is coming up when this returns.
   *
   * @return its id
   * @throws EcluseException CLUSTER_REFUSED, CLUSTER_UNREACHABLE; OUTCOME_UNKNOWN if EMR answers
   *     nothing for so long that nobody knows: the sweep ends what may have come of it
   */
  public String open(ClusterPlan plan, ClusterName name, Asked asked) {
    Optional<String> there =
        asked == Asked.PERHAPS_BEFORE ? awaitListed(name) : oldestOf(active(name));
    return there.orElseGet(() -> make(plan, name));
  }

  /** The cluster of a name that another process may have asked for. */
  Optional<String> find(ClusterName name) {
    return awaitListed(name);
  }

  private String make(ClusterPlan plan, ClusterName name) {
    RunJobFlowRequest request = ClusterRequest.of(plan, name);
    for (int tries = 1; ; tries++) {
      try {
        String id = calls.change("make a cluster", emr -> emr.runJobFlow(request)).jobFlowId();
        LOG.info("Cluster {} is being made on EMR for {}", id, name.key());
        return id;
      } catch (EcluseException e) {
        if (e.code() != ErrorCode.OUTCOME_UNKNOWN) {
          throw e;
        }
        Optional<String> made = awaitListed(name);
        if (made.isPresent()) {
          LOG.info(
              "Cluster {} was made on EMR for {}, though no answer came", made.get(), name.key());
          return made.get();
        }
        if (tries == MOST_TRIES) {
          throw e;
        }
      }
    }
  }

  /** The cluster of a name as soon as it is in the list, or nothing if it never comes there. */
  private Optional<String> awaitListed(ClusterName name) {
    Patience settling = new Patience(pace.settle());
    for (int looks = 0; ; looks++) {
      Optional<String> found = oldestOf(active(name));
      if (found.isPresent() || settling.isOver()) {
        return found;
      }
      Patience.pause(pace.pause(looks));
    }
  }

  /** Of several, which there are only if EMR has made two of one request, one stays. */
  private Optional<String> oldestOf(List<ClusterSummary> found) {
    List<ClusterSummary> sorted =
        found.stream()
            .sorted(
                Comparator.comparing((ClusterSummary c) -> c.status().timeline().creationDateTime())
                    .thenComparing(ClusterSummary::id))
            .toList();
    sorted.stream()
        .skip(1)
        .forEach(
            c -> {
              LOG.warn("Cluster {} on EMR is a second one for {} and is ended", c.id(), c.name());
              end(c.id());
            });
    return sorted.stream().findFirst().map(ClusterSummary::id);
  }

  private List<ClusterSummary> active(ClusterName name) {
    return active(text -> text.equals(name.text()));
  }

  private List<ClusterSummary> active(Predicate<String> name) {
    Map<String, ClusterSummary> found = new LinkedHashMap<>();
    new Pages()
        .turn(
            marker -> {
              ListClustersResponse page =
                  calls.ask(
                      "list clusters",
                      emr ->
                          emr.listClusters(
                              r -> r.clusterStatesWithStrings(ALIVE).marker(marker.orElse(null))));
              page.clusters().stream()
                  .filter(c -> name.test(c.name()))
                  .forEach(c -> found.put(c.id(), c));
              return Optional.ofNullable(page.marker());
            });
    return new ArrayList<>(found.values());
  }

  /**
   * Waits until a cluster takes steps.
   *
   * @throws EcluseException CLUSTER_LOST with EMR's reason if it ends instead; CANCELLED; TIMED_OUT
   */
  public void awaitReady(String id, Watcher watcher) {
    Patience starting = new Patience(pace.start());
    for (int looks = 0; ; looks++) {
      ClusterState state = state(id);
      if (state.phase() == Phase.TAKES_STEPS) {
        return;
      }
      if (state.isOver()) {
        throw lost(state);
      }
      if (watcher.isCancelled()) {
        throw ErrorCode.CANCELLED.error("Nobody waits for cluster %s any more".formatted(id));
      }
      if (starting.isOver()) {
        throw ErrorCode.TIMED_OUT.error(
            "Cluster %s on EMR has not come up in %s; other types of instances, or another subnet, may be had sooner"
                .formatted(id, words(pace.start())));
      }
      Patience.pause(pace.pause(looks));
    }
  }

  /** What is told of a cluster that is not there any more. */
  static EcluseException lost(ClusterState state) {
    return ErrorCode.CLUSTER_LOST.error(
        "Cluster %s on EMR %s before the work was done: %s"
            .formatted(
                state.id(),
                state.phase() == Phase.ENDED ? "has ended" : "is ending",
                state.reason().isEmpty() ? "EMR tells no reason" : state.reason()));
  }

  static String words(Duration time) {
    return time.toMinutes() > 0 ? time.toMinutes() + " minutes" : time.toMillis() + " ms";
  }

  /** How a cluster stands; one that was made a moment ago may need a moment to be known. */
  ClusterState state(String id) {
    for (int looks = 0; ; looks++) {
      var cluster =
          calls
              .askNew("look at cluster " + id, emr -> emr.describeCluster(r -> r.clusterId(id)))
              .cluster();
      if (id.equals(cluster.id())) { // it has been seen to answer for another
        return ClusterState.of(cluster);
      }
      Patience.pause(pace.pause(looks));
    }
  }

  /**
   * Ends a cluster, whatever it does; one that has ended already is fine. Returns when EMR is at
   * it.
   */
  public void end(String id) {
    for (int looks = 0; !state(id).isOver(); looks++) {
      if (looks > 0) {
        Patience.pause(pace.pause(looks));
      }
      // somebody may have protected it by hand: it is still ours, and still costs
      calls.ask(
          "let cluster %s be ended".formatted(id),
          emr -> emr.setTerminationProtection(r -> r.jobFlowIds(id).terminationProtected(false)));
      calls.ask("end cluster " + id, emr -> emr.terminateJobFlows(r -> r.jobFlowIds(id)));
    }
  }

  /**
   * Goes on only if a cluster that is there has the Spark that we need.
   *
   * @throws EcluseException SPARK_UNFIT
   */
  void requireSpark(String id) {
    var cluster =
        calls
            .askNew("look at cluster " + id, emr -> emr.describeCluster(r -> r.clusterId(id)))
            .cluster();
    String version =
        cluster.applications().stream()
            .filter(a -> "Spark".equalsIgnoreCase(a.name()))
            .findFirst()
            .flatMap(a -> Optional.ofNullable(a.version()))
            .orElse("none");
    Releases.require("Cluster %s (%s)".formatted(id, cluster.releaseLabel()), version);
  }

  /** The machines that a cluster has had, and for how long, as far as EMR still tells. */
  List<Costs.Used> machines(String id) {
    Instant now = Instant.now();
    List<Costs.Used> machines = new ArrayList<>();
    new Pages()
        .turn(
            marker -> {
              var page =
                  calls.ask(
                      "list the machines of cluster " + id,
                      emr -> emr.listInstances(r -> r.clusterId(id).marker(marker.orElse(null))));
              page.instances().stream()
                  .filter(i -> i.status().timeline().creationDateTime() != null)
                  .map(
                      i ->
                          new Costs.Used(
                              i.instanceType(),
                              i.market() == MarketType.SPOT
                                  ? ClusterPlan.Market.SPOT_ONLY
                                  : ClusterPlan.Market.ON_DEMAND,
                              Duration.between(
                                  i.status().timeline().creationDateTime(),
                                  Optional.ofNullable(i.status().timeline().endDateTime())
                                      .orElse(now))))
                  .forEach(machines::add);
              return Optional.ofNullable(page.marker());
            });
    return machines;
  }

  /**
   * Ends the clusters of an owner that nobody wants: those of runs that have ended, of a process
   * that died, of an answer that was lost. Clusters of others are not touched, whatever they are
   * called.
   *
   * @param wanted whether a key still has work; asked after the clusters were listed, so that one
   *     that is being made is not ended
   * @return the ids of those that were ended
   */
  public List<String> sweep(String owner, Predicate<String> wanted) {
    List<String> ended = new ArrayList<>();
    for (ClusterSummary cluster : active(n -> n.startsWith(ClusterName.prefix(owner)))) {
      Optional<String> key = ClusterName.key(owner, state(cluster.id()).tags());
      if (key.isPresent() && !wanted.test(key.get())) {
        Instant made = cluster.status().timeline().creationDateTime();
        LOG.warn(
            "Cluster {} on EMR, made at {} for {}, has no work any more and is ended",
            cluster.id(),
            made,
            key.get());
        end(cluster.id());
        ended.add(cluster.id());
      }
    }
    return ended;
  }
}
