package io.ecluse.bench;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A server of the program under trial, on a port of its own, with a token to ask it by. */
final class TrialServer implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final Pattern ID = Pattern.compile("\"id\"\\s*:\\s*\"([^\"]+)\"");
  private static final Pattern STATE = Pattern.compile("\"state\"\\s*:\\s*\"([^\"]+)\"");

  private final HttpClient client =
      HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();
  private final Subject.Running running;
  private final int port;
  private final String token;

  private TrialServer(Subject.Running running, int port, String token) {
    this.running = running;
    this.port = port;
    this.token = token;
  }

  /** Starts one and waits until it answers. */
  static TrialServer start(Subject subject) throws IOException, InterruptedException {
    int port = freePort();
    Subject.Running running = subject.start("server", "--port", String.valueOf(port));
    TrialServer server = new TrialServer(running, port, token(subject));
    server.awaitAnswer("/api/v1/health", PATIENCE);
    return server;
  }

  /** A token of somebody, by the command line. */
  static String token(Subject subject) throws IOException, InterruptedException {
    String printed =
        subject.run("token", "trial" + System.nanoTime() % 1000).requireCode(0).output();
    Matcher token = Pattern.compile("ecluse_[A-Za-z0-9_-]{20,}").matcher(printed);
    Trials.require(token.find(), "No token: " + printed);
    return token.group();
  }

  /** The same server, asked by somebody else. */
  TrialServer as(String other) {
    return new TrialServer(running, port, other);
  }

  int port() {
    return port;
  }

  /** The header by which it knows who asks. */
  String authorization() {
    return "Authorization: Bearer " + token;
  }

  Process process() {
    return running.process();
  }

  String printed() throws IOException {
    return running.printed();
  }

  HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
        .timeout(Duration.ofSeconds(30))
        .header("Authorization", "Bearer " + token);
  }

  HttpResponse<String> send(HttpRequest request) throws IOException, InterruptedException {
    return client.send(request, HttpResponse.BodyHandlers.ofString());
  }

  HttpResponse<String> get(String path) throws IOException, InterruptedException {
    return send(request(path).GET().build());
  }

  HttpResponse<String> post(String path, String json) throws IOException, InterruptedException {
    return send(
        request(path)
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(json))
            .build());
  }

  /** Waits for a 200, and fails when none comes in time. */
  void awaitAnswer(String path, Duration longest) throws InterruptedException, IOException {
    long end = System.nanoTime() + longest.toNanos();
    String last = "nothing";
    while (System.nanoTime() < end) {
      try {
        HttpResponse<String> answer = get(path);
        if (answer.statusCode() == 200) {
          return;
        }
        last = answer.statusCode() + " " + answer.body();
      } catch (IOException e) {
        last = e.toString();
      }
      Thread.sleep(50);
    }
    throw new AssertionError(
        path + " gave " + last + " after " + longest.toSeconds() + " s: " + printed());
  }

  /** Begins a query; the answer as it came. */
  HttpResponse<String> submit(String sql) throws IOException, InterruptedException {
    return post("/api/v1/queries", "{\"sql\": " + quoted(sql) + "}");
  }

  static String id(String body) {
    Matcher id = ID.matcher(body);
    Trials.require(id.find(), "No id: " + body);
    return id.group(1);
  }

  static String state(String body) {
    Matcher state = STATE.matcher(body);
    return state.find() ? state.group(1) : "";
  }

  /** What a query came to, or how far it is when the time is over. */
  String outcome(String sql, Duration longest) throws IOException, InterruptedException {
    HttpResponse<String> first = submit(sql);
    if (first.statusCode() >= 300) {
      return first.body();
    }
    String id = id(first.body());
    long end = System.nanoTime() + longest.toNanos();
    String body = first.body();
    while (state(body).equals("running") && System.nanoTime() < end) {
      Thread.sleep(50);
      body = get("/api/v1/queries/" + id).body();
    }
    if (state(body).equals("done")) {
      return body + get("/api/v1/queries/" + id + "/rows").body();
    }
    return body;
  }

  /** Starts a DAG's run and returns its id. */
  String startRun(String dag) throws IOException, InterruptedException {
    HttpResponse<String> answer = post("/api/v1/dags/" + dag + "/runs", "{}");
    Trials.require(answer.statusCode() < 300, "No run: " + answer.body());
    return id(answer.body());
  }

  /** Waits for a run's end, and fails when it is no success. */
  void requireSuccess(String run, Duration longest) throws IOException, InterruptedException {
    long end = System.nanoTime() + longest.toNanos();
    String state = "";
    while (System.nanoTime() < end) {
      state = state(get("/api/v1/runs/" + run).body());
      if (!state.equals("running") && !state.equals("queued")) {
        Trials.require(state.equals("success"), "Run " + run + " is " + state);
        return;
      }
      Thread.sleep(100);
    }
    throw new AssertionError("Run " + run + " is still " + state);
  }

  static String quoted(String text) {
    return "\"" + text.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n") + "\"";
  }

  static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }

  /** SIGKILL. */
  void kill() throws InterruptedException {
    running.kill();
  }

  /** SIGTERM; killed when that does not help. */
  @Override
  public void close() throws InterruptedException {
    process().destroy();
    if (!process().waitFor(20, TimeUnit.SECONDS)) {
      running.kill();
    }
  }
}
