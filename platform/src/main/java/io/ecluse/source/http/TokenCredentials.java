package io.ecluse.source.http;

import io.ecluse.error.ErrorCode;
import io.ecluse.source.http.HttpSettings.Auth.ClientCredentials;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A token of OAuth 2.0 for client credentials, kept as long as it is good. */
final class TokenCredentials implements Credentials {
  private static final Duration BEFORE_IT_ENDS = Duration.ofSeconds(30);

  private final ClientCredentials client;
  private final Function<HttpRequest.Builder, String> server;
  private final HttpErrors errors;
  private final Clock clock;
  private Optional<Token> token = Optional.empty();

  private record Token(String word, Instant goodUntil) {}

  /**
   * @param server sends a request to the token's server and gives the answer's body
   */
  TokenCredentials(
      ClientCredentials client,
      Function<HttpRequest.Builder, String> server,
      HttpErrors errors,
      Clock clock) {
    this.client = client;
    this.server = server;
    this.errors = errors;
    this.clock = clock;
  }

  @Override
  public void sign(HttpRequest.Builder request) {
    Token good = token.filter(t -> t.goodUntil().isAfter(clock.instant())).orElseGet(this::ask);
    token = Optional.of(good);
    request.setHeader("Authorization", "Bearer " + good.word());
  }

  @Override
  public boolean renew() {
    token = Optional.empty();
    return true;
  }

  private Token ask() {
    Map<String, String> form = new LinkedHashMap<>();
    form.put("grant_type", "client_credentials");
    client.scope().ifPresent(s -> form.put("scope", s));
    HttpRequest.Builder request = HttpRequest.newBuilder(client.tokenUrl());
    switch (client.sent()) {
      case BODY -> {
        form.put("client_id", client.id());
        form.put("client_secret", client.secret());
      }
      case HEADER -> request.setHeader("Authorization", basic(client.id(), client.secret()));
    }
    request
        .setHeader("Content-Type", "application/x-www-form-urlencoded")
        .POST(
            HttpRequest.BodyPublishers.ofString(
                form.entrySet().stream()
                    .map(e -> encoded(e.getKey()) + "=" + encoded(e.getValue()))
                    .collect(Collectors.joining("&"))));
    Instant asked = clock.instant();
    return token(server.apply(request), asked);
  }

  private Token token(String answer, Instant asked) {
    try {
      JsonNode tree = JsonMapper.shared().readTree(answer);
      String word = tree.path("access_token").stringValue("");
      if (word.matches("[\\x21-\\x7e]+")) {
        long seconds = tree.path("expires_in").asLong(Long.MAX_VALUE);
        Duration good = Duration.ofSeconds(Math.min(seconds, Duration.ofDays(1).toSeconds()));
        Duration margin =
            good.compareTo(BEFORE_IT_ENDS.multipliedBy(2)) > 0 ? BEFORE_IT_ENDS : Duration.ZERO;
        return new Token(word, asked.plus(good).minus(margin));
      }
    } catch (JacksonException e) {
      // said below; what stands there may be a token
    }
    throw errors.error(
        ErrorCode.SOURCE_REFUSED,
        "what %s answered holds no access_token; check connection.auth.token_url"
            .formatted(HttpErrors.shown(client.tokenUrl())));
  }

  /** The header's value (RFC 7617). */
  static String basic(String user, String password) {
    return "Basic "
        + Base64.getEncoder()
            .encodeToString((user + ":" + password).getBytes(StandardCharsets.UTF_8));
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }
}
