package io.ecluse.source.http;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.zip.GZIPOutputStream;

/** A real HTTP server on a port of its own, which remembers what it was asked. */
public final class ApiServer implements AutoCloseable {
  private final HttpServer server;
  private final ExecutorService threads = Executors.newFixedThreadPool(2);
  private final List<Request> requests = new CopyOnWriteArrayList<>();

  /** What was asked. */
  public record Request(
      String method,
      String path,
      Map<String, String> params,
      Map<String, String> headers,
      String body) {
    public String param(String name) {
      return params.getOrDefault(name, "");
    }

    public int number(String name, int otherwise) {
      return Optional.ofNullable(params.get(name)).map(Integer::parseInt).orElse(otherwise);
    }

    public String header(String name) {
      return headers.getOrDefault(name, "");
    }
  }

  /** What is answered. */
  public record Answer(int status, Map<String, String> headers, String body, Ending ending) {
    /** Whether all of the body comes. */
    public enum Ending {
      WHOLE,
      CUT
    }

    public static Answer json(String body) {
      return new Answer(200, Map.of("Content-Type", "application/json"), body, Ending.WHOLE);
    }

    public static Answer status(int status, String type, String body) {
      return new Answer(status, Map.of("Content-Type", type), body, Ending.WHOLE);
    }

    public Answer with(String header, String value) {
      Map<String, String> more = new LinkedHashMap<>(headers);
      more.put(header, value);
      return new Answer(status, more, body, ending);
    }

    /** The body, packed and in an encoding, if the headers say so. */
    private byte[] bytes() {
      String type = headers.getOrDefault("Content-Type", "");
      String charset = type.contains("charset=") ? type.replaceFirst(".*charset=", "") : "utf-8";
      byte[] plain =
          body.getBytes(
              Charset.isSupported(charset)
                  ? Charset.forName(charset)
                  : StandardCharsets.ISO_8859_1);
      if (!"gzip".equals(headers.get("Content-Encoding"))) {
        return plain;
      }
      var packed = new ByteArrayOutputStream();
      try (var gzip = new GZIPOutputStream(packed)) {
        gzip.write(plain);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      return packed.toByteArray();
    }

    public Answer cut() {
      return new Answer(status, headers, body, Ending.CUT);
    }
  }

  /** What a path does. */
  public interface Route {
    Answer answer(Request request);
  }

  public ApiServer() {
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    server.setExecutor(threads);
    server.start();
  }

  public ApiServer on(String path, Route route) {
    server.createContext(path, exchange -> handle(exchange, route));
    return this;
  }

  public List<Request> requests() {
    return List.copyOf(requests);
  }

  /** Values of a parameter in the order in which they were asked for. */
  public List<String> asked(String parameter) {
    return requests.stream().map(r -> r.param(parameter)).toList();
  }

  public URI url() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
  }

  private void handle(HttpExchange exchange, Route route) throws IOException {
    Request request = request(exchange);
    requests.add(request);
    Answer answer = route.answer(request);
    answer.headers().forEach((name, value) -> exchange.getResponseHeaders().add(name, value));
    byte[] body = answer.bytes();
    exchange.sendResponseHeaders(answer.status(), body.length == 0 ? -1 : body.length);
    switch (answer.ending()) {
      case WHOLE -> exchange.getResponseBody().write(body);
      case CUT -> {
        exchange.getResponseBody().write(body, 0, body.length / 2);
        exchange.getResponseBody().flush();
      }
    }
    exchange.close(); // and with it the connection, if something is missing
  }

  private static Request request(HttpExchange exchange) throws IOException {
    Map<String, String> params = new LinkedHashMap<>();
    String query = exchange.getRequestURI().getRawQuery();
    for (String pair : query == null ? new String[0] : query.split("&", -1)) {
      String[] parts = pair.split("=", 2);
      params.put(decoded(parts[0]), decoded(parts[1]));
    }
    Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    exchange.getRequestHeaders().forEach((name, values) -> headers.put(name, values.get(0)));
    return new Request(
        exchange.getRequestMethod(),
        exchange.getRequestURI().getPath(),
        params,
        headers,
        new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
  }

  private static String decoded(String text) {
    return URLDecoder.decode(text, StandardCharsets.UTF_8);
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
