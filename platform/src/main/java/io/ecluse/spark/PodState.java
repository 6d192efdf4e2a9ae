package io.ecluse.spark;

import io.ecluse.error.EcluseException;
import io.ecluse.error.ErrorCode;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/**
 * How the pod of a driver stands.
 *
 * @param phase as Kubernetes has it
 * @param waits why it does not start yet, if it says so
 * @param failure what it cannot get over, or has ended with
 */
record PodState(String phase, Optional<String> waits, Optional<Failure> failure) {
  private static final int KILLED = 137;

  /** Reasons for which a container waits, and will until somebody mends something. */
  private static final Set<String> IMAGE =
      Set.of("ImagePullBackOff", "InvalidImageName", "ErrImageNeverPull");

  private static final Set<String> CONFIG =
      Set.of("CreateContainerConfigError", "CreateContainerError", "RunContainerError");

  /**
   * @param what happened
   * @param advice with the cluster's name in place of {@code %s}
   */
  record Failure(ErrorCode code, String what, String advice) {
    EcluseException of(String cluster) {
      return code.error(
          "The application on cluster %s %s; %s"
              .formatted(cluster, what, advice.formatted(cluster)));
    }
  }

  static PodState of(JsonNode pod) {
    JsonNode status = pod.path("status");
    String phase = status.path("phase").asString("Unknown");
    List<JsonNode> containers =
        Stream.of("initContainerStatuses", "containerStatuses")
            .flatMap(list -> status.path(list).valueStream())
            .toList();
    Optional<String> waits =
        status
            .path("conditions")
            .valueStream()
            .filter(c -> c.path("type").asString("").equals("PodScheduled"))
            .filter(c -> c.path("status").asString("").equals("False"))
            .map(c -> c.path("reason").asString("") + ": " + c.path("message").asString(""))
            .findFirst();
    Optional<Failure> failure =
        containers.stream()
            .flatMap(c -> stuck(c).stream())
            .findFirst()
            .or(() -> containers.stream().flatMap(c -> ended(c.path("state")).stream()).findFirst())
            .or(() -> evicted(phase, status));
    return new PodState(phase, waits, failure);
  }

  private static Optional<Failure> stuck(JsonNode container) {
    JsonNode waiting = container.path("state").path("waiting");
    String reason = waiting.path("reason").asString("");
    String said = reason + ": " + waiting.path("message").asString("");
    if (IMAGE.contains(reason)) {
      return Optional.of(
          new Failure(
              ErrorCode.CLUSTER_REFUSED,
              "does not get its image (%s)".formatted(said),
              "mend image in clusters.%s of ecluse.yaml, or give the namespace the right to pull it"));
    }
    return CONFIG.contains(reason)
        ? Optional.of(
            new Failure(
                ErrorCode.CLUSTER_REFUSED,
                "cannot be made (%s)".formatted(said),
                "mend pod_template or conf in clusters.%s of ecluse.yaml"))
        : Optional.empty();
  }

  private static Optional<Failure> ended(JsonNode state) {
    JsonNode terminated = state.path("terminated");
    boolean killed =
        terminated.path("reason").asString("").equals("OOMKilled")
            || terminated.path("exitCode").asInt(0) == KILLED;
    return killed
        ? Optional.of(
            new Failure(
                ErrorCode.OUT_OF_MEMORY,
                "had not enough memory: its pod was killed (%s)"
                    .formatted(terminated.path("reason").asString("exit code 137")),
                "give it more (memory) in clusters.%s of ecluse.yaml, or have fewer tasks at once (parallel)"))
        : Optional.empty();
  }

  private static Optional<Failure> evicted(String phase, JsonNode status) {
    String reason = status.path("reason").asString("");
    return phase.equals("Failed") && !reason.isEmpty()
        ? Optional.of(
            new Failure(
                ErrorCode.CLUSTER_LOST,
                "was taken from its node (%s: %s)"
                    .formatted(reason, status.path("message").asString("")),
                "look at the nodes of cluster %s"))
        : Optional.empty();
  }

  boolean isOver() {
    return phase.equals("Succeeded") || phase.equals("Failed");
  }
}
