package io.ecluse.emr;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.ecluse.emr.EmrFaults.Fault;
import io.ecluse.storage.Storage;
import io.ecluse.storage.StorageSettings;
import io.ecluse.storage.Storages;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Amazon EMR Serverless as a server of this machine: it speaks the service's protocol (REST with
 * JSON) to the SDK's client, keeps job runs in the states that the real ones have, knows a repeated
 * request by its token, and does the job runs as processes of this machine.
 */
final class ServerlessServer implements AutoCloseable {
  static final String APPLICATION = "00fkht2eodujab09";

  private static final Pattern RUN =
      Pattern.compile("/applications/([0-9a-z]+)/jobruns(?:/([0-9a-z]+)(/dashboard)?)?");
  private static final String SIGNED =
      "AWS4-HMAC-SHA256 Credential="
          + EmrServer.KEY
          + "/[0-9]{8}/"
          + EmrServer.REGION
          + "/emr-serverless/.*";
  private static final int PAGE = 2;

  final EmrFaults faults = new EmrFaults();
  final List<Run> runs = new CopyOnWriteArrayList<>();
  final ObjectNode application;
  volatile Optional<String> applicationFails = Optional.empty();
  volatile boolean held;
  private final ObjectMapper json = new ObjectMapper();
  private final List<String> asked = new CopyOnWriteArrayList<>();
  private final Map<String, byte[]> last = new ConcurrentHashMap<>();
  private final StorageSettings stores;
  private final StepPrograms programs;
  private final HttpServer http;
  private final ExecutorService threads = Executors.newCachedThreadPool();

  /** A job run. */
  static final class Run {
    final String id;
    final JsonNode asked;
    final Instant created = Instant.now();
    volatile String state = "SUBMITTED";
    volatile String details = "";
    volatile Optional<Future<?>> work = Optional.empty();

    Run(String id, JsonNode asked) {
      this.id = id;
      this.asked = asked;
    }

    String text(String... path) {
      JsonNode node = asked;
      for (String name : path) {
        node = node.path(name);
      }
      return node.asString("");
    }

    boolean isOpen() {
      return !List.of("SUCCESS", "FAILED", "CANCELLED").contains(state);
    }

    Map<String, JsonNode> conf() {
      Map<String, JsonNode> conf = new java.util.TreeMap<>();
      asked
          .path("configurationOverrides")
          .path("applicationConfiguration")
          .path(0)
          .path("properties")
          .properties()
          .forEach(e -> conf.put(e.getKey(), e.getValue()));
      return conf;
    }
  }

  ServerlessServer(StorageSettings stores, UnaryOperator<List<String>> spark) {
    this.stores = stores;
    this.programs = new StepPrograms(stores, spark);
    this.application =
        json.createObjectNode()
            .put("applicationId", APPLICATION)
            .put("name", "school")
            .put("arn", "arn:aws:emr-serverless:" + APPLICATION)
            .put("releaseLabel", "emr-9.0.0")
            .put("type", "Spark")
            .put("state", "STOPPED")
            .put("createdAt", 1)
            .put("updatedAt", 1);
    try {
      this.http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 64);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    http.setExecutor(threads);
    http.createContext("/", this::handle);
    http.start();
  }

  String endpoint() {
    return "http://127.0.0.1:" + http.getAddress().getPort();
  }

  long asked(String operation) {
    return asked.stream().filter(operation::equals).count();
  }

