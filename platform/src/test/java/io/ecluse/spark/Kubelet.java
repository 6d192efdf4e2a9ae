package io.ecluse.spark;

import io.ecluse.TemporaryFolders;
import io.ecluse.error.EcluseException;
import io.ecluse.project.Position;
import io.ecluse.project.Settings;
import io.ecluse.project.Value;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * A scheduler and a node of a cluster of Kubernetes: binds pods of Spark, runs what their
 * containers are to run as processes of this machine, with the environment, secrets and
 * configuration that the API server has for them, and tells how they do. What the image's entry
 * point does is done here.
 */
final class Kubelet implements AutoCloseable {
  /** An image that cannot be pulled. */
  static final String NO_IMAGE = "none/such:1";

  /** Begins the name of an image that is no more than a script of the shell. */
  static final String SCRIPT = "sh:";

  /** More processors than any node has. */
  private static final int CORES = 64;

  private final ApiServer server;
  private final KubeApi api;
  private final List<Path> jars;
  private final Path folder = TemporaryFolders.create("ecluse-kubelet-");
  private final Map<String, Process> processes = new ConcurrentHashMap<>();
  private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor();

  /** What whoever may look at pods and their configuration has read. */
  final List<String> seen = new java.util.concurrent.CopyOnWriteArrayList<>();

  final List<String> started = new java.util.concurrent.CopyOnWriteArrayList<>();

  /**
   * @param jars folders with Spark's
   */
  Kubelet(ApiServer server, List<Path> jars) {
    this.server = server;
    this.jars = jars;
    this.api = new KubeApi(entry(server, "kubelet"));
    clock.scheduleWithFixedDelay(this::look, 50, 100, TimeUnit.MILLISECONDS);
  }

  /** The API server as somebody knows it. */
  static KubeEntry entry(ApiServer server, String who) {
    Map<String, Value> values = new LinkedHashMap<>();
    Map.of(
            "master",
            "k8s://" + server.url(),
            "namespace",
            server.namespace(),
            "token_file",
            server.token(who).toString())
        .forEach((key, value) -> values.put(key, new Value.Text(Position.START, value)));
    server
        .ca()
        .ifPresent(ca -> values.put("ca_file", new Value.Text(Position.START, ca.toString())));
    return new KubeEntry(
        new Settings.Cluster(
            "node", "kubernetes", new Value.Entries(Position.START, values, Map.of())),
        Path.of("/"));
  }

  private void look() {
    try {
      for (JsonNode pod : api.list("pods", "spark-role")) {
        tend(pod);
      }
    } catch (EcluseException e) { // it looks again
    } catch (RuntimeException | IOException e) {
      e.printStackTrace();
    }
  }

  private static String name(JsonNode pod) {
    return pod.path("metadata").path("name").asString("");
  }

  private void tend(JsonNode pod) throws IOException {
    String name = name(pod);
    Process process = processes.get(name);
    String phase = pod.path("status").path("phase").asString("");
    if (pod.path("metadata").has("deletionTimestamp")) {
      kill(name);
      api.ask("", "DELETE", "pods/" + name + "?gracePeriodSeconds=0", "");
    } else if (process == null && phase.equals("Pending")) {
      begin(pod);
    } else if (process != null && !process.isAlive() && phase.equals("Running")) {
      int exit = process.exitValue();
      ObjectNode state = JsonMapper.shared().createObjectNode();
      state
          .putObject("terminated")
          .put("exitCode", exit)
          .put("reason", exit == 137 ? "OOMKilled" : exit == 0 ? "Completed" : "Error");
      status(pod, exit == 0 ? "Succeeded" : "Failed", state);
    }
  }

  /** SIGKILL to the process of a pod, as who has no memory left for it. */
  void kill(String name) {
    Process process = processes.get(name);
    if (process != null) {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly().onExit().join();
    }
  }

  /** Takes a pod from its node, as who has too little of something for all pods there. */
  void evict(String name) {
    JsonNode pod = api.read("pods", name).orElseThrow();
    ObjectNode changed = (ObjectNode) pod.deepCopy();
    ((ObjectNode) changed.path("status"))
        .put("phase", "Failed")
        .put("reason", "Evicted")
        .put("message", "The node was low on resource: memory.")
        .remove("containerStatuses");
    processes.remove(name).destroyForcibly();
    api.ask("", "PUT", "pods/" + name + "/status", changed.toString());
  }

