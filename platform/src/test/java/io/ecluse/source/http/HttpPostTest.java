package io.ecluse.source.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ecluse.error.EcluseException;
import io.ecluse.error.ErrorCode;
import io.ecluse.source.Source;
import io.ecluse.source.http.ApiServer.Answer;
import io.ecluse.source.http.HttpSettings.Auth;
import io.ecluse.source.http.HttpSettings.Paging;
import io.ecluse.staging.BatchManifest;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** APIs that are asked by POST: searches and GraphQL. */
class HttpPostTest extends HttpSourceFixture {
  private static final String QUERY =
      "{\"query\": \"query($after: String) { people(after: $after) { nodes { id } } }\", \"variables\": {\"first\": 10}}";
  private static final Paging RELAY =
      new Paging.Cursor(
          "/data/people/pageInfo/endCursor",
          Optional.of("/data/people/pageInfo/hasNextPage"),
          "/variables/after");

  private static HttpSettings.Stream posts(
      String path, String body, String records, Paging paging) {
    return new HttpSettings.Stream(
        new HttpSettings.Request(path, Map.of("tenant", "3"), Optional.of(body), Set.of()),
        records,
        paging,
        Optional.empty(),
        List.of(),
        Map.of());
  }

  private static HttpSettings.Stream graphQl(Paging paging) {
    return posts("/graphql", QUERY, "/data/people/nodes", paging);
  }

  private static JsonNode body(ApiServer.Request request) {
    return JsonMapper.shared().readTree(request.body());
  }

  /** 25 people, 10 a page; the last page has a cursor, too. */
  private static Answer people(ApiServer.Request request) {
    int from =
        body(request)
            .at("/variables/after")
            .asString("c0")
            .substring(1)
            .transform(Integer::parseInt);
    int to = Math.min(25, from + 10);
    return Answer.json(
        "{\"data\": {\"people\": {\"nodes\": %s, \"pageInfo\": {\"endCursor\": \"c%d\", \"hasNextPage\": %b}}}}"
            .formatted(HttpFixture.ids(from, to), to, to < 25));
  }

  @Test
  void readsEveryPageOfAGraphQlConnection() {
    server.on("/graphql", HttpPostTest::people);

    assertThat(landed(plain(graphQl(RELAY)))).containsExactly(List.of("25", "25", "24"));
    assertThat(server.requests()).hasSize(3);
    assertThat(server.requests())
        .allSatisfy(
            r -> {
              assertThat(r.method()).isEqualTo("POST");
              assertThat(r.header("Content-Type")).isEqualTo("application/json");
              assertThat(r.param("tenant")).isEqualTo("3");
              assertThat(body(r).at("/query").asString()).startsWith("query($after");
              assertThat(body(r).at("/variables/first").asInt()).isEqualTo(10);
            });
    assertThat(server.requests().stream().map(r -> body(r).at("/variables/after").asString("none")))
        .containsExactly("none", "c10", "c20");
  }

  @Test
  void saysThatMoreFollowsButNothingLeadsThere() {
    server.on(
        "/graphql",
        r ->
            Answer.json(
                "{\"data\": {\"people\": {\"nodes\": [], \"pageInfo\": {\"endCursor\": null, \"hasNextPage\": true}}}}"));

    assertThatThrownBy(() -> landed(plain(graphQl(RELAY))))
        .hasMessageContaining("more follows, but nothing at /data/people/pageInfo/endCursor");
  }

  @Test
  void noticesPagesThatGoInACircle() {
    server.on(
        "/graphql",
        r ->
            Answer.json(
                "{\"data\": {\"people\": {\"nodes\": [{\"id\": 1}], \"pageInfo\": {\"endCursor\": \"c\", \"hasNextPage\": true}}}}"));

    assertThatThrownBy(() -> landed(plain(graphQl(RELAY)))).hasMessageContaining("in a circle");
    assertThat(server.requests()).hasSize(2);
  }

  @Test
  void pagesASearchByNumbersInItsBody() {
    server.on(
        "/search",
        r -> {
          int from = body(r).at("/range/from").asInt();
          return Answer.json(
              "{\"hits\": " + HttpFixture.ids(from, Math.max(from, Math.min(25, from + 10))) + "}");
        });
    Paging paging =
        new Paging.Offset(
            "/range/from", Optional.of(new Paging.Size("/range/a~1b", 10)), HttpFixture.EMPTY_PAGE);

    assertThat(landed(plain(posts("/search", "{}", "/hits", paging))))
        .containsExactly(List.of("25", "25", "24"));
    assertThat(server.requests().stream().map(ApiServer.Request::body))
        .containsExactly(
            "{\"range\":{\"from\":0,\"a/b\":10}}",
            "{\"range\":{\"from\":10,\"a/b\":10}}",
            "{\"range\":{\"from\":20,\"a/b\":10}}",
            "{\"range\":{\"from\":25,\"a/b\":10}}");
  }

  @Test
  void asksForWhatIsNewWithANumberOrATextAsTheColumnIs() {
    server.on(
        "/search",
        r ->
            Answer.json(
                body(r).at("/since").isMissingNode()
                    ? "[{\"id\": 1, \"changed\": 10, \"at\": \"2026-01-02T00:00:00Z\"}]"
                    : "[]"));
    Source byNumber = plain(increment("changed", "/since"));
    extract(byNumber, "x1", "people");
    BatchManifest second = extract(byNumber, "x2", "people");
    Source byTime = plain(increment("at", "/since"));
    extract(byTime, "x3", "people");
    extract(byTime, "x4", "people");

    assertThat(second.rows()).isZero();
    assertThat(second.isWhole()).isFalse();
    assertThat(server.requests().stream().map(ApiServer.Request::body))
        .containsExactly(
            "{\"order\":[\"id\"]}",
            "{\"order\":[\"id\"],\"since\":10}",
            "{\"order\":[\"id\"]}",
            "{\"order\":[\"id\"],\"since\":\"2026-01-02T00:00:00Z\"}");
  }

