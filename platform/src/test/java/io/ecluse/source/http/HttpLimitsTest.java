package io.ecluse.source.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ecluse.error.EcluseException;
import io.ecluse.error.ErrorCode;
import io.ecluse.source.http.ApiServer.Answer;
import io.ecluse.source.http.HttpSettings.Auth;
import io.ecluse.source.http.HttpSettings.Paging;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** How fast an API is asked, and how often again. */
class HttpLimitsTest extends HttpSourceFixture {
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
                plain.name(),
                plain.base(),
                plain.auth(),
                Map.of(),
                slow,
                plain.streams(),
                HttpSettings.Leads.PUBLIC)));

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
}
