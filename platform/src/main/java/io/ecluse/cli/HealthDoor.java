package io.ecluse.cli;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.ecluse.Measures;
import io.ecluse.Platform;
import io.ecluse.error.EcluseException;
import io.ecluse.error.ErrorCode;
import io.ecluse.web.Readiness;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells an engine of containers, an orchestrator or a service manager how a server is, one without
 * a web door, too: {@code /health/live}, {@code /health/ready} and {@code /metrics}, by HTTP, at
 * every address of the machine, to anybody who reaches the port, and nothing else. {@link #close()}
 * may be called twice.
 */
final class HealthDoor implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(HealthDoor.class);
  private static final int THREADS = 4;
  private static final int BACKLOG = 32;

  private final HttpServer server;
  private final ExecutorService threads =
      Executors.newFixedThreadPool(
          THREADS,
          r -> {
            Thread thread = new Thread(r, "health");
            thread.setDaemon(true);
            return thread;
          });

  private HealthDoor(HttpServer server) {
    this.server = server;
  }

  /**
   * Opens it.
   *
   * @throws EcluseException CONFLICT if something else listens there
   */
  static HealthDoor open(Platform platform, int port) {
    try {
      HealthDoor door = new HealthDoor(HttpServer.create(new InetSocketAddress(port), BACKLOG));
      door.server.createContext("/", exchange -> answer(exchange, platform));
      door.server.setExecutor(door.threads);
      door.server.start();
      return door;
    } catch (IOException e) {
      throw ErrorCode.CONFLICT.error(
          "Port %d, for --health-port, cannot be listened at: %s".formatted(port, e.getMessage()),
          e);
    }
  }

  int port() {
    return server.getAddress().getPort();
  }

  private static void answer(HttpExchange exchange, Platform platform) throws IOException {
    try (exchange) {
      switch (exchange.getRequestURI().getPath()) {
        case "/health/live" -> send(exchange, 200, "ok");
        case "/health/ready" -> {
          try {
            Readiness.require(platform);
            send(exchange, 200, "ok");
          } catch (EcluseException e) {
            LOG.debug("Not ready", e);
            send(exchange, 503, e.code().name());
          }
        }
        case "/metrics" -> metrics(exchange, platform);
        default -> send(exchange, 404, "NOT_FOUND");
      }
    }
  }

  private static void metrics(HttpExchange exchange, Platform platform) throws IOException {
    try {
      send(exchange, 200, Measures.TYPE, new Measures(platform).text(dag -> true));
    } catch (EcluseException e) { // the database has gone just now
      send(exchange, 503, e.code().name());
    }
  }

  private static void send(HttpExchange exchange, int status, String word) throws IOException {
    send(exchange, status, "application/json", "{\"status\":\"%s\"}".formatted(word));
  }

  private static void send(HttpExchange exchange, int status, String type, String text)
      throws IOException {
    byte[] body = text.getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("Content-Type", type);
    exchange.getResponseHeaders().set("Cache-Control", "no-store");
    exchange.sendResponseHeaders(status, body.length);
    exchange.getResponseBody().write(body);
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
