package io.ecluse.source.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ecluse.source.Finding;
import io.ecluse.source.Finding.State;
import io.ecluse.source.Findings;
import io.ecluse.source.SourceInspection.WantedStream;
import io.ecluse.source.http.ApiServer.Answer;
import io.ecluse.source.http.HttpSettings.Auth;
import io.ecluse.source.http.HttpSettings.Paging;
import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HttpInspectionTest {
  private static final String KEY = "the-secret-key";
  private static final Paging PAGES =
      new Paging.Numbered(
          "page",
          1,
          Optional.empty(),
          new Paging.End(Optional.empty(), Optional.empty(), Paging.ShortPage.IS_LAST));

  @TempDir Path folder;
  private final ApiServer server = new ApiServer();

  @AfterEach
  void stop() {
    server.close();
  }

  private HttpInspection inspection(URI base, Auth auth, Map<String, HttpSettings.Stream> streams) {
    return new HttpInspection(
        HttpFixture.settings(base, auth, streams).impatient(),
        Findings.decoder(folder),
        folder,
        Clock.systemUTC());
  }

  private Findings check(HttpInspection inspection, WantedStream... wanted) {
    Findings findings = Findings.of(inspection, wanted);
    assertThat(findings.toString()).doesNotContain(KEY);
    return findings;
  }

  private Findings check(HttpSettings.Stream stream, WantedStream... wanted) {
    return check(
        inspection(server.url(), new Auth.Header("X-Api-Key", KEY), Map.of("rooms", stream)),
        wanted);
  }

  @Test
  void asksForTwoPagesAndTellsWhatTheApiSays() {
    server.on(
        "/rooms",
        r ->
            Answer.json(r.number("page", 0) > 2 ? "[]" : HttpFixture.ids(r.number("page", 0), 9))
                .with("X-RateLimit-Limit", "60")
                .with("X-RateLimit-Remaining", "57"));

    Findings findings =
        check(
            HttpFixture.stream("/rooms", "", PAGES),
            new WantedStream("rooms", List.of("id"), Optional.empty()));

    assertThat(findings.all()).extracting(Finding::state).containsOnly(State.OK);
    assertThat(findings.of("address", State.OK)).contains(server.url() + " answers");
    assertThat(findings.of("auth", State.OK)).contains("the header X-Api-Key says is accepted");
    assertThat(findings.of("page", State.OK)).contains("rooms: 8 records on the first page");
    assertThat(findings.of("rate_limit", State.OK))
        .contains("X-RateLimit-Limit 60, X-RateLimit-Remaining 57");
    assertThat(findings.of("paging", State.OK))
        .contains("rooms: the second page has 7 records, and is the last");
    assertThat(findings.of("columns", State.OK)).contains("rooms: 1 in these pages");
    assertThat(server.asked("page")).containsExactly("1", "2");
  }

  @Test
  void saysThatASecretIsRefusedWithoutShowingIt() {
    server.on(
        "/rooms", r -> Answer.status(401, "text/plain", "unknown key " + r.header("X-Api-Key")));

    assertThat(check(HttpFixture.stream("/rooms", "", new Paging.None())).of("auth", State.PROBLEM))
        .contains("answered 401 (“unknown key ***”)")
        .contains("ecluse secret NAME");
    assertThat(server.requests()).as("nothing is tried again").hasSize(1);
  }

  @Test
  void saysThatNobodyAnswersAndEndsThere() {
    HttpSettings.Stream rooms = HttpFixture.stream("/rooms", "", new Paging.None());
    Findings findings =
        check(
            inspection(
                URI.create("http://127.0.0.1:1"),
                new Auth.None(),
                Map.of("rooms", rooms, "halls", rooms)));

    assertThat(findings.all()).hasSize(1);
    assertThat(findings.of("address", State.UNREACHABLE))
        .contains("nothing answers at 127.0.0.1:1")
        .contains("correct connection.url in sources/school.yaml");
  }

  @Test
  void noticesPagesThatTheFileDoesNotSay() {
    server.on(
        "/rooms",
        r -> Answer.json(HttpFixture.ids(0, 3)).with("Link", "</rooms?page=2>; rel=\"next\""));

    assertThat(
            check(HttpFixture.stream("/rooms", "", new Paging.None())).of("paging", State.PROBLEM))
        .contains("only the first 3 records would be read")
        .contains("paging: { kind: link }");
  }

  @Test
  void noticesPagingThatTheApiDoesNotKnow() {
    server.on("/rooms", r -> Answer.json(HttpFixture.ids(0, 3)));

    assertThat(check(HttpFixture.stream("/rooms", "", PAGES)).of("paging", State.PROBLEM))
        .contains("page 2 of stream rooms is the same as the one before");
    assertThat(
            check(HttpFixture.stream("/rooms", "", new Paging.Link(Optional.of("/links/next"))))
                .of("paging", State.NOTE))
        .contains("leads to no other");
  }

  @Test
  void leavesAnApiAloneThatWantsToBe() {
    server.on(
        "/rooms",
        r ->
            Answer.json(HttpFixture.ids(0, 3))
                .with("X-RateLimit-Remaining", "0")
                .with("X-RateLimit-Reset", "90"));

    assertThat(check(HttpFixture.stream("/rooms", "", PAGES)).of("rate_limit", State.NOTE))
        .contains("nothing more may be asked for 90 s")
        .contains("extract.max_requests");
    assertThat(server.requests()).hasSize(1);
  }

  @Test
  void saysWhereTheRecordsAreAndWhichColumnsAreMissing() {
    server.on("/rooms", r -> Answer.json("{\"data\": " + HttpFixture.ids(0, 3) + "}"));

    assertThat(check(HttpFixture.stream("/rooms", "", new Paging.None())).of("page", State.PROBLEM))
        .contains("there are lists at '/data'")
        .contains("correct records and paging of stream rooms");
    assertThat(
            check(
                    HttpFixture.stream("/rooms", "/data", new Paging.None()),
                    new WantedStream("rooms", List.of("code"), Optional.of("updated_at")))
                .of("columns", State.PROBLEM))
        .contains("there is no code, updated_at")
        .contains("there are id");
  }

  @Test
  void asksByPostAndSaysWhatGraphQlSays() {
    server.on(
        "/rooms",
        r ->
            r.body().contains("secret-word")
                ? Answer.json(
                    r.body().contains("\"after\":2")
                        ? "{\"items\": %s}".formatted(HttpFixture.ids(3, 5))
                        : "{\"next\": 2, \"items\": %s}".formatted(HttpFixture.ids(0, 3)))
                : Answer.json("{\"errors\": [{\"message\": \"no query\"}]}"));

    assertThat(check(rooms("{\"q\": \"secret-word\"}")).of("paging", State.OK))
        .contains("rooms: the second page has 2 records, and is the last");
    Findings findings = check(rooms("{\"q\": \"the-other\"}"));
    assertThat(findings.of("auth", State.PROBLEM))
        .contains("answered with errors instead of data (/errors/0: “no query”)")
        .contains("correct path, params and body of stream rooms")
        .doesNotContain("the-other");
  }

  private static HttpSettings.Stream rooms(String body) {
    return new HttpSettings.Stream(
        new HttpSettings.Request("/rooms", Map.of(), Optional.of(body), Set.of()),
        "/items",
        new Paging.Cursor("/next", Optional.empty(), "/after"),
        Optional.empty(),
        List.of(),
        Map.of());
  }

  @Test
  void cannotDiscover() {
    assertThatThrownBy(
            () ->
                inspection(server.url(), new Auth.None(), Map.of())
                    .discover((what, done, total) -> {}))
        .hasMessageContaining("name paths under streams");
  }
}
