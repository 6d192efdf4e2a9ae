package io.ecluse.spark;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.ecluse.serve.Answer;
import io.ecluse.serve.Ask;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Requests to the JDK's own web server, as our doors take and answer them. */
final class Exchanges {
  private static final Logger LOG = LoggerFactory.getLogger(Exchanges.class);
  private static final int LARGEST_BODY = 256 << 20;

  static {
    // else it waits with each answer for the receipt of its first lines: 40 ms
    System.setProperty("sun.net.httpserver.nodelay", "true");
  }

  private Exchanges() {}

  /**
   * A server that is not yet started.
   *
   * @param address of this machine
   * @param port 0 for any that is free
   */
  static HttpServer server(String address, int port) throws IOException {
    return HttpServer.create(new InetSocketAddress(InetAddress.getByName(address), port), 0);
  }

  /** What a door does. */
  @FunctionalInterface
  interface Answering {
    Answer answer(Ask ask) throws InterruptedException;
  }

  /** Threads that end with the process. */
  static ExecutorService threads(String name) {
    return Executors.newCachedThreadPool(
        work -> {
          Thread thread = new Thread(work, name);
          thread.setDaemon(true);
          return thread;
        });
  }

  /**
   * Answers one request.
   *
   * @param known whether somebody who asks, without a body yet, is one of ours: of strangers
   *     nothing is read
   */
  static void handle(HttpExchange exchange, Predicate<Ask> known, Answering door)
      throws IOException {
    try (exchange) {
      Answer answer = answer(exchange, known, door);
      answer.headers().forEach(exchange.getResponseHeaders()::set);
      byte[] body = answer.body();
      boolean none = body.length == 0 || exchange.getRequestMethod().equals("HEAD");
      exchange.sendResponseHeaders(answer.status(), none ? -1 : body.length);
      if (!none) {
        exchange.getResponseBody().write(body);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException e) { // a door: whoever asked asks again
      LOG.warn("A request of an application on a cluster failed", e);
      exchange.sendResponseHeaders(500, -1);
    }
  }

  private static Answer answer(HttpExchange exchange, Predicate<Ask> known, Answering door)
      throws IOException, InterruptedException {
    Map<String, String> headers = new LinkedHashMap<>();
    exchange.getRequestHeaders().forEach((name, values) -> headers.put(name, values.get(0)));
    Ask head =
        new Ask(
            exchange.getRequestMethod(),
            exchange.getRequestURI().getRawPath(),
            query(exchange),
            headers,
            new byte[0]);
    if (!known.test(head)) {
      return JobHandlers.error(401, "This token is of nobody who is wanted");
    }
    byte[] body;
    try (InputStream in = exchange.getRequestBody()) {
      body = in.readNBytes(LARGEST_BODY + 1);
    }
    return body.length > LARGEST_BODY
        ? JobHandlers.error(413, "At most %d bytes may be sent".formatted(LARGEST_BODY))
        : door.answer(new Ask(head.method(), head.path(), head.query(), headers, body));
  }

  private static Map<String, String> query(HttpExchange exchange) {
    Map<String, String> query = new LinkedHashMap<>();
    String raw = exchange.getRequestURI().getRawQuery();
    for (String pair : raw == null ? new String[0] : raw.split("&", -1)) {
      int equals = pair.indexOf('=');
      String name = equals < 0 ? pair : pair.substring(0, equals);
      String value = equals < 0 ? "" : pair.substring(equals + 1);
      query.put(decoded(name), decoded(value));
    }
    return query;
  }

  private static String decoded(String text) {
    return URLDecoder.decode(text, StandardCharsets.UTF_8);
  }
}
