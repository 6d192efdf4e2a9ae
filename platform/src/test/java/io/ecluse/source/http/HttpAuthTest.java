package io.ecluse.source.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ecluse.error.EcluseException;
import io.ecluse.error.ErrorCode;
import io.ecluse.source.SilentListener;
import io.ecluse.source.Source;
import io.ecluse.source.http.ApiServer.Answer;
import io.ecluse.source.http.HttpSettings.Auth;
import io.ecluse.source.http.HttpSettings.Paging;
import io.ecluse.staging.BatchManifest;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Who an API is told that asks, and who else is not. */
class HttpAuthTest extends HttpSourceFixture {
  private static final String PASSWORD = "the-password";

  @Test
  void waitsForNothingThatItDoesNotNeedAndSharesTokensBetweenStreams() {
    AtomicInteger tokens = givingTokens(36000);
    server.on(
        "/things",
        r ->
            withToken(r, "t1")
                .with("X-RateLimit-Remaining", server.requests().size() == 2 ? "1" : "0")
                .with("X-RateLimit-Reset", "86400"));
    Map<String, HttpSettings.Stream> streams = new LinkedHashMap<>();
    streams.put("a", HttpFixture.stream("/things", "/items", new Paging.None()));
    streams.put("people", HttpFixture.stream("/things", "/items", new Paging.None()));
    Source source = at(server.url(), token(Auth.ClientCredentials.Sent.BODY), streams);

    List<BatchManifest> batches = source.extract(request("x1"), new SilentListener());

    assertThat(batches).hasSize(2);
    assertThat(batches.get(0).position()).startsWith("3 requests from ");
    assertThat(tokens).hasValue(1);
    assertThat(clock.waits()).isEmpty();
  }

  /** Gives t1, t2…, each good for so many seconds, and counts them. */
  private AtomicInteger givingTokens(int seconds) {
    AtomicInteger tokens = new AtomicInteger();
    server.on(
        "/token",
        r ->
            Answer.json(
                "{\"access_token\": \"t%d\", \"expires_in\": %d}"
                    .formatted(tokens.incrementAndGet(), seconds)));
    return tokens;
  }

  private Auth token(Auth.ClientCredentials.Sent sent) {
    return new Auth.ClientCredentials(
        server.url().resolve("/token"), "ecluse", "the-secret", Optional.of("read"), sent);
  }

  private Answer withToken(ApiServer.Request request, String good) {
    return request.header("Authorization").equals("Bearer " + good)
        ? things(request)
        : Answer.status(401, "application/json", "{\"error\": \"invalid_token\"}");
  }

  @Test
  void getsAnotherTokenWhenOneIsRefused() {
    AtomicInteger tokens = givingTokens(3600);
    server.on("/things", r -> withToken(r, r.number("after", 0) == 0 ? "t1" : "t2"));
    Source source =
        at(
            server.url(),
            token(Auth.ClientCredentials.Sent.BODY),
            Map.of(
                "people",
                HttpFixture.stream(
                    "/things",
                    "/items",
                    new Paging.Cursor("/meta/next", Optional.empty(), "after"))));

    assertThat(landed(source)).containsExactly(List.of("25", "25", "24"));
    assertThat(tokens).hasValue(2);
    assertThat(server.requests().get(0).body())
        .isEqualTo(
            "grant_type=client_credentials&scope=read&client_id=ecluse&client_secret=the-secret");
  }

  @Test
  void getsAnotherTokenBeforeOneEnds() {
    AtomicInteger tokens = givingTokens(100);
    AtomicInteger asked = new AtomicInteger();
    server.on(
        "/things",
        r ->
            asked.incrementAndGet() == 2
                ? Answer.status(429, "text/plain", "").with("Retry-After", "80")
                : things(r));
    Source source =
        at(
            server.url(),
            token(Auth.ClientCredentials.Sent.HEADER),
            Map.of(
                "people",
                HttpFixture.stream(
                    "/things",
                    "/items",
                    new Paging.Cursor("/meta/next", Optional.empty(), "after"))));

    landed(source);

    assertThat(tokens).hasValue(2);
    assertThat(server.requests().stream().map(r -> r.header("Authorization")).toList())
        .contains("Basic ZWNsdXNlOnRoZS1zZWNyZXQ=", "Bearer t1", "Bearer t2");
  }

  @Test
  void saysThatTheClientIsNotKnown() {
    server.on(
        "/token", r -> Answer.status(400, "application/json", "{\"error\": \"invalid_client\"}"));
    Source source =
        at(
            server.url(),
            token(Auth.ClientCredentials.Sent.BODY),
            Map.of("people", HttpFixture.stream("/things", "/items", new Paging.None())));

    assertThatThrownBy(() -> landed(source))
        .hasMessageContaining("/token gives no token: it answered 400 (“invalid_client”)")
        .hasMessageNotContaining("the-secret")
        .extracting(e -> ((EcluseException) e).code())
        .isEqualTo(ErrorCode.SOURCE_REFUSED);
  }