  private static HttpSettings.Stream increment(String cursor, String since) {
    return new HttpSettings.Stream(
        new HttpSettings.Request(
            "/search", Map.of(), Optional.of("{\"order\": [\"id\"]}"), Set.of()),
        "",
        new Paging.None(),
        Optional.of(new HttpSettings.Since(cursor, since, Optional.empty())),
        List.of("id"),
        Map.of());
  }

  private void assertRefused(String answer, String why) {
    try (ApiServer one = new ApiServer()) {
      one.on("/graphql", r -> Answer.json(answer));
      assertThatThrownBy(
              () ->
                  landed(
                      at(
                          one.url(),
                          new Auth.Header("Authorization", "Bearer the-token"),
                          Map.of("people", graphQl(RELAY)))))
          .hasMessageContaining("/graphql?… answered with errors instead of data")
          .hasMessageContaining(why)
          .hasMessageNotContaining("Zoë")
          .hasMessageNotContaining("the-token")
          .extracting(e -> ((EcluseException) e).code())
          .isEqualTo(ErrorCode.SOURCE_REFUSED);
      assertThat(staging().list("school", "people")).isEmpty();
    }
  }

  @Test
  void saysWhatGraphQlSaysButNotWhatStandsThere() {
    assertRefused(
        "{\"errors\": [{\"message\": \"No field idd on Person, the-token\", \"locations\": []}]}",
        "/errors/0: “No field idd on Person, ***”");
    assertRefused(
        "{\"data\": {\"people\": {\"nodes\": [{\"id\": 1}, null]}}, \"errors\": [{\"message\": \"Zoë has no name\", \"path\": [\"people\", \"nodes\", 1, \"Zoë\"], \"extensions\": {\"code\": \"NOT_FOUND\"}}, {}]}",
        "/errors/0: at people.nodes.1.…, code NOT_FOUND");
    assertRefused("{\"data\": null, \"errors\": [{}]}", "(/errors/0)");
  }

  @Test
  void takesAnEmptyListOfErrorsForNone() {
    server.on(
        "/graphql",
        r -> Answer.json("{\"errors\": [], \"data\": {\"people\": {\"nodes\": [{\"id\": 7}]}}}"));

    assertThat(landed(plain(graphQl(new Paging.None())))).containsExactly(List.of("1", "1", "7"));
  }

  @Test
  void asksAgainWithTheSameBody() {
    server.on(
        "/graphql",
        r ->
            server.requests().size() == 1
                ? Answer.status(503, "text/plain", "")
                : server.requests().size() == 2 ? people(r).cut() : people(r));

    landed(plain(graphQl(new Paging.None())));

    assertThat(server.requests()).hasSize(3);
    assertThat(server.requests().stream().map(ApiServer.Request::body).distinct()).hasSize(1);
    assertThat(clock.waits()).containsExactly(Duration.ofSeconds(1), Duration.ofSeconds(2));
  }

  @ParameterizedTest
  @ValueSource(ints = {307, 308})
  void followsARedirectionThatKeepsThePost(int status) {
    server.on("/old", r -> Answer.status(status, "text/plain", "").with("Location", "/graphql"));
    server.on("/graphql", HttpPostTest::people);
    HttpSettings.Stream stream = posts("/old", QUERY, "/data/people/nodes", new Paging.None());

    assertThat(landed(plain(stream))).containsExactly(List.of("10", "10", "9"));
    assertThat(server.requests()).extracting(ApiServer.Request::method).containsOnly("POST");
    assertThat(server.requests())
        .extracting(r -> body(r))
        .containsOnly(body(server.requests().get(0)));
  }

  @ParameterizedTest
  @ValueSource(ints = {301, 302, 303})
  void followsNoRedirectionThatDropsThePost(int status) {
    server.on(
        "/old", r -> Answer.status(status, "text/plain", "").with("Location", "/graphql?key=k"));
    HttpSettings.Stream stream = posts("/old", QUERY, "/data/people/nodes", new Paging.None());

    assertThatThrownBy(() -> landed(plain(stream)))
        .hasMessageContaining("answered " + status + " to a POST, which asks for a GET of")
        .hasMessageContaining("/graphql?…")
        .hasMessageContaining("correct connection.url or the stream's path")
        .extracting(e -> ((EcluseException) e).code())
        .isEqualTo(ErrorCode.SOURCE_REFUSED);
    assertThat(server.requests()).hasSize(1);
  }

  @Test
  void sendsItsBodyToNoOtherHost() {
    try (ApiServer other = new ApiServer()) {
      server.on(
          "/moved", r -> Answer.status(307, "text/plain", "").with("Location", other.url() + "/x"));
      server.on(
          "/linked",
          r -> Answer.json("[{\"id\": 1}]").with("Link", "<" + other.url() + "/x>; rel=next"));
      for (String path : List.of("/moved", "/linked")) {
        HttpSettings.Stream stream = posts(path, QUERY, "", new Paging.Link(Optional.empty()));

        assertThatThrownBy(() -> landed(plain(stream)))
            .hasMessageContaining("the body of a POST is sent to 127.0.0.1 only");
      }
      assertThat(other.requests()).isEmpty();
    }
  }
}
