package io.ecluse.serve;

import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A request, whichever server it came by.
 *
 * @param method in capitals
 * @param path from the server's root on, without a query; as it was sent, not decoded
 * @param query parameters, decoded
 * @param headers by name, which case does not tell apart
 * @param body empty if there is none
 */
public record Ask(
    String method,
    String path,
    Map<String, String> query,
    Map<String, String> headers,
    byte[] body) {
  public Ask {
    method = method.toUpperCase(Locale.ROOT);
    query = Map.copyOf(query);
    Map<String, String> all = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    all.putAll(headers);
    headers = all;
    body = body.clone();
  }

  Optional<String> header(String name) {
    return Optional.ofNullable(headers.get(name));
  }

  Optional<String> parameter(String name) {
    return Optional.ofNullable(query.get(name)).filter(v -> !v.isEmpty());
  }

  @Override
  public byte[] body() {
    return body.clone();
  }
}
