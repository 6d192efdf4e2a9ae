package io.ecluse.emr;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;
import tools.jackson.databind.node.ObjectNode;

/** The operations of the service that are emulated, with what they refuse. */
final class EmrOperations {
  /**
   * As the service's page of releases had it in 2026; one that is to come, for what it may bring.
   */
  static final Map<String, String> SPARK =
      Map.of(
          "emr-6.15.0", "3.4.1",
          "emr-7.5.0", "3.5.2",
          "emr-7.13.0", "3.5.6-amzn-2",
          "emr-9.0.0", "4.1.0-amzn-0");

  private static final int PAGE = 5; // 50 there; pages are to be turned here
  private static final int MOST_OPEN_STEPS = 256;

  private final ObjectMapper json = new ObjectMapper();
  private final EmulatedClusters clusters;

  EmrOperations(EmulatedClusters clusters) {
    this.clusters = clusters;
  }

  ObjectNode answer(String operation, JsonNode request) {
    return clusters.with(
        () ->
            switch (operation) {
              case "RunJobFlow" -> runJobFlow(request);
              case "DescribeCluster" ->
                  object("Cluster", cluster(request, "ClusterId").described(json));
              case "ListClusters" -> listClusters(request);
              case "AddJobFlowSteps" -> addSteps(request);
              case "ListSteps" -> listSteps(request);
              case "DescribeStep" -> object("Step", step(request).described(json));
              case "CancelSteps" -> cancelSteps(request);
              case "TerminateJobFlows" -> terminate(request);
              case "SetTerminationProtection" -> protect(request);
              case "ListInstances" -> listInstances(request);
              case "DescribeReleaseLabel" -> release(request);
              case "PutAutoTerminationPolicy" -> policy(request);
              default ->
                  throw new EmrRefusal(
                      "UnknownOperationException", "The operation is not emulated: " + operation);
            });
  }

  private ObjectNode object(String name, JsonNode value) {
    return json.createObjectNode().set(name, value);
  }

  private EmulatedCluster cluster(JsonNode request, String key) {
    return clusters.known(request.path(key).asString(""));
  }

  private EmulatedStep step(JsonNode request) {
    return step(cluster(request, "ClusterId"), request.path("StepId").asString(""));
  }

  private static EmulatedStep step(EmulatedCluster cluster, String id) {
    return cluster.steps.stream()
        .filter(s -> s.id.equals(id))
        .findFirst()
        .orElseThrow(() -> EmrRefusal.invalid("Step id '%s' is not valid".formatted(id)));
  }

  private ObjectNode runJobFlow(JsonNode request) {
    JsonNode instances = request.path("Instances");
    String release = request.path("ReleaseLabel").asString("");
    if (request.path("Name").asString("").isEmpty()) {
      throw EmrRefusal.validation(
          "1 validation error detected: Value at 'name' failed to satisfy constraint: Member must not be null");
    }
    if (!SPARK.containsKey(release)) {
      throw EmrRefusal.validation("The supplied release label is invalid: " + release + ".");
    }
    if (instances.path("InstanceFleets").isEmpty() == instances.path("InstanceGroups").isEmpty()) {
      throw EmrRefusal.validation(
          "Please configure instances using one and only one of the following: instance fleets; instance groups; instance count, master and slave instance type.");
    }
    if (request.path("ServiceRole").asString("").isEmpty()
        || request.path("JobFlowRole").asString("").isEmpty()) {
      throw EmrRefusal.validation("ServiceRole and JobFlowRole are required.");
    }
    requireIdle(request.path("AutoTerminationPolicy").path("IdleTimeout"));
    EmulatedCluster cluster = clusters.make(request);
    ObjectNode answer = json.createObjectNode();
    answer.put("JobFlowId", cluster.id);
    answer.put("ClusterArn", cluster.summary(json).path("ClusterArn").asString(""));
    return answer;
  }

  private static void requireIdle(JsonNode seconds) {
    if (seconds.isNumber() && (seconds.asInt() < 60 || seconds.asInt() > 604_800)) {
      throw EmrRefusal.validation("The idle timeout must be between 60 and 604800 seconds.");
    }
  }

  private ObjectNode listClusters(JsonNode request) {
    List<String> states = texts(request.path("ClusterStates"));
    Predicate<EmulatedCluster> wanted =
        c ->
            (states.isEmpty() || states.contains(c.state))
                && !c.created.isBefore(time(request, "CreatedAfter", Instant.EPOCH))
                && !c.created.isAfter(time(request, "CreatedBefore", Instant.MAX));
    List<ObjectNode> found =
        clusters.listed().stream().filter(wanted).map(c -> c.summary(json)).toList();
    return page("Clusters", found, request);
  }

