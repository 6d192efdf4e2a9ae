package io.ecluse.serve;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.iceberg.rest.Endpoint;

/**
 * What is done at an address of Iceberg's protocol.
 *
 * @param endpoint by its name there
 */
record Route(Endpoint endpoint, Effect effect, Handler handler) {
  /** Whether it changes anything. */
  enum Effect {
    READS,
    WRITES
  }

  /** Answers; what it throws is told by {@link Failures}. */
  interface Handler {
    Answer answer(Visit visit);
  }

  static Route reads(Endpoint endpoint, Handler handler) {
    return new Route(endpoint, Effect.READS, handler);
  }

  static Route writes(Endpoint endpoint, Handler handler) {
    return new Route(endpoint, Effect.WRITES, handler);
  }

  /**
   * The parts of an address that have a name here; empty if it is another.
   *
   * @param address as sent, as in {@code /v1/namespaces}
   */
  Optional<Map<String, String>> parts(String method, String address) {
    String[] pattern = endpoint.path().replace("/{prefix}", "").split("/", -1);
    String[] parts = address.split("/", -1);
    if (!method.equals(endpoint.httpMethod()) || parts.length != pattern.length) {
      return Optional.empty();
    }
    Map<String, String> named = new HashMap<>();
    for (int i = 0; i < parts.length; i++) {
      if (pattern[i].startsWith("{")) {
        named.put(pattern[i].substring(1, pattern[i].length() - 1), parts[i]);
      } else if (!pattern[i].equals(parts[i])) {
        return Optional.empty();
      }
    }
    return Optional.of(named);
  }
}