  private void begin(JsonNode pod) throws IOException {
    JsonNode container = pod.path("spec").path("containers").path(0);
    if (container.path("resources").path("requests").path("cpu").asInt(1) > CORES) {
      unschedulable(pod);
      return;
    }
    if (!pod.path("spec").has("nodeName")) {
      ObjectNode binding = JsonMapper.shared().createObjectNode();
      binding.put("apiVersion", "v1").put("kind", "Binding");
      binding.putObject("metadata").put("name", name(pod));
      binding.putObject("target").put("apiVersion", "v1").put("kind", "Node").put("name", "here");
      api.ask("", "POST", "pods/" + name(pod) + "/binding", binding.toString());
      return;
    }
    ObjectNode state = JsonMapper.shared().createObjectNode();
    if (container.path("image").asString("").equals(NO_IMAGE)) {
      state
          .putObject("waiting")
          .put("reason", "ImagePullBackOff")
          .put("message", "Back-off pulling image \"none/such:1\"");
      status(pod, "Pending", state);
      return;
    }
    if (!isMounted(pod)) {
      return; // Spark makes the pod first, and what it mounts after it
    }
    seen.add(pod + configuration(pod));
    boolean driver =
        pod.path("metadata").path("labels").path("spark-role").asString("").equals("driver");
    String image = container.path("image").asString("");
    processes.put(
        name(pod),
        image.startsWith(SCRIPT)
            ? run(
                pod, List.of("sh", "-c", image.substring(SCRIPT.length())), environment(container))
            : driver ? driver(pod, container) : executor(pod, container));
    started.add(name(pod));
    state
        .putObject("running")
        .put("startedAt", Instant.now().truncatedTo(ChronoUnit.SECONDS).toString());
    status(pod, "Running", state);
  }

  private void unschedulable(JsonNode pod) {
    ObjectNode changed = (ObjectNode) pod.deepCopy();
    ObjectNode condition = ((ObjectNode) changed.path("status")).putArray("conditions").addObject();
    condition.put("type", "PodScheduled").put("status", "False").put("reason", "Unschedulable");
    condition.put("message", "0/1 nodes are available: 1 Insufficient cpu.");
    api.ask("", "PUT", "pods/" + name(pod) + "/status", changed.toString());
  }

  private void status(JsonNode pod, String phase, ObjectNode state) {
    ObjectNode changed = (ObjectNode) pod.deepCopy();
    ObjectNode status = (ObjectNode) changed.path("status");
    status.put("phase", phase).put("podIP", "127.0.0.1").put("hostIP", "127.0.0.1");
    status.putArray("podIPs").addObject().put("ip", "127.0.0.1");
    JsonNode container = pod.path("spec").path("containers").path(0);
    ObjectNode one = status.putArray("containerStatuses").addObject();
    one.put("name", container.path("name").asString(""));
    one.put("image", container.path("image").asString(""));
    one.put("imageID", "").put("ready", phase.equals("Running")).put("restartCount", 0);
    one.set("state", state);
    api.ask("", "PUT", "pods/" + name(pod) + "/status", changed.toString());
  }

  private Map<String, String> environment(JsonNode container) {
    Map<String, String> environment = new LinkedHashMap<>();
    for (JsonNode variable : container.path("env")) {
      JsonNode from = variable.path("valueFrom");
      JsonNode key = from.path("secretKeyRef");
      String value = variable.path("value").asString("");
      if (from.has("fieldRef")) {
        value = "127.0.0.1";
      } else if (!key.isMissingNode()) {
        value =
            new String(
                Base64.getDecoder()
                    .decode(
                        api.read("secrets", key.path("name").asString(""))
                            .orElseThrow()
                            .path("data")
                            .path(key.path("key").asString(""))
                            .asString("")),
                StandardCharsets.UTF_8);
      }
      environment.put(variable.path("name").asString(""), value);
    }
    environment.put("SPARK_SCALA_VERSION", SparkVersions.SCALA);
    environment.put("SPARK_LOCAL_DIRS", folder.toString());
    return environment;
  }