  private static Instant time(JsonNode request, String key, Instant otherwise) {
    JsonNode at = request.path(key);
    return at.isNumber() ? Instant.ofEpochMilli(Math.round(at.asDouble() * 1000)) : otherwise;
  }

  private static List<String> texts(JsonNode list) {
    return list.valueStream().map(s -> s.asString("")).toList();
  }

  private ObjectNode page(String name, List<ObjectNode> found, JsonNode request) {
    int from = Integer.parseInt(request.path("Marker").asString("0"));
    int to = Math.min(found.size(), from + PAGE);
    ObjectNode answer = json.createObjectNode();
    answer.putArray(name).addAll(found.subList(Math.min(from, to), to));
    if (to < found.size()) {
      answer.put("Marker", String.valueOf(to));
    }
    return answer;
  }

  private ObjectNode addSteps(JsonNode request) {
    EmulatedCluster cluster = cluster(request, "JobFlowId");
    if (!cluster.isActive()) {
      throw EmrRefusal.validation(
          "A job flow that is shutting down, terminating, or finished may not be modified.");
    }
    if (cluster.steps.stream().filter(EmulatedStep::isOpen).count() >= MOST_OPEN_STEPS) {
      throw EmrRefusal.validation(
          "Maximum number of active steps(State = 'Running', 'Pending' or 'Cancel_Pending') for cluster exceeded.");
    }
    ObjectNode answer = json.createObjectNode();
    request
        .path("Steps")
        .valueStream()
        .map(s -> clusters.add(cluster, s).id)
        .forEach(answer.putArray("StepIds")::add);
    return answer;
  }

  private ObjectNode listSteps(JsonNode request) {
    List<String> states = texts(request.path("StepStates"));
    List<ObjectNode> found =
        cluster(request, "ClusterId").steps.stream()
            .filter(s -> states.isEmpty() || states.contains(s.state))
            .map(s -> s.described(json))
            .toList();
    return page("Steps", newestFirst(found), request);
  }

  private static List<ObjectNode> newestFirst(List<ObjectNode> steps) {
    List<ObjectNode> turned = new ArrayList<>(steps);
    Collections.reverse(turned);
    return turned;
  }

  private ObjectNode cancelSteps(JsonNode request) {
    EmulatedCluster cluster = cluster(request, "ClusterId");
    ObjectNode answer = json.createObjectNode();
    var list = answer.putArray("CancelStepsInfoList");
    for (String id : texts(request.path("StepIds"))) {
      EmulatedStep step = step(cluster, id);
      boolean open = step.isOpen();
      clusters.cancel(step);
      list.addObject()
          .put("StepId", id)
          .put("Status", open ? "SUBMITTED" : "FAILED")
          .put("Reason", open ? "" : "Cannot cancel the step: " + step.state);
    }
    return answer;
  }

  private ObjectNode terminate(JsonNode request) {
    for (String id : texts(request.path("JobFlowIds"))) {
      EmulatedCluster cluster = clusters.known(id);
      if (cluster.isProtected) {
        throw EmrRefusal.validation(
            "Could not shut down one or more job flows since they are termination protected.");
      }
      clusters.end(cluster, "USER_REQUEST", "Terminated by user request", false);
    }
    return json.createObjectNode();
  }

  private ObjectNode protect(JsonNode request) {
    texts(request.path("JobFlowIds"))
        .forEach(
            id ->
                clusters.known(id).isProtected =
                    request.path("TerminationProtected").asBoolean(false));
    return json.createObjectNode();
  }

  private ObjectNode policy(JsonNode request) {
    JsonNode idle = request.path("AutoTerminationPolicy").path("IdleTimeout");
    requireIdle(idle);
    cluster(request, "ClusterId").idleSeconds = java.util.Optional.of(idle.asInt());
    return json.createObjectNode();
  }

  private ObjectNode listInstances(JsonNode request) {
    return page("Instances", cluster(request, "ClusterId").instances(json), request);
  }

  private ObjectNode release(JsonNode request) {
    String label = request.path("ReleaseLabel").asString("");
    if (!SPARK.containsKey(label)) {
      throw EmrRefusal.invalid("The release label does not exist: " + label);
    }
    ObjectNode answer = json.createObjectNode().put("ReleaseLabel", label);
    var applications = answer.putArray("Applications");
    Stream.of(Map.entry("Hadoop", "3.4.1"), Map.entry("Spark", SPARK.get(label)))
        .forEach(
            a -> applications.addObject().put("Name", a.getKey()).put("Version", a.getValue()));
    return answer;
  }
}
