package io.ecluse.emr;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Future;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;
import tools.jackson.databind.node.ObjectNode;

/** A step of an emulated cluster. Its cluster's lock guards it. */
final class EmulatedStep {
  final String id;
  final String name;
  final JsonNode config;
  final String onFailure;
  final Instant created;
  String state = "PENDING";
  Optional<Instant> started = Optional.empty();
  Optional<Instant> ended = Optional.empty();
  Optional<String> failure = Optional.empty();
  Optional<Future<?>> work = Optional.empty();
  Optional<String> logFile = Optional.empty();

  EmulatedStep(String id, JsonNode asked, Instant created) {
    this.id = id;
    this.name = asked.path("Name").asString("");
    this.config = asked.path("HadoopJarStep");
    this.onFailure = asked.path("ActionOnFailure").asString("CONTINUE");
    this.created = created;
  }

  boolean isOpen() {
    return List.of("PENDING", "RUNNING", "CANCEL_PENDING").contains(state);
  }

  void end(String how, Instant when) {
    state = how;
    ended = Optional.of(when);
    if (started.isEmpty() && how.equals("COMPLETED")) {
      started = Optional.of(when);
    }
  }

  List<String> arguments() {
    return config.path("Args").valueStream().map(a -> a.asString("")).toList();
  }

  /** As the service describes it. */
  ObjectNode described(ObjectMapper json) {
    ObjectNode step = json.createObjectNode();
    step.put("Id", id).put("Name", name).put("ActionOnFailure", onFailure);
    ObjectNode jar = step.putObject("Config");
    jar.put("Jar", config.path("Jar").asString(""));
    jar.set(
        "Args", config.path("Args").isMissingNode() ? json.createArrayNode() : config.path("Args"));
    ObjectNode status = step.putObject("Status");
    status.put("State", state);
    status.putObject("StateChangeReason");
    failure.ifPresent(
        message -> {
          ObjectNode details = status.putObject("FailureDetails");
          details.put("Reason", "Unknown Error.").put("Message", message);
          logFile.ifPresent(file -> details.put("LogFile", file));
        });
    ObjectNode timeline = status.putObject("Timeline");
    EmulatedCluster.time(timeline, "CreationDateTime", Optional.of(created));
    EmulatedCluster.time(timeline, "StartDateTime", started);
    EmulatedCluster.time(timeline, "EndDateTime", ended);
    return step;
  }
}
