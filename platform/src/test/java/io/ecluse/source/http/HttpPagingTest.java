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
        new Paging.Numbered("page", 0, Optional.of(new Paging.Size("size", 10))),
        new Paging.Offset("skip", Optional.of(new Paging.Size("limit", 10))));
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
}
