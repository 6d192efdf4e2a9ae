package io.ecluse.source.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ecluse.schema.RowsWanted;
import io.ecluse.source.ExtractRequest;
import io.ecluse.source.Source;
import io.ecluse.source.http.ApiServer.Answer;
import io.ecluse.source.http.HttpSettings.Paging;
import io.ecluse.staging.BatchManifest;
import io.ecluse.staging.Increment;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What is new in an API since the batch before. */
class HttpIncrementsTest extends HttpSourceFixture {
  private HttpSettings.Stream changes(Optional<String> lookBack) {
    return new HttpSettings.Stream(
        new HttpSettings.Request("/things", Map.of("order", "id"), Optional.empty(), Set.of()),
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

    extract(source, new ExtractRequest("x3", "run", List.of("people"), RowsWanted.WHOLE));

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

  /** Two pages, the second of which repeats records of the first. */
  private Source repeating(Optional<HttpSettings.Since> since, String first, String second) {
    server.on(
        "/things",
        r ->
            Answer.json(
                switch (r.number("page", 1)) {
                  case 1 -> "[" + first + "]";
                  case 2 -> "[" + second + "]";
                  default -> "[]";
                }));
    return plain(
        new HttpSettings.Stream(
            new HttpSettings.Request("/things", Map.of(), Optional.empty(), Set.of()),
            "",
            new Paging.Numbered("page", 1, Optional.empty(), HttpFixture.EMPTY_PAGE),
            since,
            List.of("id"),
            Map.of()));
  }

  private static final Optional<HttpSettings.Since> BY_CHANGE =
      Optional.of(new HttpSettings.Since("changed", "since", Optional.empty()));

  @Test
  void keepsTheNewestOfARecordThatChangedBetweenPages() {
    Source source =
        repeating(
            BY_CHANGE,
            "{\"id\": 1, \"n\": 1, \"changed\": \"2026-01-01T10:00:00Z\"}, {\"id\": 2, \"n\": 9, \"changed\": \"2026-01-01T12:00:00+01:00\"}, {\"id\": 3, \"n\": 1, \"changed\": \"2026-01-01T09:00:00Z\"}",
            "{\"id\": 2, \"n\": 1, \"changed\": \"2026-01-01T10:30:00Z\"}, {\"id\": 1, \"n\": 2, \"changed\": \"2026-01-01T11:00:00Z\"}, {\"id\": 3, \"n\": 1, \"changed\": \"2026-01-01T09:00:00Z\"}");

    assertThat(rows(extract(source, "x1", "people"), "select id, n from %s order by id"))
        .containsExactly(List.of("1", "2"), List.of("2", "9"), List.of("3", "1"));
  }

  @Test
  void keepsTheRecordOfTheLaterPageWhereNothingTellsWhichIsNewer() {
    Source source =
        repeating(
            Optional.empty(),
            "{\"id\": 1, \"n\": 5}, {\"id\": 2, \"n\": 1}",
            "{\"id\": 1, \"n\": 2}, {\"id\": 4, \"n\": 1}");

    assertThat(rows(extract(source, "x1", "people"), "select id, n from %s order by id"))
        .containsExactly(List.of("1", "2"), List.of("2", "1"), List.of("4", "1"));
  }

  @Test
  void refusesARecordThatCameTwiceWithTheSameCursorAndOtherValues() {
    Source source =
        repeating(
            BY_CHANGE,
            "{\"id\": 1, \"n\": 0.10000000000000000001, \"changed\": 7}",
            "{\"id\": 1, \"n\": 0.10000000000000000002, \"changed\": 7}");

    assertThatThrownBy(() -> extract(source, "x1", "people"))
        .hasMessageContaining("came twice with the same id and the same changed, but other values")
        .hasMessageContaining("ecluse extract school people --full");
    assertThat(staging().list("school", "people")).isEmpty();
  }
}
