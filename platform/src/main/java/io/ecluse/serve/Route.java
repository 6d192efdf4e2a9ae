package io.ecluse.serve;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.iceberg.rest.Endpoint;

/**
 * What is done at an address of Iceberg's protocol.
 *
 * @param endpoint by its name there
 * @param again answers a request that was made, and is sent again
 */
record Route(Endpoint endpoint, Effect effect, Handler handler, Handler again) {
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
    return new Route(endpoint, Effect.READS, handler, handler);
  }

  /** One that answers nothing but that it is done. */
  static Route writes(Endpoint endpoint, Handler handler) {
    return writes(endpoint, handler, visit -> Answer.empty(204));
  }

  static Route writes(Endpoint endpoint, Handler handler, Handler again) {
    return new Route(endpoint, Effect.WRITES, handler, again);
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
