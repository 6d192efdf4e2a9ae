package io.ecluse.source.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ecluse.schema.DataType;
import io.ecluse.source.Source;
import io.ecluse.source.http.ApiServer.Answer;
import io.ecluse.source.http.HttpSettings.Auth;
import io.ecluse.source.http.HttpSettings.Paging;
import io.ecluse.staging.BatchManifest;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What stands in an answer. */
class HttpAnswersTest extends HttpSourceFixture {
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
            new HttpSettings.Request("/things", Map.of(), Optional.empty(), Set.of()),
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

  private List<List<String>> names(Answer answer) {
    try (ApiServer one = new ApiServer()) {
      one.on("/things", r -> answer);
      Source source =
          at(
              one.url(),
              new Auth.None(),
              Map.of("people", HttpFixture.stream("/things", "/items", new Paging.None())));
      return rows(extract(source, "x" + System.nanoTime(), "people"), "select name from %s");
    }
  }

  @Test
  void readsAnswersThatArePackedOrInAnotherEncodingOrBeginWithAMark() {
    String body = "{\"items\": [{\"name\": \"Zoë\"}]}";
    List<List<String>> zoe = List.of(List.of("Zoë"));

    assertThat(names(Answer.json(body).with("Content-Encoding", "gzip"))).isEqualTo(zoe);
    assertThat(names(Answer.status(200, "application/json; charset=iso-8859-1", body)))
        .isEqualTo(zoe);
    assertThat(names(Answer.status(200, "application/json; charset=utf-16", body))).isEqualTo(zoe);
    assertThat(names(Answer.json("\ufeff" + body))).isEqualTo(zoe);
  }

  @Test
  void takesNoContentForNoRecords() {
    server.on("/things", r -> Answer.status(204, "application/json", ""));
    HttpSettings.Stream stream = HttpFixture.typed("/things", Map.of("id", DataType.BIGINT));

    assertThat(extract(plain(stream), "x1", "people").rows()).isZero();
  }

  @Test
  void saysWhyAnAnswerThatIsJsonCannotBeRead() {
    answers(
        Answer.json("{\"items\": [{\"name\": " + "[".repeat(900) + "]".repeat(900) + "}]}"),
        "is nested too deeply, or holds a text or a number that is too long");
    answers(
        Answer.json("[\"" + "Zoë".repeat(12 << 20) + "\"]").with("Content-Encoding", "gzip"),
        "longer than 16777216 bytes");
    answers(
        Answer.status(200, "application/json; charset=x-none", "[\"Zoë\"]"),
        "in the encoding x-none, which nobody here knows");
    answers(
        Answer.json("{\"items\": []}").with("Content-Encoding", "br"),
        "is packed as br, which nobody asked for");
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
                          "/things", Map.of("key", "my-key"), Optional.empty(), Set.of()),
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
}
