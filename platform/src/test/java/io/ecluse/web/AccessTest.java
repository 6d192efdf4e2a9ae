package io.ecluse.web;

import static io.ecluse.web.BlankServer.cookie;
import static io.ecluse.web.BlankServer.request;
import static io.ecluse.web.BlankServer.send;
import static io.ecluse.web.BlankServer.signIn;
import static org.assertj.core.api.Assertions.assertThat;

import io.ecluse.access.AccessTokens;
import io.ecluse.access.Caller;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Who comes in, for how long, and what the server tells on the way. */
@Timeout(180)
class AccessTest {
  private static final WebSettings LOCAL = new WebSettings("127.0.0.1", 0);

  @TempDir static Path temp;
  private static BlankServer blank;
  private static WebServer server;

  @BeforeAll
  static void serve() {
    blank = BlankServer.open(temp.resolve("blank"));
    server = blank.serve(LOCAL);
  }

  @AfterAll
  static void stop() {
    server.close();
    blank.close();
  }

  private static WebSettings settings(Set<String> proxies, Optional<String> url, Duration idle) {
    return new WebSettings("127.0.0.1", 0, Optional.empty(), proxies, url.map(URI::create), idle);
  }

  private static int home(WebServer at, String session) {
    return send(request(at, "/api/v1/home").header("Cookie", session.split(";")[0])).statusCode();
  }

  @Test
  void tellsCachesToKeepNothingOfTheApi() {
    String token = blank.tokens().newBearer("caches");
    for (String path : List.of("home", "health", "runs", "openapi.json", "nothing", "runs/none")) {
      HttpResponse<String> answer =
          send(request(server, "/api/v1/" + path).header("Authorization", "Bearer " + token));
      assertThat(answer.headers().allValues("Cache-Control")).as(path).containsExactly("no-store");
    }
    HttpResponse<String> refused = send(request(server, "/api/v1/home"));
    assertThat(refused.statusCode()).isEqualTo(401);
    assertThat(refused.headers().allValues("Cache-Control")).containsExactly("no-store");
  }

  @Test
  void answersNoPageWhereProgramsAsk() {
    for (String path :
        List.of(
            "/error",
            "/error/x",
            "/api",
            "/api/",
            "/api/v2/home",
            "/metrics",
            "/metrics/jvm",
            "/health/nothing",
            "/healthz/nothing",
            "/Health",
            "/API/v1",
            "/actuator/env",
            "/livez",
            "/readyz")) {
      HttpResponse<String> answer = send(request(server, path).header("Accept", "text/html"));
      assertThat(answer.statusCode()).as(path).isIn(401, 404);
      assertThat(answer.body()).as(path).startsWith("{\"error\":").doesNotContain(path);
    }
    for (String path : List.of("/health", "/healthz", "/health/live")) {
      HttpResponse<String> answer =
          send(request(server, path).header("Accept", "text/html,*/*;q=0.8"));
      assertThat(answer.body()).as(path).startsWith("{\"status\":");
      assertThat(answer.headers().allValues("Cache-Control")).containsExactly("no-store");
    }
    for (String path : List.of("/.env", "/nothing", "/web/index.html", "/wp-login.php")) {
      assertThat(send(request(server, path)).statusCode()).as(path).isEqualTo(404);
      assertThat(send(request(server, path)).body()).as(path).startsWith("{\"error\":");
    }
  }

