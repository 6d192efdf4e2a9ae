package io.ecluse.source.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.ecluse.source.ExtractRequest;
import io.ecluse.source.Source;
import io.ecluse.source.http.ApiServer.Answer;
import io.ecluse.source.http.HttpSettings.Paging;
import io.ecluse.staging.BatchManifest;
import io.ecluse.staging.Increment;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What is new in an API since the batch before. */
class HttpIncrementsTest extends HttpSourceFixture {
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
}
