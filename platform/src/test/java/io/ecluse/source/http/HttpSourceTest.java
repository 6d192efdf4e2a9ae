package io.ecluse.source.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.ecluse.schema.DataType;
import io.ecluse.source.IncrementContract;
import io.ecluse.source.Landing;
import io.ecluse.source.Source;
import io.ecluse.source.http.ApiServer.Answer;
import io.ecluse.source.http.HttpSettings.Auth;
import io.ecluse.source.http.HttpSettings.Paging;
import java.net.URI;
import java.nio.file.Files;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class HttpSourceTest extends IncrementContract {
  private static final String PASSWORD = "the-password";
  private static final int PAGE = 1_000;

  private final ApiServer server = new ApiServer();
  private final Map<Integer, Order> orders = new TreeMap<>();
  private String more = "";
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
    Paging pages = new Paging.Numbered("page", 1, Optional.empty(), HttpFixture.EMPTY_PAGE);
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

  @Test
  void leavesAReceiptOfWhatItCost() throws Exception {
    Map<String, String> receipt = receipt(source());

    assertThat(Long.parseLong(receipt.get("impact_bytes_sent"))).isGreaterThan(MARKS * 20L);
    assertThat(receipt).containsKey("impact_seconds").containsEntry("impact_connections", "1");
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

  private record Order(String changed, int amount) {}

  @Override
  protected void begin() {
    orders.clear();
    server.on("/orders", r -> Answer.json(orders(r.param("since"))));
  }

  private String orders(String since) {
    return orders.entrySet().stream()
        .filter(e -> e.getValue().changed().compareTo(since) >= 0)
        .map(
            e ->
                "{\"id\": %d, \"changed\": \"%s\", \"amount\": %d%s}"
                    .formatted(e.getKey(), e.getValue().changed(), e.getValue().amount(), more))
        .collect(Collectors.joining(", ", "[", "]"));
  }

  @Override
  protected void put(int id, String changed, int amount) {
    orders.put(id, new Order(changed.replace(' ', 'T'), amount));
  }

  @Override
  protected void addColumn() {
    more = ", \"note\": \"n\"";
  }

  @Override
  protected Source byChange(Optional<String> lookBack) {
    HttpSettings.Stream stream =
        new HttpSettings.Stream(
            new HttpSettings.Request("/orders", Map.of(), Optional.empty(), Set.of()),
            "",
            new Paging.None(),
            Optional.of(new HttpSettings.Since("changed", "since", lookBack)),
            List.of("id"),
            Map.of());
    return at(server.url(), new Auth.None(), Map.of(ORDERS, stream));
  }

  private Source at(URI base, Auth auth, Map<String, HttpSettings.Stream> streams) {
    return of(HttpFixture.settings(base, auth, streams));
  }

  private Source of(HttpSettings settings) {
    Landing.Stage stage = new Landing.Stage(staging(), stage().encoder(), clock);
    return new HttpSource(settings, stage, files(), clock);
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