  private List<String> java(String memory) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-Xmx" + memory, "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"));
    command.addAll(Launcher.JVM);
    command.add("-cp");
    command.add(String.join(":", jars.stream().map(f -> f + "/*").toList()));
    return command;
  }

  private Process run(JsonNode pod, List<String> command, Map<String, String> environment)
      throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(Files.createDirectories(folder.resolve(name(pod))).toFile())
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve(name(pod) + ".log").toFile());
    environment.remove("SPARK_CONF_DIR");
    builder.environment().putAll(environment);
    return builder.start();
  }

  private Process driver(JsonNode pod, JsonNode container) throws IOException {
    List<String> arguments =
        new ArrayList<>(container.path("args").valueStream().map(a -> a.asString("")).toList());
    arguments.remove(0); // "driver", which the entry point reads
    Path properties = folder.resolve(name(pod) + ".properties");
    Files.writeString(properties, properties(pod));
    arguments.set(arguments.indexOf("--properties-file") + 1, properties.toString());
    List<String> command = java("512m");
    command.add("org.apache.spark.deploy.SparkSubmit");
    command.addAll(List.of("--deploy-mode", "client"));
    command.addAll(arguments);
    return run(pod, command, environment(container));
  }

  private static Optional<String> map(JsonNode pod) {
    return pod.path("spec")
        .path("volumes")
        .valueStream()
        .map(v -> v.path("configMap").path("name").asString(""))
        .filter(n -> n.contains("conf-map"))
        .findFirst();
  }

  private boolean isMounted(JsonNode pod) {
    return map(pod).map(name -> api.read("configmaps", name).isPresent()).orElse(true);
  }

  private String configuration(JsonNode pod) {
    return map(pod)
        .map(
            name ->
                api.read("configmaps", name)
                    .orElseThrow()
                    .path("data")
                    .path("spark.properties")
                    .asString(""))
        .orElse("");
  }

  /** As it is mounted, with the names that only a cluster's own name service knows replaced. */
  private String properties(JsonNode pod) {
    String text = configuration(pod);
    return text.replaceAll("(?m)^spark\\.driver\\.host=.*$", "spark.driver.host=127.0.0.1")
            .replaceAll("(?m)^spark\\.driver\\.port=.*$", "spark.driver.port=0")
            .replaceAll(
                "(?m)^spark\\.driver\\.blockManager\\.port=.*$", "spark.driver.blockManager.port=0")
        + "\nspark.driver.bindAddress=127.0.0.1\nspark.ui.enabled=false\n"
        + "spark.kubernetes.driver.master="
        + server.url()
        + "\n"
        + "spark.kubernetes.authenticate.driver.mounted.oauthTokenFile="
        + server.token("driver")
        + "\n"
        + server
            .ca()
            .map(ca -> "spark.kubernetes.authenticate.driver.mounted.caCertFile=" + ca + "\n")
            .orElse("");
  }

  private Process executor(JsonNode pod, JsonNode container) throws IOException {
    Map<String, String> environment = environment(container);
    List<String> command = java("512m");
    command.add("org.apache.spark.scheduler.cluster.k8s.KubernetesExecutorBackend");
    command.addAll(List.of("--driver-url", environment.get("SPARK_DRIVER_URL")));
    command.addAll(List.of("--executor-id", environment.get("SPARK_EXECUTOR_ID")));
    command.addAll(List.of("--cores", environment.get("SPARK_EXECUTOR_CORES")));
    command.addAll(List.of("--app-id", environment.get("SPARK_APPLICATION_ID")));
    command.addAll(List.of("--hostname", "127.0.0.1"));
    command.addAll(List.of("--resourceProfileId", environment.get("SPARK_RESOURCE_PROFILE_ID")));
    command.addAll(List.of("--podName", name(pod)));
    return run(pod, command, environment);
  }

  /** What the container of a pod has printed. */
  String log(String pod) {
    try {
      return Files.readString(folder.resolve(pod + ".log"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    clock.shutdownNow();
    processes.keySet().forEach(this::kill);
    TemporaryFolders.delete(folder);
  }
}
