package io.ecluse.source.http;

import io.ecluse.error.EcluseException;
import io.ecluse.error.ErrorCode;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/**
 * What GraphQL says of a request that failed while its status is 200 (GraphQL specification,
 * section 7.1.2). The message of an error that happened at a field may tell of the data there, so
 * only the field's path and the code are repeated; one of the request itself speaks of the query.
 */
final class GraphQlErrors {
  /** Where they stand in an answer. */
  static final String POINTER = "/errors";

  private static final String NAME = "[A-Za-z_][A-Za-z0-9_]{0,99}";

  private GraphQlErrors() {}

  /**
   * @param first the first of them
   */
  static EcluseException of(HttpErrors errors, URI uri, JsonNode first) {
    JsonNode path = first.path("path");
    Optional<String> said =
        path.isArray()
            ? Optional.of("at " + joined(path))
            : first.path("message").stringValueOpt().map(m -> "“" + errors.words(m) + "”");
    Optional<String> code =
        first.path("extensions").path("code").stringValueOpt().filter(c -> c.matches(NAME));
    List<String> facts = new ArrayList<>();
    said.ifPresent(facts::add);
    code.ifPresent(c -> facts.add("code " + c));
    return errors.error(
        ErrorCode.SOURCE_REFUSED,
        "%s answered with errors instead of data (/errors/0%s); check the stream's body, and whether the secret may read this"
            .formatted(
                HttpErrors.shown(uri), facts.isEmpty() ? "" : ": " + String.join(", ", facts)));
  }

  private static String joined(JsonNode path) {
    List<String> steps = new ArrayList<>();
    for (JsonNode step : path) {
      boolean plain = step.isInt() || step.isString() && step.stringValue().matches(NAME);
      steps.add(plain ? step.asString() : "…");
    }
    return String.join(".", steps);
  }
}
