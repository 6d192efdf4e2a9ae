package io.ecluse.spark;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** The platform's side of the protocol of jobs, over HTTP. */
final class JobDoor implements AutoCloseable {
  /** Good for asking for the next job alone. */
  static final String SESSION_TOKEN = "a-token-of-the-session";

  private final HttpServer server;
  private final ExecutorService threads = Executors.newFixedThreadPool(4);
  private final Map<String, String> jobs = new ConcurrentHashMap<>();
  private final Queue<String> waiting = new ConcurrentLinkedQueue<>();
  private final Map<String, List<JsonNode>> events = new ConcurrentHashMap<>();
  private final Map<String, List<JsonNode>> results = new ConcurrentHashMap<>();
  private final Set<String> cancelled = ConcurrentHashMap.newKeySet();
  private volatile int status = 200;

  JobDoor() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(threads);
    server.createContext("/jobs/", this::answer);
    server.start();
  }

  URI address() {
    return URI.create("http://127.0.0.1:%d/jobs".formatted(server.getAddress().getPort()));
  }

  void offer(String id, String job) {
    jobs.put(id, job);
  }

  /** For a warm session, after those that wait already. */
  void queue(String id, String job) {
    offer(id, job);
    waiting.add(job);
  }

  void cancel(String id) {
    cancelled.add(id);
  }

  /** From now on every question is answered so; 200 is as usual. */
  void answerWith(int code) {
    status = code;
  }

  List<JsonNode> events(String id) {
    return events.getOrDefault(id, List.of());
  }

  List<JsonNode> results(String id) {
    return results.getOrDefault(id, List.of());
  }

  /** The last result of a job. */
  JsonNode result(String id) {
    List<JsonNode> all = results(id);
    if (all.isEmpty()) {
      throw new AssertionError("Job %s has no result".formatted(id));
    }
    return all.get(all.size() - 1);
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      List<String> path = List.of(exchange.getRequestURI().getPath().split("/"));
      boolean session = path.get(2).equals("sessions");
      boolean ours =
          ("Bearer " + (session ? SESSION_TOKEN : RestCatalog.TOKEN))
              .equals(exchange.getRequestHeaders().getFirst("Authorization"));
      byte[] body = exchange.getRequestBody().readAllBytes();
      if (!ours || status != 200) {
        exchange.sendResponseHeaders(ours ? status : 401, -1);
      } else if (session) {
        String next = waiting.poll();
        send(exchange, next == null ? "" : next);
      } else if (path.size() == 3) {
        send(exchange, jobs.getOrDefault(path.get(2), ""));
      } else {
        (path.get(3).equals("events") ? events : results)
            .computeIfAbsent(path.get(2), id -> new CopyOnWriteArrayList<>())
            .add(Door.JSON.readTree(body));
        send(exchange, "{\"cancel\": %s}".formatted(cancelled.contains(path.get(2))));
      }
    }
  }

  private static void send(HttpExchange exchange, String text) throws IOException {
    if (text.isEmpty()) {
      exchange.sendResponseHeaders(204, -1);
      return;
    }
    byte[] body = text.getBytes(java.nio.charset.StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(200, body.length);
    exchange.getResponseBody().write(body);
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
