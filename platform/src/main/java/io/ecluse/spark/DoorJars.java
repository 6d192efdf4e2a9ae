package io.ecluse.spark;

import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * The jars of the platform's application, for drivers that share no folder or store with this
 * machine. There is nothing secret in them, and no other file is served.
 */
final class DoorJars {
  static final String PATH = "/jobs/jars/";

  private final Supplier<List<Path>> jars;

  DoorJars(Supplier<List<Path>> jars) {
    this.jars = jars;
  }

  /** Where a jar is, behind a door. */
  static String url(String door, Path jar) {
    return door + PATH.substring(JobHandlers.PATH.length()) + jar.getFileName();
  }

  /** Answers, if one of the jars is asked for. */
  boolean serve(HttpExchange exchange) throws IOException {
    String path = exchange.getRequestURI().getRawPath();
    if (!path.startsWith(PATH)) {
      return false;
    }
    try (exchange) {
      send(exchange, path.substring(PATH.length()));
    }
    return true;
  }

  private void send(HttpExchange exchange, String name) throws IOException {
    Optional<Path> found =
        jars.get().stream().filter(jar -> jar.getFileName().toString().equals(name)).findFirst();
    if (found.isEmpty() || !exchange.getRequestMethod().equals("GET")) {
      exchange.sendResponseHeaders(404, -1);
      return;
    }
    exchange.sendResponseHeaders(200, Files.size(found.get()));
    Files.copy(found.get(), exchange.getResponseBody());
  }
}
