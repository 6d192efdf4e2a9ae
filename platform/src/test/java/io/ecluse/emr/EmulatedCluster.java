package io.ecluse.emr;

import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * An emulated cluster: what was asked for, and how it stands. {@link EmulatedClusters} moves it.
 */
final class EmulatedCluster {
  final String id;
  final JsonNode asked;
  final Instant created;
  final List<EmulatedStep> steps = new ArrayList<>();
  final Map<String, String> tags = new LinkedHashMap<>();
  final boolean stays;
  String state = "STARTING";
  String reason = "";
  String message = "";
  boolean errors;
  boolean isProtected;
  boolean spotAsked;
  Instant since;
  Optional<Instant> ready = Optional.empty();
  Optional<Instant> ended = Optional.empty();
  Optional<Integer> idleSeconds = Optional.empty();

  /** What its start ends with, if not well: the code and the words of the reason. */
  Optional<String[]> failsToStart = Optional.empty();

  /** Whether the spot market has room for it. */
  boolean spotIsThere = true;

  EmulatedCluster(String id, JsonNode asked, Instant created) {
    this.id = id;
    this.asked = asked;
    this.created = created;
    this.since = created;
    this.stays = asked.path("Instances").path("KeepJobFlowAliveWhenNoSteps").asBoolean(false);
    this.isProtected = asked.path("Instances").path("TerminationProtected").asBoolean(false);
    asked
        .path("Tags")
        .valueStream()
        .forEach(t -> tags.put(t.path("Key").asString(""), t.path("Value").asString("")));
    JsonNode policy = asked.path("AutoTerminationPolicy").path("IdleTimeout");
    if (policy.isNumber()) {
      idleSeconds = Optional.of(policy.asInt());
    }
  }

  static void time(ObjectNode node, String name, Optional<Instant> at) {
    at.ifPresent(t -> node.put(name, t.toEpochMilli() / 1000.0));
  }

  String name() {
    return asked.path("Name").asString("");
  }

  Optional<String> logUri() {
    return asked.path("LogUri").isMissingNode()
        ? Optional.empty()
        : Optional.of(asked.path("LogUri").asString(""));
  }

  boolean isUp() {
    return state.equals("RUNNING") || state.equals("WAITING");
  }

  boolean isActive() {
    return isUp() || state.equals("STARTING") || state.equals("BOOTSTRAPPING");
  }

  void become(String next, Instant when) {
    state = next;
    since = when;
  }

  ObjectNode summary(ObjectMapper json) {
    ObjectNode cluster = json.createObjectNode();
    cluster.put("Id", id).put("Name", name());
    cluster.put(
        "ClusterArn",
        "arn:aws:elasticmapreduce:%s:123456789012:cluster/%s".formatted(EmrServer.REGION, id));
    cluster.put("NormalizedInstanceHours", 0);
    ObjectNode status = cluster.putObject("Status");
    status.put("State", state);
    ObjectNode why = status.putObject("StateChangeReason");
    if (!reason.isEmpty()) {
      why.put("Code", reason).put("Message", message);
    }
    ObjectNode timeline = status.putObject("Timeline");
    time(timeline, "CreationDateTime", Optional.of(created));
    time(timeline, "ReadyDateTime", ready);
    time(timeline, "EndDateTime", ended);
    return cluster;
  }

  ObjectNode described(ObjectMapper json) {
    ObjectNode cluster = summary(json);
    cluster.put("ReleaseLabel", asked.path("ReleaseLabel").asString(""));
    logUri().ifPresent(uri -> cluster.put("LogUri", uri.replaceFirst("^s3:", "s3n:")));
    cluster.put("AutoTerminate", !stays);
    cluster.put("TerminationProtected", isProtected);
    cluster.put("InstanceCollectionType", "INSTANCE_FLEET");
    tags.forEach(
        (key, value) -> cluster.withArray("Tags").addObject().put("Key", key).put("Value", value));
    cluster.withArray("Tags");
    asked
        .path("Applications")
        .valueStream()
        .forEach(
            a ->
                cluster
                    .withArray("Applications")
                    .addObject()
                    .put("Name", a.path("Name").asString(""))
                    .put("Version", EmrOperations.SPARK.getOrDefault(release(), "")));
    return cluster;
  }

  String release() {
    return asked.path("ReleaseLabel").asString("");
  }

  /** Its instances, as they were asked for, of the kind of market that had room. */
  List<ObjectNode> instances(ObjectMapper json) {
    List<ObjectNode> all = new ArrayList<>();
    for (JsonNode fleet : asked.path("Instances").path("InstanceFleets")) {
      int spot = fleet.path("TargetSpotCapacity").asInt(0);
      int demand = fleet.path("TargetOnDemandCapacity").asInt(0);
      String type = fleet.path("InstanceTypeConfigs").path(0).path("InstanceType").asString("");
      for (int i = 0; i < spot + demand; i++) {
        ObjectNode instance = json.createObjectNode();
        instance.put("Id", "ci-" + id + "-" + all.size()).put("InstanceType", type);
        instance.put("Market", i < spot && spotIsThere ? "SPOT" : "ON_DEMAND");
        ObjectNode status = instance.putObject("Status");
        status.put("State", ended.isPresent() ? "TERMINATED" : "RUNNING");
        ObjectNode timeline = status.putObject("Timeline");
        time(timeline, "CreationDateTime", Optional.of(created));
        time(timeline, "ReadyDateTime", ready);
        time(timeline, "EndDateTime", ended);
        all.add(instance);
      }
    }
    return all;
  }
}
