package io.ecluse.bench;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicBoolean;

/** What a client may do to a server by HTTP, with or without a right to be there. */
final class HttpAttacks {
  private static final Duration EACH = Duration.ofSeconds(15);
  private static final Duration SLOW = Duration.ofSeconds(90);
  private static final int SIGN_IN_BYTES = 60_000_000;
  private static final int TIMEOUT_MILLIS = 5_000;

  private final Trials trials;
  private final TrialServer server;

  HttpAttacks(Trials trials, TrialServer server) {
    this.trials = trials;
    this.server = server;
  }

  void run(boolean quick) {
    int seconds = quick ? 5 : 20;
    trials.run("30 bodies, a byte a second", SLOW, () -> slow(30, body(), seconds));
    trials.run("300 bodies, a byte a second", SLOW, () -> slow(300, body(), seconds));
    trials.run(
        "300 headers, a byte a second", SLOW, () -> slow(300, "GET / HTTP/1.1\r\nX: ", seconds));
    trials.run("2000 connections that say nothing", SLOW, () -> slow(2_000, "", seconds));
    trials.run("a sign-in of 60 MB is refused", EACH, () -> bigBody("/api/v1/session"));
    trials.run("a query of 60 MB is refused", EACH, () -> bigBody("/api/v1/queries"));
    trials.run("no tries of one address lock another out", EACH, this::signIns);
    trials.run("another host's name is refused", EACH, this::rebinding);
    trials.run("a change by a session needs the header", EACH, this::forgery);
    trials.run("answers are not kept by caches", EACH, this::noStore);
    for (String path :
        List.of(
            "/error",
            "/api/nothing",
            "/api/v1/nothing",
            "/metrics",
            "/health",
            "/healthz",
            "/api",
            "/actuator")) {
      trials.run(path + " is never a page", EACH, () -> requireNoPage(path));
    }
    for (String path :
        List.of(
            "/../../etc/passwd",
            "/%2e%2e/%2e%2e/etc/passwd",
            "/assets/..%2f..%2fetc/passwd",
            "/assets/%252e%252e/x",
            "//etc/passwd")) {
      trials.run("nothing of the machine at " + path, EACH, () -> requireNoFile(path));
    }
  }

  private static String body() {
    return "POST /api/v1/session HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n";
  }

  /** Holds many sockets, each sending a byte a second, and asks for the health all the time. */
  private void slow(int count, String first, int seconds) throws Exception {
    List<Socket> sockets = new ArrayList<>();
    AtomicBoolean over = new AtomicBoolean();
    try {
      for (int i = 0; i < count; i++) {
        Socket socket = new Socket();
        try {
          socket.connect(new InetSocketAddress("127.0.0.1", server.port()), TIMEOUT_MILLIS);
          socket.getOutputStream().write(first.getBytes(StandardCharsets.US_ASCII));
          sockets.add(socket);
        } catch (IOException e) {
          socket.close(); // refused, which is one way to hold out
        }
      }
      Thread drip = new Thread(() -> drip(sockets, over), "drip");
      drip.start();
      for (int i = 0; i < seconds * 2; i++) {
        long begin = System.nanoTime();
        int status =
            rawStatus(
                "GET /api/v1/health HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n");
        long millis = (System.nanoTime() - begin) / 1_000_000;
        Trials.require(status == 200, "Health answered " + status);
        Trials.require(millis < 2_000, "Health took " + millis + " ms");
        Thread.sleep(500);
      }
      over.set(true);
      drip.join();
    } finally {
      over.set(true);
      for (Socket socket : sockets) {
        socket.close();
      }
    }
  }

  private static void drip(List<Socket> sockets, AtomicBoolean over) {
    while (!over.get()) {
      for (Socket socket : sockets) {
        try {
          OutputStream out = socket.getOutputStream();
          out.write('x');
          out.flush();
        } catch (IOException e) {
          // closed by the server, as it should
        }
      }
      try {
        Thread.sleep(1_000);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      }
    }
  }

