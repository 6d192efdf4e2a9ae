package io.ecluse.source.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ecluse.error.EcluseException;
import io.ecluse.error.ErrorCode;
import io.ecluse.schema.DataType;
import io.ecluse.source.ExtractRequest;
import io.ecluse.source.Landing;
import io.ecluse.source.SilentListener;
import io.ecluse.source.Source;
import io.ecluse.source.SourceContract;
import io.ecluse.source.http.ApiServer.Answer;
import io.ecluse.source.http.HttpSettings.Auth;
import io.ecluse.source.http.HttpSettings.Paging;
import io.ecluse.staging.BatchManifest;
import io.ecluse.staging.Increment;
import java.net.URI;
import java.nio.file.Files;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class HttpSourceTest extends SourceContract {
  private static final String PASSWORD = "the-password";
  private static final int PAGE = 1_000;

  private final ApiServer server = new ApiServer();
  private final SteppingClock clock = new SteppingClock();

  @AfterEach
  void stop() {
    server.close();
  }

  @Override
  protected Source source() {
    server.on("/api/people", r -> allowed(r, people()));
    server.on("/api/empty", r -> allowed(r, "[]"));
    server.on("/api/marks", r -> allowed(r, marks(r.number("page", 1))));
    return contract(PASSWORD);
  }

  private Source contract(String password) {
    Map<String, HttpSettings.Stream> streams = new LinkedHashMap<>();
    Paging pages = new Paging.Numbered("page", 1, Optional.empty());
    streams.put("marks", HttpFixture.stream("/marks", "/data/items", pages));
    streams.put("people", HttpFixture.stream("people", "", new Paging.None()));
    streams.put("empty", HttpFixture.typed("/empty", Map.of("id", DataType.BIGINT)));
    return at(server.url().resolve("/api/"), new Auth.Header("X-Api-Key", password), streams);
  }

  private static Answer allowed(ApiServer.Request request, String body) {
    return request.header("X-Api-Key").equals(PASSWORD)
        ? Answer.json(body)
        : Answer.status(
            401,
            "application/json",
            "{\"error\": \"unknown key " + request.header("X-Api-Key") + "\"}");
  }

  private static String people() {
    return PEOPLE.stream()
        .map(
            p ->
                "{\"id\": %d, \"name\": %s, \"born\": %s, \"grade\": %s}"
                    .formatted(
                        p.id(),
                        text(p.name()),
                        text(p.born()),
                        p.grade().isEmpty() ? "null" : p.grade()))
        .collect(Collectors.joining(", ", "[", "]"));
  }

  private static String text(String value) {
    return value.isEmpty() ? "null" : "\"" + value.replace("\"", "\\\"") + "\"";
  }

  private static String marks(int page) {
    return IntStream.range((page - 1) * PAGE, Math.min(page * PAGE, MARKS))
        .mapToObj(i -> "{\"id\": %d, \"mark\": \"%s\"}".formatted(i, mark(i)))
        .collect(Collectors.joining(", ", "{\"data\": {\"items\": [", "], \"n\": 1}}"));
  }

  @Override
  protected Source unreachable() {
    return at(
        URI.create("http://127.0.0.1:1/api"),
        new Auth.None(),
        Map.of("people", HttpFixture.stream("/people", "", new Paging.None())));
  }

  @Override
  protected Source refused() {
    source();
    return contract("not-the-password");
  }

  private Source at(URI base, Auth auth, Map<String, HttpSettings.Stream> streams) {
    return of(HttpFixture.settings(base, auth, streams));
  }

  private Source of(HttpSettings settings) {
    Landing.Stage stage = new Landing.Stage(staging(), stage().encoder(), clock);
    return new HttpSource(settings, stage, files(), clock);
  }

  /** A source whose stream people is this, without any secret. */
  private Source plain(HttpSettings.Stream stream) {
    return at(server.url(), new Auth.None(), Map.of("people", stream));
  }

  private Source plain(Paging paging) {
    return plain(HttpFixture.stream("/things", "/items", paging));
  }

  private List<List<String>> landed(Source source) {
    return rows(
        extract(source, "x1", "people"), "select count(*), count(distinct id), max(id) from %s");
  }

  static Stream<Paging> pagings() {
    return Stream.of(
        new Paging.Link(Optional.empty()),
        new Paging.Link(Optional.of("/links/next")),
        new Paging.Cursor("/meta/next", Optional.empty(), "after"),
        new Paging.Numbered("page", 0, Optional.of(new Paging.Size("size", 10))),
        new Paging.Offset("skip", Optional.of(new Paging.Size("limit", 10))));
  }

  /** 25 things, 10 a page, told by all ways at once; pages are counted from 0. */
  private Answer things(ApiServer.Request request) {
    int from =
        Stream.of(
                request.number("skip", 0),
                request.number("after", 0),
                request.number("page", 0) * 10)
            .mapToInt(i -> i)
            .max()
            .orElse(0);
    String next = from + 10 < 25 ? String.valueOf(from + 10) : "";
    String url = next.isEmpty() ? "null" : "\"?skip=" + next + "\"";
    Answer answer =
        Answer.json(
            "{\"meta\": {\"next\": %s}, \"items\": %s, \"links\": {\"next\": %s}}"
                .formatted(
                    next.isEmpty() ? "null" : next,
                    HttpFixture.ids(from, Math.max(from, Math.min(25, from + 10))),
                    url));
    return next.isEmpty()
        ? answer
        : answer.with(
            "Link", "</things?skip=0>; rel=\"first\", </things?skip=" + next + ">; rel=next");
  }

  @ParameterizedTest
  @MethodSource("pagings")
  void readsEveryPageOnce(Paging paging) {
    server.on("/things", this::things);

    assertThat(landed(plain(paging))).containsExactly(List.of("25", "25", "24"));
    assertThat(server.requests()).hasSize(3);
  }

  @Test
  void asksForOneMorePageWhenTheApiGivesFewerThanAskedFor() {
    server.on("/things", this::things);
    Paging paging = new Paging.Numbered("page", 0, Optional.of(new Paging.Size("size", 500)));

    assertThat(landed(plain(paging))).containsExactly(List.of("25", "25", "24"));
    assertThat(server.asked("size")).containsOnly("500");
  }

  @Test
  void keepsEveryDigitAndFindsTypesOverAllPages() {
    server.on(
        "/things",
        r ->
            r.number("after", 0) == 0
                ? Answer.json(
                    "{\"next\": 1, \"items\": [{\"id\": 1, \"n\": 12345678901234567890.123, \"tags\": [1, {\"a\": 2}]}]}")
                : Answer.json("{\"items\": [{\"id\": \"x1\", \"at\": \"2026-01-02T03:04:05Z\"}]}"));

    BatchManifest batch =
        extract(plain(new Paging.Cursor("/next", Optional.empty(), "after")), "x1", "people");

    assertThat(batch.columns().stream().map(c -> c.column().toString()).toList()).hasSize(4);
    assertThat(rows(batch, "select id, n, tags, epoch(\"at\") from %s order by id"))
        .containsExactly(
            List.of("1", "12345678901234567890.123", "[1,{\"a\":2}]", "null"),
            List.of("x1", "null", "null", "1.767323045E9"));
  }

  @Test
  void keepsNumbersThatADoubleCannotHold() {
    server.on(
        "/things",
        r ->
            Answer.json(
                "{\"items\": [{\"x\": 12345678901234567.89, \"n\": 1.10, \"m\": [1.10, 0.1234567890123456789]},"
                    + " {\"x\": 1.5, \"n\": 1e400}, {\"x\": \"2\", \"n\": 99999999999999999999}]}"));
    HttpSettings.Stream stream =
        new HttpSettings.Stream(
            new HttpSettings.Request("/things", Map.of(), Optional.empty()),
            "/items",
            new Paging.None(),
            Optional.empty(),
            List.of(),
            Map.of("x", DataType.decimal(20, 2)));

    BatchManifest batch = extract(plain(stream), "x1", "people");

    assertThat(rows(batch, "select x, n, m, typeof(x) from %s order by x desc"))
        .containsExactly(
            List.of(
                "12345678901234567.89", "1.10", "[1.10,0.1234567890123456789]", "DECIMAL(20,2)"),
            List.of("2.00", "99999999999999999999", "null", "DECIMAL(20,2)"),
            List.of("1.50", "1e400", "null", "DECIMAL(20,2)"));
  }

  private AtomicInteger failingFirst(int times, Answer failure) {
    AtomicInteger asked = new AtomicInteger();
    server.on(
        "/things",
        r ->
            asked.incrementAndGet() <= times
                ? failure
                : Answer.json("{\"items\": " + HttpFixture.ids(0, 5) + "}"));
    return asked;
  }

  @Test
  void waitsAsLongAsTheApiWants() {
    failingFirst(1, Answer.status(429, "text/plain", "slow down").with("Retry-After", "7"));

    assertThat(landed(plain(new Paging.None()))).containsExactly(List.of("5", "5", "4"));
    assertThat(clock.waits()).containsExactly(Duration.ofSeconds(7));
  }

  @Test
  void waitsUntilTheDateThatTheApiNames() {
    failingFirst(
        1,
        Answer.status(503, "text/plain", "").with("Retry-After", "Sun, 01 Mar 2026 10:01:30 GMT"));

    landed(plain(new Paging.None()));

    assertThat(clock.waits()).containsExactly(Duration.ofSeconds(90));
  }

  @Test
  void waitsLongerEachTimeWhenNobodySaysHowLong() {
    failingFirst(3, Answer.status(502, "text/html", "<html><title>Bad gateway</title></html>"));

    landed(plain(new Paging.None()));

    assertThat(clock.waits())
        .containsExactly(Duration.ofSeconds(1), Duration.ofSeconds(2), Duration.ofSeconds(4));
  }

  @Test
  void waitsWhenNoRequestIsLeft() {
    server.on(
        "/things",
        r ->
            things(r)
                .with("X-RateLimit-Remaining", r.number("after", 0) == 10 ? "0" : "1")
                .with("X-RateLimit-Reset", String.valueOf(clock.instant().getEpochSecond() + 40)));

    landed(plain(new Paging.Cursor("/meta/next", Optional.empty(), "after")));

    assertThat(clock.waits()).containsExactly(Duration.ofSeconds(40));
  }

  @Test
  void waitsForNothingThatItDoesNotNeedAndSharesTokensBetweenStreams() {
    AtomicInteger tokens = new AtomicInteger();
    server.on(
        "/token",
        r ->
            Answer.json(
                "{\"access_token\": \"t%d\", \"expires_in\": 36000}"
                    .formatted(tokens.incrementAndGet())));
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

  @Test
  void sendsNoMoreRequestsThanAllowed() {
    server.on("/things", this::things);
    HttpSettings plain =
        HttpFixture.settings(
            server.url(),
            new Auth.None(),
            Map.of(
                "people",
                HttpFixture.stream("/things", "/items", new Paging.Link(Optional.empty()))));
    HttpSettings.Limits slow =
        new HttpSettings.Limits(
            HttpFixture.LIMITS.timeout(),
            3,
            Duration.ofMinutes(5),
            Optional.of(new HttpSettings.Limits.Pace(30, Duration.ofMinutes(1))),
            1 << 20,
            100);

    landed(
        of(
            new HttpSettings(
                plain.name(), plain.base(), plain.auth(), Map.of(), slow, plain.streams())));

    assertThat(clock.waits()).containsExactly(Duration.ofSeconds(2), Duration.ofSeconds(2));
  }

  @Test
  void givesUpAndSaysWhatTheApiSaid() {
    AtomicInteger asked =
        failingFirst(
            99, Answer.status(500, "application/json", "{\"message\": \"out of cheese\"}"));

    assertThatThrownBy(() -> landed(plain(new Paging.None())))
        .hasMessageContaining("/things answered 500 (“out of cheese”)")
        .extracting(e -> ((EcluseException) e).code())
        .isEqualTo(ErrorCode.SOURCE_LOST);
    assertThat(asked).hasValue(4);
    assertThat(staging().list("school", "people")).isEmpty();
  }

  @Test
  void doesNotWaitForHours() {
    failingFirst(9, Answer.status(429, "text/plain", "").with("Retry-After", "7200"));

    assertThatThrownBy(() -> landed(plain(new Paging.None())))
        .hasMessageContaining("7200 s")
        .hasMessageContaining("extract.max_wait");
    assertThat(clock.waits()).isEmpty();
  }

  @Test
  void readsAPageAgainWhoseConnectionBroke() {
    failingFirst(2, Answer.json("{\"items\": " + HttpFixture.ids(0, 5_000) + "}").cut());

    assertThat(landed(plain(new Paging.None()))).containsExactly(List.of("5", "5", "4"));
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
    AtomicInteger tokens = new AtomicInteger();
    server.on(
        "/token",
        r ->
            Answer.json(
                "{\"access_token\": \"t%d\", \"expires_in\": 3600}"
                    .formatted(tokens.incrementAndGet())));
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
    AtomicInteger tokens = new AtomicInteger();
    server.on(
        "/token",
        r ->
            Answer.json(
                "{\"access_token\": \"t%d\", \"expires_in\": 100}"
                    .formatted(tokens.incrementAndGet())));
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

  @Test
  void noticesPagesThatGoInACircle() {
    server.on(
        "/things",
        r ->
            Answer.json(
                "{\"items\": %s, \"next\": \"%s\"}"
                    .formatted(HttpFixture.ids(0, 1), r.param("after").equals("a") ? "b" : "a")));

    assertThatThrownBy(() -> landed(plain(new Paging.Cursor("/next", Optional.empty(), "after"))))
        .hasMessageContaining("in a circle");
  }

  @Test
  void noticesAnApiThatGivesTheSamePageForEver() {
    server.on("/things", r -> Answer.json("{\"items\": " + HttpFixture.ids(0, 3) + "}"));

    assertThatThrownBy(() -> landed(plain(new Paging.Numbered("p", 1, Optional.empty()))))
        .hasMessageContaining("page 2 of stream people is the same as the one before");
    assertThat(staging().list("school", "people")).isEmpty();
  }

  @Test
  void endsAStreamThatDoesNot() {
    AtomicInteger n = new AtomicInteger();
    server.on(
        "/things",
        r ->
            Answer.json(
                "{\"items\": %s, \"next\": %d}"
                    .formatted(HttpFixture.ids(0, 1), n.incrementAndGet())));

    assertThatThrownBy(() -> landed(plain(new Paging.Cursor("/next", Optional.empty(), "after"))))
        .hasMessageContaining("more than 40 pages")
        .hasMessageContaining("extract.max_pages");
    assertThat(n).hasValue(40);
  }

  private void answers(Answer answer, String message) {
    try (ApiServer one = new ApiServer()) {
      one.on("/things", r -> answer);
      Source source =
          at(
              one.url(),
              new Auth.None(),
              Map.of(
                  "people",
                  new HttpSettings.Stream(
                      new HttpSettings.Request(
                          "/things", Map.of("key", "my-key"), Optional.empty()),
                      "/items",
                      new Paging.None(),
                      Optional.empty(),
                      List.of(),
                      Map.of())));
      assertThatThrownBy(() -> landed(source))
          .hasMessageContaining(message)
          .hasMessageContaining("/things?…")
          .hasMessageNotContaining("my-key")
          .hasMessageNotContaining("Zoë");
    }
  }

  @Test
  void saysWhatIsWrongWithAnAnswerButNotWhatStandsThere() {
    answers(
        Answer.json("{\"items\": [{\"name\": \"Zoë\", }]}"), "is not JSON at line 1, column 29");
    answers(Answer.json("{\"items\": [{\"name\": \"Zoë\"}"), "is not JSON");
    answers(Answer.json(""), "is empty");
    answers(
        Answer.json("{\"items\": {\"name\": \"Zoë\"}}"), "has no list at /items; there is none");
    answers(
        Answer.json("{\"data\": {\"people\": [{\"tags\": [\"Zoë\"]}]}}"),
        "there are lists at '/data/people': name one");
    answers(Answer.json("{\"items\": [{\"id\": 1}, \"Zoë\"]}"), "record 2 in the answer");
    answers(
        Answer.status(200, "text/html", "<!DOCTYPE html><title>Sign in</title><p>Zoë"),
        "is a web page (“Sign in”), not JSON");
    answers(Answer.status(404, "text/html", "<title>Nothing</title>"), "answered 404 (“Nothing”)");
    answers(Answer.json("[\"" + "Zoë".repeat(6 << 20) + "\"]"), "longer than 16777216 bytes");
  }

  private HttpSettings.Stream changes(Optional<String> lookBack) {
    return new HttpSettings.Stream(
        new HttpSettings.Request("/things", Map.of("order", "id"), Optional.empty()),
        "",
        new Paging.None(),
        Optional.of(new HttpSettings.Since("changed", "since", lookBack)),
        List.of("id"),
        Map.of());
  }

  private static Optional<String> seen(BatchManifest batch) {
    return batch.increment().flatMap(Increment::to);
  }

  @Test
  void asksForWhatIsNewSinceTheHighestValueSeen() {
    server.on(
        "/things",
        r ->
            Answer.json(
                switch (r.param("since")) {
                  case "" ->
                      "[{\"id\": 1, \"changed\": \"2026-01-02T00:00:00Z\"}, {\"id\": 2, \"changed\": \"2026-01-01T23:30:00-01:00\"}]";
                  case "2026-01-01T23:30:00-01:00" ->
                      "[{\"id\": 3, \"changed\": \"2026-02-01T00:00:00Z\"}]";
                  default -> "[]";
                }));
    Source source = plain(changes(Optional.empty()));

    BatchManifest first = extract(source, "x1", "people");
    BatchManifest second = extract(source, "x2", "people");
    BatchManifest third = extract(source, "x3", "people");

    assertThat(seen(first)).hasValue("2026-01-01T23:30:00-01:00");
    assertThat(first.isWhole()).isTrue();
    assertThat(second.rows()).isEqualTo(1);
    assertThat(second.primaryKey()).containsExactly("id");
    assertThat(second.increment().flatMap(Increment::previous)).hasValue("x1");
    assertThat(third.rows()).isZero();
    assertThat(third.columns()).isEqualTo(first.columns());
    assertThat(seen(third)).hasValue("2026-02-01T00:00:00Z");
    assertThat(server.asked("since"))
        .containsExactly("", "2026-01-01T23:30:00-01:00", "2026-02-01T00:00:00Z");
  }

  @Test
  void looksBackAndReadsEverythingWhenAskedTo() {
    server.on("/things", r -> Answer.json("[{\"id\": 1, \"changed\": \"2026-01-02T00:00:00Z\"}]"));
    Source source = plain(changes(Optional.of("PT1H")));
    extract(source, "x1", "people");
    extract(source, "x2", "people");

    extract(
        source, new ExtractRequest("x3", "run", List.of("people"), ExtractRequest.Reading.WHOLE));

    assertThat(server.asked("since")).containsExactly("", "2026-01-01T23:00:00Z", "");
  }

  @Test
  void readsAllAgainWhenAColumnHasChanged() {
    server.on(
        "/things",
        r ->
            Answer.json(
                server.requests().size() == 1
                    ? "[{\"id\": 1, \"changed\": 10}]"
                    : "[{\"id\": 1, \"changed\": 11, \"new\": true}]"));
    Source source = plain(changes(Optional.of("5")));
    extract(source, "x1", "people");

    BatchManifest second = extract(source, "x2", "people");

    assertThat(second.isWhole()).isTrue();
    assertThat(second.columns()).hasSize(3);
    assertThat(server.asked("since")).containsExactly("", "5", "");
  }

  @Test
  void leavesNoPageBehind() throws Exception {
    extract(source(), "x1", "people");

    try (Stream<java.nio.file.Path> files =
        Files.list(folder.resolve("staging/school/people/x1"))) {
      assertThat(files.map(f -> f.getFileName().toString()).toList())
          .containsExactlyInAnyOrder("manifest.json", "part-00000.parquet");
    }
  }
}