  @Test
  void showsNoPartOfASecretAtWhichAMessageIsCutOff() {
    server.on(
        "/things", r -> Answer.status(401, "text/plain", "x".repeat(115) + r.header("X-Api-Key")));
    Source source =
        at(
            server.url(),
            new Auth.Header("X-Api-Key", PASSWORD),
            Map.of("people", HttpFixture.stream("/things", "/items", new Paging.None())));

    assertThatThrownBy(() -> landed(source))
        .hasMessageContaining("x***")
        .hasMessageNotContaining("xthe-p");
  }

  @Test
  void sendsItsSecretToNoOtherHost() {
    try (ApiServer other = new ApiServer()) {
      other.on("/more", r -> Answer.json("{\"items\": " + HttpFixture.ids(10, 12) + "}"));
      other.on("/moved", r -> Answer.status(401, "text/plain", "who are you"));
      server.on(
          "/things",
          r ->
              Answer.json("{\"items\": " + HttpFixture.ids(0, 10) + "}")
                  .with("Link", "<" + other.url() + "/more>; rel=\"next\""));
      server.on(
          "/redirected",
          r -> Answer.status(302, "text/plain", "").with("Location", other.url() + "/moved"));
      Map<String, HttpSettings.Stream> streams =
          Map.of(
              "people",
              HttpFixture.stream("/things", "/items", new Paging.Link(Optional.empty())),
              "moved",
              HttpFixture.stream("/redirected", "", new Paging.None()));
      Source source = at(server.url(), new Auth.Basic("reader", PASSWORD), streams);

      assertThat(landed(source)).containsExactly(List.of("12", "12", "11"));
      assertThatThrownBy(() -> extract(source, "x2", "moved"))
          .hasMessageContaining("the secret is sent to 127.0.0.1 only");
      assertThat(server.requests().get(0).header("Authorization")).startsWith("Basic ");
      assertThat(other.requests()).hasSize(2);
      assertThat(other.requests()).noneMatch(r -> r.headers().containsKey("Authorization"));
    }
  }

  /**
   * The same server by another name, so that 127.0.0.1 is a host that the project does not name.
   */
  private Source byName(HttpSettings.Leads leads, HttpSettings.Stream stream) {
    return of(
        new HttpSettings(
            "school",
            URI.create("http://localhost:" + server.url().getPort()),
            new Auth.None(),
            Map.of(),
            HttpFixture.LIMITS,
            Map.of("people", stream),
            leads));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://127.0.0.1:PORT/secret",
        "http://2130706433:PORT/secret",
        "http://[::1]:PORT/secret",
        "http://[::ffff:127.0.0.1]:PORT/secret",
        "http://[64:ff9b::a9fe:a9fe]/latest/meta-data",
        "http://169.254.169.254/latest/meta-data",
        "http://10.1.2.3/",
        "http://172.16.0.1/",
        "http://192.168.1.1/",
        "http://100.100.100.200/latest/meta-data",
        "http://[fd00:ec2::254]/",
        "http://[fe80::1]/",
        "http://0.0.0.0:PORT/secret"
      })
  void isLedToNoPrivateAddress(String where) {
    String to = where.replace("PORT", String.valueOf(server.url().getPort()));
    server.on("/secret", r -> Answer.json("[{\"id\": 1}]"));
    server.on("/moved", r -> Answer.status(302, "text/plain", "").with("Location", to));
    server.on(
        "/linked", r -> Answer.json("[{\"id\": 2}]").with("Link", "<" + to + ">; rel=\"next\""));

    for (String path : List.of("/moved", "/linked")) {
      HttpSettings.Stream stream = HttpFixture.stream(path, "", new Paging.Link(Optional.empty()));
      assertThatThrownBy(() -> landed(byName(HttpSettings.Leads.PUBLIC, stream)))
          .hasMessageContaining("leads to ")
          .hasMessageContaining("connection.redirects: any");
    }
    assertThat(server.requests()).noneMatch(r -> r.path().equals("/secret"));
  }

  @Test
  void isLedToAPrivateAddressIfTheProjectAllowsIt() {
    server.on("/secret", r -> Answer.json("[{\"id\": 1}]"));
    server.on(
        "/moved",
        r -> Answer.status(302, "text/plain", "").with("Location", server.url() + "/secret"));

    assertThat(
            landed(
                byName(
                    HttpSettings.Leads.ANY, HttpFixture.stream("/moved", "", new Paging.None()))))
        .containsExactly(List.of("1", "1", "1"));
  }
}