  /** The status of an answer to what is sent, or 0 if none comes. */
  private int rawStatus(String request) throws IOException {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress("127.0.0.1", server.port()), TIMEOUT_MILLIS);
      socket.setSoTimeout(TIMEOUT_MILLIS);
      socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
      return status(socket.getInputStream());
    } catch (IOException e) {
      return 0;
    }
  }

  private static int status(InputStream in) throws IOException {
    String line = new String(in.readNBytes(12), StandardCharsets.US_ASCII);
    return line.startsWith("HTTP/1.1 ") ? Integer.parseInt(line.substring(9).strip()) : 0;
  }

  private void bigBody(String path) throws Exception {
    int status;
    try (Socket socket = new Socket("127.0.0.1", server.port())) {
      socket.setSoTimeout(TIMEOUT_MILLIS);
      OutputStream out = socket.getOutputStream();
      String head =
          "POST %s HTTP/1.1\r\nHost: 127.0.0.1\r\n%s\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n{\"code\":\"";
      out.write(
          String.format(Locale.ROOT, head, path, server.authorization(), SIGN_IN_BYTES)
              .getBytes(StandardCharsets.US_ASCII));
      byte[] block = "x".repeat(100_000).getBytes(StandardCharsets.US_ASCII);
      try {
        for (int i = 0; i < SIGN_IN_BYTES / block.length; i++) {
          out.write(block);
        }
      } catch (IOException e) {
        // it does not want more
      }
      try {
        status = status(socket.getInputStream());
      } catch (IOException e) {
        status = 413; // cut off
      }
    }
    Trials.require(
        status == 413 || status == 400 || status == 0, "It read it, and answered " + status);
    Trials.require(!server.printed().contains("OutOfMemoryError"), "OutOfMemoryError");
    server.awaitAnswer("/api/v1/health", Duration.ofSeconds(2));
  }

  private void signIns() throws Exception {
    String request =
        "POST /api/v1/session HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nX-Ecluse-Request: 1\r\nConnection: close\r\nContent-Length: 12\r\n\r\n{\"code\":\"x\"}";
    int last = 0;
    for (int i = 0; i < 30; i++) {
      last = from("127.0.0.1", request);
    }
    Trials.require(last == 429, "The 30th try of an address answered " + last);
    int other = from("127.0.0.2", request);
    Trials.require(other == 401, "Another address' first try answered " + other);
  }

  private int from(String address, String request) throws IOException {
    try (Socket socket = new Socket()) {
      socket.bind(new InetSocketAddress(InetAddress.getByName(address), 0));
      socket.connect(new InetSocketAddress("127.0.0.1", server.port()), TIMEOUT_MILLIS);
      socket.setSoTimeout(TIMEOUT_MILLIS);
      socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
      return status(socket.getInputStream());
    }
  }

  private void rebinding() throws IOException {
    int status =
        rawStatus("GET /api/v1/health HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n");
    Trials.require(status >= 400 && status < 500, "It answered " + status);
  }

  private void forgery() throws IOException {
    int status =
        rawStatus(
            "POST /api/v1/dags/erp_daily/runs HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: ecluse_session=x\r\nContent-Type: text/plain\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}");
    Trials.require(status >= 400 && status < 500, "It answered " + status);
  }

  private void noStore() throws Exception {
    for (String path : List.of("/api/v1/runs", "/api/v1/queries", "/api/v1/catalog")) {
      String kept = server.get(path).headers().firstValue("Cache-Control").orElse("nothing");
      Trials.require(kept.contains("no-store"), path + " has Cache-Control " + kept);
    }
  }

  private void requireNoPage(String path) throws Exception {
    HttpResponse<String> answer = server.get(path);
    String body = answer.body().toLowerCase(Locale.ROOT);
    Trials.require(
        !(answer.statusCode() == 200 && body.contains("<html")), "It answered 200 with a page");
  }

  private void requireNoFile(String path) throws Exception {
    try (Socket socket = new Socket("127.0.0.1", server.port())) {
      socket.setSoTimeout(TIMEOUT_MILLIS);
      String request = "GET " + path + " HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n";
      socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
      String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      Trials.require(!answer.contains("root:"), "It gave a file of the machine");
    }
  }
}
