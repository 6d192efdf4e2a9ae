package io.ecluse.emr;

import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import software.amazon.awssdk.services.emr.model.Cluster;
import software.amazon.awssdk.services.emr.model.ClusterStatus;
import software.amazon.awssdk.services.emr.model.Tag;

/**
 * How a cluster stands.
 *
 * @param reason why, in EMR's words; empty while nothing is to be said
 * @param logs where its logs go
 */
record ClusterState(
    String id, Phase phase, String reason, Optional<String> logs, Map<String, String> tags) {
  ClusterState {
    tags = Map.copyOf(tags);
  }

  enum Phase {
    COMES_UP,
    TAKES_STEPS,
    ENDS,
    ENDED
  }

  static ClusterState of(Cluster cluster) {
    return new ClusterState(
        cluster.id(),
        phase(cluster.status()),
        reason(cluster.status()),
        // it says s3n for s3
        Optional.ofNullable(cluster.logUri()).map(u -> u.replaceFirst("^s3[an]:", "s3:")),
        cluster.tags().stream()
            .collect(
                Collectors.toMap(
                    Tag::key, t -> Optional.ofNullable(t.value()).orElse(""), (a, b) -> a)));
  }

  static Phase phase(ClusterStatus status) {
    return switch (status.state()) {
      case RUNNING, WAITING -> Phase.TAKES_STEPS;
      case TERMINATING -> Phase.ENDS;
      case TERMINATED, TERMINATED_WITH_ERRORS -> Phase.ENDED;
      case STARTING, BOOTSTRAPPING, UNKNOWN_TO_SDK_VERSION -> Phase.COMES_UP;
    };
  }

  private static String reason(ClusterStatus status) {
    return Optional.ofNullable(status.stateChangeReason())
        .map(
            r ->
                "%s (%s)"
                    .formatted(
                        Optional.ofNullable(r.message()).orElse("no reason is told"),
                        Optional.ofNullable(r.codeAsString()).orElse("no code")))
        .filter(r -> !r.startsWith("no reason is told (no code"))
        .orElse("");
  }

  boolean isOver() {
    return phase == Phase.ENDS || phase == Phase.ENDED;
  }
}
