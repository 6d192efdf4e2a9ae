package io.ecluse.emr;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.ecluse.emr.EmrFaults.Fault;
import io.ecluse.storage.StorageSettings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Amazon EMR as a server of this machine: it speaks the service's protocol (AWS JSON 1.1) to the
 * SDK's client, keeps clusters and steps in the states that the real ones have, and does the steps.
 * What it takes seconds for is told by {@link EmulatedClusters.Pace}; what goes wrong by {@link
 * EmrFaults}.
 */
public final class EmrServer implements AutoCloseable {
  public static final String KEY = "AKIATEST";
  public static final String SECRET = "not-so-secret";
  public static final String REGION = "eu-west-3";

  private static final String TARGET = "ElasticMapReduce.";
  private static final String SIGNED =
      "AWS4-HMAC-SHA256 Credential=" + KEY + "/[0-9]{8}/" + REGION + "/elasticmapreduce/.*";

  private final ObjectMapper json = new ObjectMapper();
  private final EmrFaults faults = new EmrFaults();
  private final List<String> asked = new CopyOnWriteArrayList<>();
  private final Map<String, byte[]> last = new ConcurrentHashMap<>();
  private final HttpServer http;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final EmulatedClusters clusters;
  private final EmrOperations operations;

  private EmrServer(EmulatedClusters.Pace pace, StepPrograms programs) throws IOException {
    this.clusters = new EmulatedClusters(pace, programs, faults);
    this.operations = new EmrOperations(clusters);
    this.http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 64);
    http.setExecutor(threads);
    http.createContext("/", this::handle);
    http.start();
  }

  static EmrServer start(EmulatedClusters.Pace pace, StepPrograms programs) {
    try {
      return new EmrServer(pace, programs);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      String operation =
          Optional.ofNullable(exchange.getRequestHeaders().getFirst("X-Amz-Target"))
              .map(t -> t.replaceFirst("^" + TARGET, ""))
              .orElse("");
      asked.add(operation);
      byte[] body = exchange.getRequestBody().readAllBytes();
      Optional<Fault> fault = faults.take(operation);
      if (fault.isPresent() && fault.get() == Fault.CUT) {
        return;
      }
      if (fault.isPresent()
          && fault.get() == Fault.ANSWER_REPEATED
          && last.containsKey(operation)) {
        send(exchange, 200, last.get(operation));
        return;
      }
      if (fault.isPresent() && fault.get() == Fault.BROKEN) {
        refuse(
            exchange,
            500,
            new EmrRefusal("InternalServerException", "An internal error occurred."));
        return;
      }
      if (fault.isPresent() && fault.get() == Fault.THROTTLED) {
        refuse(exchange, 400, new EmrRefusal("ThrottlingException", "Rate exceeded"));
        return;
      }
      answer(exchange, operation, body, fault.filter(f -> f == Fault.ANSWER_LOST).isPresent());
    }
  }

  private void answer(HttpExchange exchange, String operation, byte[] body, boolean lost)
      throws IOException {
    try {
      requireSigned(exchange);
      JsonNode request = json.readTree(body);
      byte[] answer = json.writeValueAsBytes(operations.answer(operation, request));
      last.put(operation, answer);
      if (!lost) {
        send(exchange, 200, answer);
      }
    } catch (EmrRefusal e) {
      refuse(exchange, 400, e);
    }
  }

  private static void requireSigned(HttpExchange exchange) {
    String signed = exchange.getRequestHeaders().getFirst("Authorization");
    if (signed == null || !signed.matches(SIGNED)) {
      throw new EmrRefusal(
          "UnrecognizedClientException", "The security token included in the request is invalid.");
    }
  }

  private void refuse(HttpExchange exchange, int status, EmrRefusal refusal) throws IOException {
    ObjectNode body = json.createObjectNode();
    body.put("__type", refusal.type());
    body.put("Message", String.valueOf(refusal.getMessage()));
    send(exchange, status, json.writeValueAsString(body).getBytes(StandardCharsets.UTF_8));
  }

  private static void send(HttpExchange exchange, int status, byte[] body) throws IOException {
    exchange.getResponseHeaders().set("Content-Type", "application/x-amz-json-1.1");
    exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
    exchange.getResponseBody().write(body);
  }

  EmrFaults faults() {
    return faults;
  }

  EmulatedClusters clusters() {
    return clusters;
  }

  /** How often an operation was asked for, answered or not. */
  long asked(String operation) {
    return asked.stream().filter(operation::equals).count();
  }

  public String endpoint() {
    return "http://127.0.0.1:" + http.getAddress().getPort();
  }

  /** Where it is and who asks it. */
  EmrAccount account() {
    return new EmrAccount(
        REGION, Optional.of(endpoint()), Optional.of(new StorageSettings.Keys(KEY, SECRET)));
  }

  @Override
  public void close() {
    http.stop(0);
    clusters.close();
    threads.shutdownNow();
  }
}