  @Test
  void givesAwayNoFileButThePages() {
    for (String path :
        List.of(
            "/../io/ecluse/Platform.class",
            "/assets/../../db/migration/V1__catalog.sql",
            "/assets/%2e%2e/%2e%2e/db/migration/V1__catalog.sql",
            "/..%2fdb/migration/V1__catalog.sql",
            "/assets/..%5c..%5cdb/migration/V1__catalog.sql",
            "/%2e%2e/db/migration/V1__catalog.sql",
            "/db/migration/V1__catalog.sql")) {
      try (RawClient client = RawClient.to(server.url())) {
        client.say("GET " + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
        assertThat(client.everything()).as(path).matches("(?s)HTTP/1.1 (400|404).*");
      }
    }
  }

  @Test
  void answersToItsOwnNamesOnlyAndSaysNothingBack() {
    for (String host :
        List.of("attacker.example", "127.0.0.1.nip.io", "localhost.attacker.example")) {
      try (RawClient client = RawClient.to(server.url())) {
        client.say("GET / HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n");
        assertThat(client.everything())
            .startsWith("HTTP/1.1 403")
            .contains("FORBIDDEN")
            .doesNotContain(host);
      }
    }
  }

  @Test
  void protectsPagesFromBeingFramedAndChangedByOthers() {
    String session = cookie(send(signIn(server)));
    HttpResponse<String> page = send(request(server, "/"));
    assertThat(page.headers().firstValue("Content-Security-Policy").orElse(""))
        .contains("frame-ancestors 'none'")
        .contains("script-src 'self'")
        .contains("object-src 'none'");
    assertThat(page.headers().firstValue("X-Frame-Options")).hasValue("DENY");
    assertThat(page.headers().firstValue("X-Content-Type-Options")).hasValue("nosniff");
    assertThat(page.headers().firstValue("Cross-Origin-Opener-Policy")).hasValue("same-origin");
    assertThat(page.headers().firstValue("Cross-Origin-Resource-Policy")).hasValue("same-origin");

    HttpResponse<String> preflight =
        send(
            request(server, "/api/v1/queries")
                .header("Origin", "https://attacker.example")
                .header("Access-Control-Request-Method", "POST")
                .method("OPTIONS", java.net.http.HttpRequest.BodyPublishers.noBody()));
    assertThat(preflight.headers().map()).doesNotContainKey("access-control-allow-origin");

    for (String method : List.of("POST", "DELETE")) {
      HttpResponse<String> forged =
          send(
              request(server, method.equals("POST") ? "/api/v1/queries" : "/api/v1/session")
                  .header("Cookie", session.split(";")[0])
                  .header("Origin", "https://attacker.example")
                  .method(
                      method,
                      java.net.http.HttpRequest.BodyPublishers.ofString("{\"sql\":\"x\"}")));
      assertThat(forged.statusCode()).as(method).isEqualTo(403);
    }
    assertThat(home(server, session)).isEqualTo(200);
  }

  @Test
  void saysNoMoreOfWhatWasSentThanAPersonReads() {
    String token = blank.tokens().newBearer("echo");
    HttpResponse<String> answer =
        send(
            request(server, "/api/v1/runs?limit=%3Cscript%3E" + "x".repeat(5000))
                .header("Authorization", "Bearer " + token)
                .header("Accept", "text/html"));
    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(answer.headers().firstValue("Content-Type").orElse(""))
        .startsWith("application/json");
    assertThat(answer.body()).hasSizeLessThan(500);
  }

  @Test
  void opensNoSessionForAForm() {
    String code = blank.tokens().newSignInCode();
    for (String type : List.of("text/plain", "application/x-www-form-urlencoded")) {
      try (RawClient client = RawClient.to(server.url())) {
        String body = "{\"code\":\"" + code + "\"}";
        client.say(
            "POST /api/v1/session HTTP/1.1\r\nHost: localhost\r\nContent-Type: "
                + type
                + "\r\nContent-Length: "
                + body.length()
                + "\r\n\r\n"
                + body);
        assertThat(client.firstLine()).isIn("HTTP/1.1 400", "HTTP/1.1 415");
      }
    }
  }

  @Test
  void endsSessionsThatNobodyUses() throws Exception {
    try (WebServer brief =
        blank.serve(settings(Set.of(), Optional.empty(), Duration.ofSeconds(4)))) {
      String session = cookie(send(signIn(brief)));
      for (int i = 0; i < 6; i++) {
        assertThat(home(brief, session)).as("in use").isEqualTo(200);
        Thread.sleep(1_000);
      }
      Thread.sleep(5_000);
      assertThat(home(brief, session)).as("idle").isEqualTo(401);
    }
  }

  @Test
  void endsEventStreamsAtSignOutAndWhenATokenIsRevoked() {
    String session = cookie(send(signIn(server))).split(";")[0];
    try (RawClient stream = RawClient.to(server.url())) {
      stream.say(
          "GET /api/v1/events HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nCookie: "
              + session
              + "\r\n\r\n");
      assertThat(stream.firstLine()).contains("200");
      send(
          request(server, "/api/v1/session")
              .header("Cookie", session)
              .header("X-Ecluse-Request", "1")
              .DELETE());
      assertThat(stream.ends()).isTrue();
    }
    String token = blank.tokens().newBearer("streaming");
    try (RawClient stream = RawClient.to(server.url())) {
      stream.say(
          "GET /api/v1/events HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nAuthorization: Bearer "
              + token
              + "\r\n\r\n");
      assertThat(stream.firstLine()).contains("200");
      blank.tokens().revoke("streaming");
      assertThat(stream.ends()).isTrue();
    }
  }

  @Test
  void letsTokensExpireAndRevokesThem() throws Exception {
    AccessTokens tokens = blank.tokens();
    String brief = tokens.newBearer("brief", Optional.of(Duration.ofSeconds(1)));
    String usual = tokens.newBearer("usual");
    assertThat(tokens.bearers())
        .filteredOn(b -> b.name().equals("usual"))
        .first()
        .satisfies(
            b ->
                assertThat(Duration.between(b.createdAt(), b.expiresAt().orElseThrow()))
                    .isEqualTo(AccessTokens.BEARER_LIFE));
    Thread.sleep(1_500);
    assertThat(tokens.bearer(brief)).isEmpty();
    assertThat(tokens.bearer(usual).map(Caller::name)).hasValue("usual");
    assertThat(tokens.revoke("usual")).isTrue();
    assertThat(tokens.bearer(usual)).isEmpty();
    assertThat(tokens.revoke("usual")).isFalse();
  }

  @Test
  void countsTriesToSignInOfEachAddressForItself() {
    try (WebServer fresh = blank.serve(LOCAL)) {
      String last = "";
      for (int i = 0; i < 11; i++) {
        last = tryToSignIn(fresh, "127.0.0.2", "wrong");
      }
      assertThat(last).isEqualTo("HTTP/1.1 429");
      assertThat(tryToSignIn(fresh, "127.0.0.3", "wrong")).isEqualTo("HTTP/1.1 401");
      String code = blank.tokens().newSignInCode();
      assertThat(tryToSignIn(fresh, "127.0.0.2", code)).isEqualTo("HTTP/1.1 429");
      assertThat(tryToSignIn(fresh, "127.0.0.3", code)).isEqualTo("HTTP/1.1 204");
    }
  }

  private static String tryToSignIn(WebServer at, String from, String code) {
    String body = "{\"code\":\"" + code + "\"}";
    try (RawClient client = RawClient.from(from, at.url())) {
      client.say(
          "POST /api/v1/session HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: "
              + body.length()
              + "\r\n\r\n"
              + body);
      return client.firstLine();
    }
  }

  @Test
  void believesForwardedHeadersOfNamedProxiesAlone() {
    Map<String, String> forwarded =
        Map.of("X-Forwarded-Proto", "https", "X-Forwarded-Host", "data.school.example");
    HttpResponse<String> lying = send(with(signIn(server), forwarded));
    assertThat(cookie(lying)).doesNotContain("Secure");
    assertThat(lying.headers().firstValue("Strict-Transport-Security")).isEmpty();

    for (String proxy : List.of("127.0.0.1", "127.0.0.0/8")) {
      believes(proxy, forwarded);
    }
    try (WebServer elsewhere =
        blank.serve(settings(Set.of("10.0.0.0/8"), Optional.empty(), AccessTokens.SESSION_IDLE))) {
      assertThat(cookie(send(with(signIn(elsewhere), forwarded)))).doesNotContain("Secure");
    }
  }

  private static void believes(String proxy, Map<String, String> forwarded) {
    try (WebServer behind =
        blank.serve(
            settings(
                Set.of(proxy),
                Optional.of("https://data.school.example"),
                AccessTokens.SESSION_IDLE))) {
      assertThat(behind.signInLink()).startsWith("https://data.school.example/sign-in#code=");
      HttpResponse<String> signedIn = send(with(signIn(behind), forwarded));
      assertThat(signedIn.statusCode()).isEqualTo(204);
      assertThat(cookie(signedIn)).contains("; Secure").contains("HttpOnly");
      assertThat(signedIn.headers().firstValue("Strict-Transport-Security").orElse(""))
          .startsWith("max-age=31536000");
      // each client behind the proxy for itself
      for (int i = 0; i < 11; i++) {
        send(with(wrong(behind), Map.of("X-Forwarded-For", "10.1.1.1")));
      }
      assertThat(send(with(wrong(behind), Map.of("X-Forwarded-For", "10.1.1.1"))).statusCode())
          .isEqualTo(429);
      assertThat(send(with(wrong(behind), Map.of("X-Forwarded-For", "10.1.1.2"))).statusCode())
          .isEqualTo(401);
    }
  }

  private static java.net.http.HttpRequest.Builder wrong(WebServer at) {
    return request(at, SessionController.PATH)
        .POST(java.net.http.HttpRequest.BodyPublishers.ofString("{\"code\":\"wrong\"}"));
  }

  private static java.net.http.HttpRequest.Builder with(
      java.net.http.HttpRequest.Builder request, Map<String, String> headers) {
    headers.forEach(request::header);
    return request;
  }
}
