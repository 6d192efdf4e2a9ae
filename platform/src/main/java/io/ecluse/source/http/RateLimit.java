package io.ecluse.source.http;

import java.net.http.HttpHeaders;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What the headers of an answer say of how much may be asked for, under the names in use. */
final class RateLimit {
  /** Before Limit, Remaining and Reset. */
  static final List<String> PREFIXES = List.of("X-RateLimit-", "RateLimit-", "X-Rate-Limit-");

  private static final String SHORT_WORD = "[\\w.:;=,/ -]{1,60}";

  private RateLimit() {}

  /** For people, in the API's own numbers; empty if it says nothing. */
  static Optional<String> said(HttpHeaders headers) {
    for (String prefix : PREFIXES) {
      List<String> said = new ArrayList<>();
      for (String what : List.of("Limit", "Remaining", "Reset")) {
        headers
            .firstValue(prefix + what)
            .map(String::strip)
            .filter(v -> v.matches(SHORT_WORD))
            .ifPresent(v -> said.add(prefix + what + " " + v));
      }
      if (!said.isEmpty()) {
        return Optional.of(String.join(", ", said));
      }
    }
    return Optional.empty();
  }
}