  private static String operation(String method, String path) {
    Matcher run = RUN.matcher(path);
    if (!run.matches()) {
      return "GetApplication";
    } else if (run.group(3) != null) {
      return "GetDashboardForJobRun";
    } else if (run.group(2) != null) {
      return method.equals("DELETE") ? "CancelJobRun" : "GetJobRun";
    }
    return method.equals("POST") ? "StartJobRun" : "ListJobRuns";
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      answerOrRefuse(exchange);
    }
  }

  private void answerOrRefuse(HttpExchange exchange) throws IOException {
    try {
      String path = exchange.getRequestURI().getPath();
      String operation = operation(exchange.getRequestMethod(), path);
      asked.add(operation);
      byte[] body = exchange.getRequestBody().readAllBytes();
      Optional<Fault> fault = faults.take(operation);
      if (fault.isPresent() && fault.get() == Fault.CUT) {
        return;
      } else if (fault.isPresent() && fault.get() == Fault.ANSWER_REPEATED) {
        send(exchange, 200, last.get(operation));
      } else if (fault.isPresent() && fault.get() == Fault.BROKEN) {
        refuse(exchange, 500, new EmrRefusal("InternalServerException", "An internal error"));
      } else if (fault.isPresent() && fault.get() == Fault.THROTTLED) {
        refuse(exchange, 429, new EmrRefusal("ThrottlingException", "Rate exceeded"));
      } else {
        byte[] answer = answer(exchange, operation, path, body);
        last.put(operation, answer);
        if (fault.isEmpty()) {
          send(exchange, 200, answer);
        }
      }
    } catch (EmrRefusal e) {
      refuse(exchange, e.type().startsWith("ResourceNotFound") ? 404 : 400, e);
    }
  }

  private byte[] answer(HttpExchange exchange, String operation, String path, byte[] body) {
    String signed = String.valueOf(exchange.getRequestHeaders().getFirst("Authorization"));
    if (!signed.matches(SIGNED)) {
      throw new EmrRefusal("UnrecognizedClientException", "The security token is invalid.");
    }
    Matcher words = RUN.matcher(path);
    String application = words.matches() ? words.group(1) : path.replaceFirst(".*/", "");
    if (!application.equals(APPLICATION)) {
      throw notFound("Application " + application);
    }
    ObjectNode answer = json.createObjectNode();
    switch (operation) {
      case "GetApplication" -> answer.set("application", this.application);
      case "StartJobRun" -> {
        String id = started(json.readTree(body)).id;
        answer.put("applicationId", application).put("jobRunId", id).put("arn", "arn:" + id);
      }
      case "ListJobRuns" -> list(exchange.getRequestURI().getQuery(), answer);
      case "GetJobRun" -> answer.set("jobRun", described(run(words.group(2))));
      case "CancelJobRun" -> {
        Run run = run(words.group(2));
        cancel(run);
        answer.put("applicationId", application).put("jobRunId", run.id);
      }
      default ->
          answer.put(
              "url", "https://p-" + run(words.group(2)).id + ".example/?authToken=for-an-hour");
    }
    return json.writeValueAsBytes(answer);
  }

  private static EmrRefusal notFound(String what) {
    return new EmrRefusal("ResourceNotFoundException", what + " does not exist");
  }

  private Run run(String id) {
    return runs.stream()
        .filter(r -> r.id.equals(id))
        .filter(r -> r.created.plus(faults.knownLateBy()).isBefore(Instant.now()))
        .findFirst()
        .orElseThrow(() -> notFound("Job run " + id));
  }

  private void list(String query, ObjectNode answer) {
    List<Run> listed =
        new ArrayList<>(
            runs.stream()
                .filter(r -> r.created.plus(faults.listsLateBy()).isBefore(Instant.now()))
                .toList());
    java.util.Collections.reverse(listed);
    Matcher token = Pattern.compile("nextToken=([0-9]+)").matcher(String.valueOf(query));
    int from = token.find() ? Integer.parseInt(token.group(1)) : 0;
    var page = answer.putArray("jobRuns");
    listed.stream().skip(from).limit(PAGE).map(this::described).forEach(page::add);
    if (listed.size() > from + PAGE) {
      answer.put("nextToken", String.valueOf(from + PAGE));
    }
  }

  private ObjectNode described(Run run) {
    ObjectNode node = json.createObjectNode();
    node.put("applicationId", APPLICATION).put("jobRunId", run.id).put("id", run.id);
    node.put("name", run.text("name")).put("arn", "arn:" + run.id).put("createdBy", "arn:me");
    node.put("createdAt", run.created.toEpochMilli() / 1000.0);
    node.put("updatedAt", run.created.toEpochMilli() / 1000.0);
    node.put("executionRole", run.text("executionRoleArn"));
    node.put("state", run.state).put("stateDetails", run.details).put("releaseLabel", "emr-9.0.0");
    node.set("configurationOverrides", run.asked.path("configurationOverrides"));
    node.set("jobDriver", run.asked.path("jobDriver"));
    if (!run.isOpen()) {
      node.putObject("billedResourceUtilization")
          .put("vCPUHour", 1.5)
          .put("memoryGBHour", 6.0)
          .put("storageGBHour", 0.0);
    }
    return node;
  }

  /** The same token is the same job run. */
  private synchronized Run started(JsonNode asked) {
    String token = asked.path("clientToken").asString("");
    Optional<Run> there =
        runs.stream().filter(r -> r.text("clientToken").equals(token)).findFirst();
    if (there.isPresent()) {
      return there.get();
    }
    if (!asked.path("executionRoleArn").asString("").startsWith("arn:aws:iam::")) {
      throw EmrRefusal.validation("1 validation error detected: executionRoleArn");
    }
    Run run = new Run("00f%013d".formatted(runs.size() + 1), asked);
    runs.add(run);
    run.work = Optional.of(threads.submit(() -> work(run)));
    return run;
  }

  private void work(Run run) {
    while (held) {
      Patience.pause(Duration.ofMillis(5));
    }
    for (String state : List.of("PENDING", "SCHEDULED")) {
      if (run.isOpen()) {
        run.state = state;
        Patience.pause(Duration.ofMillis(15));
      }
    }
    if (applicationFails.isPresent()) {
      run.details = applicationFails.get();
      run.state = "CANCELLED";
    }
    if (!run.isOpen()) {
      return;
    }
    run.state = "RUNNING";
    StepPrograms.Ended ended = programs.run("", "command-runner.jar", arguments(run));
    if (run.state.equals("CANCELLING") || !run.isOpen()) {
      run.state = "CANCELLED";
      return;
    }
    log(run, ended.driver().orElse(ended.err()));
    run.details =
        ended.exit() == 0
            ? ""
            : "Job failed, please check complete logs in configured logging destination.";
    run.state = ended.exit() == 0 ? "SUCCESS" : "FAILED";
  }

  private void cancel(Run run) {
    if (run.isOpen()) {
      run.state = "CANCELLING";
      run.work.ifPresent(w -> w.cancel(true));
      threads.submit(() -> run.state = "CANCELLED");
    }
  }

  /** As the service makes its command of a job driver and its spark-defaults. */
  private static List<String> arguments(Run run) {
    List<String> arguments = new ArrayList<>(List.of("spark-submit"));
    run.conf()
        .forEach(
            (key, value) -> {
              if (key.equals("spark.jars")) {
                arguments.addAll(List.of("--jars", value.asString("")));
              } else {
                arguments.addAll(List.of("--conf", key + "=" + value.asString("")));
              }
            });
    arguments.addAll(
        List.of(run.text("jobDriver", "sparkSubmit", "sparkSubmitParameters").split(" ")));
    arguments.add(run.text("jobDriver", "sparkSubmit", "entryPoint"));
    run.asked
        .path("jobDriver")
        .path("sparkSubmit")
        .path("entryPointArguments")
        .forEach(a -> arguments.add(a.asString("")));
    return arguments;
  }

  private void log(Run run, String text) {
    String logs =
        run.text(
            "configurationOverrides",
            "monitoringConfiguration",
            "s3MonitoringConfiguration",
            "logUri");
    if (!logs.isEmpty()) {
      try (Storage storage = Storages.open(logs.replaceFirst("/+$", ""), () -> stores)) {
        storage.write(
            "applications/%s/jobs/%s/SPARK_DRIVER/stderr.gz".formatted(APPLICATION, run.id),
            StepPrograms.zipped(text));
      }
    }
  }

  private void refuse(HttpExchange exchange, int status, EmrRefusal refusal) throws IOException {
    exchange.getResponseHeaders().set("x-amzn-ErrorType", refusal.type());
    ObjectNode body = json.createObjectNode().put("message", String.valueOf(refusal.getMessage()));
    send(exchange, status, json.writeValueAsString(body).getBytes(StandardCharsets.UTF_8));
  }

  private static void send(HttpExchange exchange, int status, byte[] body) throws IOException {
    exchange.getResponseHeaders().set("Content-Type", "application/json");
    exchange.sendResponseHeaders(status, body.length);
    exchange.getResponseBody().write(body);
  }

  @Override
  public void close() {
    http.stop(0);
    threads.shutdownNow();
  }
}
