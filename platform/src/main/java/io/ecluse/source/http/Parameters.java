package io.ecluse.source.http;

import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.cfg.JsonNodeFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * What a stream's requests ask with: those of its settings, and those that change from page to
 * page. Used by one thread.
 */
final class Parameters {
  private final URI base;
  private final String path;
  private final Map<String, String> query;
  private final Optional<JsonNode> body;

  Parameters(URI base, HttpSettings.Request request) {
    this.base = base;
    this.path = request.path();
    this.query = new LinkedHashMap<>(request.parameters());
    this.body =
        request
            .body()
            .map(
                JsonMapper.shared()
                        .reader()
                        .with(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
                        .without(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
                    ::readTree);
  }

  /** Sets one, of the query by its name, of the body by a JSON pointer. */
  void put(String place, JsonNode value) {
    if (body.isEmpty() || !place.startsWith("/")) {
      query.put(place, value.asString());
      return;
    }
    JsonNode at = body.get();
    String[] steps = place.substring(1).split("/", -1);
    for (int i = 0; i < steps.length; i++) {
      String step = steps[i].replace("~1", "/").replace("~0", "~");
      if (!(at instanceof ObjectNode map)) {
        throw new IllegalArgumentException("The body has no place " + place);
      } else if (i == steps.length - 1) {
        map.set(step, value);
      } else {
        at = map.has(step) ? map.get(step) : map.putObject(step);
      }
    }
  }

  /** The request with all that has been set. */
  PageRequest request() {
    String prefix = base.toString().replaceFirst("/+$", "");
    String rest = path.replaceFirst("^/+", "");
    String asked =
        query.entrySet().stream()
            .map(e -> encoded(e.getKey()) + "=" + encoded(e.getValue()))
            .collect(Collectors.joining("&", "?", ""));
    URI uri =
        URI.create(prefix + (rest.isEmpty() ? "" : "/" + rest) + (query.isEmpty() ? "" : asked));
    return new PageRequest(uri, body.map(JsonMapper.shared()::writeValueAsString));
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }
}
