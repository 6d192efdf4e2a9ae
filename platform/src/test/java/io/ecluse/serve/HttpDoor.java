package io.ecluse.serve;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** The door in a server of the JDK's, on a port of this machine. */
public final class HttpDoor implements AutoCloseable {
  static {
    System.setProperty("sun.net.httpserver.nodelay", "true"); // else each answer takes 40 ms
  }

  private final HttpServer server;
  private final ExecutorService threads = Executors.newFixedThreadPool(8);

  public HttpDoor(IcebergDoor door) throws IOException {
    this.server =
        HttpServer.create(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), 0), 0);
    server.setExecutor(threads);
    server.createContext(
        IcebergDoor.ROOT,
        exchange -> {
          Map<String, String> headers = new HashMap<>();
          exchange.getRequestHeaders().forEach((name, values) -> headers.put(name, values.get(0)));
          Answer answer =
              door.answer(
                  new Ask(
                      exchange.getRequestMethod(),
                      exchange.getRequestURI().getRawPath(),
                      query(exchange.getRequestURI().getRawQuery()),
                      headers,
                      exchange.getRequestBody().readAllBytes()));
          answer.headers().forEach(exchange.getResponseHeaders()::set);
          byte[] body = answer.body();
          exchange.sendResponseHeaders(answer.status(), body.length == 0 ? -1 : body.length);
          if (body.length > 0) {
            exchange.getResponseBody().write(body);
          }
          exchange.close();
        });
    server.start();
  }

  private static Map<String, String> query(String raw) {
    Map<String, String> query = new HashMap<>();
    if (raw != null) {
      for (String pair : raw.split("&")) {
        String[] sides = pair.split("=", 2);
        query.put(decoded(sides[0]), sides.length == 1 ? "" : decoded(sides[1]));
      }
    }
    return query;
  }

  private static String decoded(String text) {
    return URLDecoder.decode(text, StandardCharsets.UTF_8);
  }

  public String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort() + IcebergDoor.ROOT;
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
