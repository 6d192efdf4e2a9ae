package io.ecluse.source.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ecluse.source.http.ApiServer.Answer;
import io.ecluse.source.http.HttpSettings.Paging;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Page after page, and where that ends. */
class HttpPagingTest extends HttpSourceFixture {
  static Stream<Paging> pagings() {
    return Stream.of(
        new Paging.Link(Optional.empty()),
        new Paging.Link(Optional.of("/links/next")),
        new Paging.Cursor("/meta/next", Optional.empty(), "after"),
        new Paging.Numbered(
            "page", 0, Optional.of(new Paging.Size("size", 10)), HttpFixture.EMPTY_PAGE),
        new Paging.Offset(
            "skip", Optional.of(new Paging.Size("limit", 10)), HttpFixture.EMPTY_PAGE));
  }

  @ParameterizedTest
  @MethodSource("pagings")
  void readsEveryPageOnce(Paging paging) {
    server.on("/things", this::things);

    assertThat(landed(plain(paging))).containsExactly(List.of("25", "25", "24"));
    boolean counted = paging instanceof Paging.Numbered || paging instanceof Paging.Offset;
    assertThat(server.requests())
        .as("of pages that are counted, an empty one is the last")
        .hasSize(counted ? 4 : 3);
  }

  private static Paging.End end(String more, String total, Paging.ShortPage shortPage) {
    return new Paging.End(
        Optional.of(more).filter(m -> !m.isEmpty()),
        Optional.of(total).filter(t -> !t.isEmpty()),
        shortPage);
  }

  /** 30 things, 10 a page, of which the API leaves out some: all of the third page but one. */
  private static Answer filtered(ApiServer.Request request, String told) {
    int page = request.number("page", 1);
    String items =
        switch (page) {
          case 1 -> HttpFixture.ids(0, 7);
          case 2 -> "[]";
          case 3 -> HttpFixture.ids(20, 21);
          default -> "[]";
        };
    return Answer.json(
        "{\"items\": %s, %s}".formatted(items, told.replace("PAGE", page < 3 ? "true" : "false")));
  }

  @Test
  void readsOnAfterAPageFromWhichTheApiLeftRecordsOut() {
    server.on(
        "/things",
        r ->
            Answer.json(
                "{\"items\": "
                    + switch (r.number("page", 1)) {
                      case 1 -> HttpFixture.ids(0, 10);
                      case 2 -> HttpFixture.ids(10, 13);
                      case 3 -> HttpFixture.ids(20, 30);
                      default -> "[]";
                    }
                    + "}"));

    assertThat(
            landed(plain(new Paging.Numbered("page", 1, Optional.empty(), HttpFixture.EMPTY_PAGE))))
        .containsExactly(List.of("23", "23", "29"));
    assertThat(
            rows(
                extract(
                    plain(
                        new Paging.Numbered(
                            "page", 1, Optional.empty(), end("", "", Paging.ShortPage.IS_LAST))),
                    "x2",
                    "people"),
                "select count(*) from %s"))
        .as("a short page is the last if the project says so")
        .containsExactly(List.of("13"));
  }

  @Test
  void readsOnAfterAnEmptyPageWhileTheApiSaysThatMoreFollows() {
    server.on("/things", r -> filtered(r, "\"more\": PAGE"));

    assertThat(
            landed(
                plain(
                    new Paging.Numbered(
                        "page", 1, Optional.empty(), end("/more", "", Paging.ShortPage.GOES_ON)))))
        .containsExactly(List.of("8", "8", "20"));
    assertThat(server.requests()).hasSize(3);
  }

  @Test
  void readsAsManyPagesAsTheTotalMakes() {
    server.on("/things", r -> filtered(r, "\"meta\": {\"total\": 30}"));

    assertThat(
            landed(
                plain(
                    new Paging.Numbered(
                        "page",
                        1,
                        Optional.of(new Paging.Size("size", 10)),
                        end("", "/meta/total", Paging.ShortPage.GOES_ON)))))
        .containsExactly(List.of("8", "8", "20"));
    assertThat(server.requests()).hasSize(3);
  }

  @Test
  void saysWhenAPageDoesNotTellWhatItShould() {
    server.on("/things", r -> filtered(r, "\"meta\": {}"));

    assertThatThrownBy(
            () ->
                landed(
                    plain(
                        new Paging.Offset(
                            "skip",
                            Optional.empty(),
                            end("", "/meta/total", Paging.ShortPage.GOES_ON)))))
        .hasMessageContaining(
            "page 1 of stream people does not say how many there are at /meta/total");
  }

  @Test
  void asksForOneMorePageWhenTheApiGivesFewerThanAskedFor() {
    server.on("/things", this::things);
    Paging paging =
        new Paging.Numbered(
            "page", 0, Optional.of(new Paging.Size("size", 500)), HttpFixture.EMPTY_PAGE);

    assertThat(landed(plain(paging))).containsExactly(List.of("25", "25", "24"));
    assertThat(server.asked("size")).containsOnly("500");
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

    assertThatThrownBy(
            () ->
                landed(
                    plain(new Paging.Numbered("p", 1, Optional.empty(), HttpFixture.EMPTY_PAGE))))
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
}
