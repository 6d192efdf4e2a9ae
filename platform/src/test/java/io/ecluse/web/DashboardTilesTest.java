package io.ecluse.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ecluse.DemoFixture;
import io.ecluse.scheduler.RunState;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What tiles say, in numbers and in words, on a real server over the demo. */
@Timeout(120)
class DashboardTilesTest {
  private static final JsonMapper JSON = JsonMapper.shared();
  private static final HttpClient HTTP = HttpClient.newHttpClient();

  private static final String AWKWARD =
      """
      title: { en: Awkward, fr: Bizarre }
      labels: { none: { en: nothing, fr: rien }, 1: one }
      tiles:
        - { id: absent_y, title: T, kind: bar, query: "select 1 as a, 2 as students", x: a, y: student }
        - { id: absent_y_of_number, title: T, kind: number, query: "select 1 as a", y: b }
        - { id: absent_series, title: T, kind: line, query: "select 1 as a, 2 as b", x: a, y: b, series: c }
        - { id: twice, title: T, kind: bar, query: "select 1 as a, 2 as b, 3 as b", x: a, y: b }
        - { id: capitals, title: T, kind: bar, query: "select 1 as A, 2 as B", x: a, y: b, x_format: weekday, labels: { none: none } }
        - { id: exact, title: T, kind: number, query: "select 9007199254740993 as n", y: n, format: integer }
        - { id: moment, title: T, kind: line, query: "select timestamp '2025-07-01 00:00:00' as t, 1 as n", x: t, y: n }
      """;

  @TempDir static Path temp;
  private static DemoFixture demo;
  private static WebServer server;
  private static String token;

  @BeforeAll
  static void serve() throws IOException {
    demo = DemoFixture.open(temp.resolve("supinfo"), 0.1);
    assertThat(demo.run().state()).isEqualTo(RunState.SUCCESS);
    Files.writeString(demo.folder().resolve("dashboards/awkward.yaml"), AWKWARD);
    assertThat(demo.platform().project().reload().errors()).isEmpty();
    server = WebServer.start(demo.platform(), new WebSettings("127.0.0.1", 0));
    token = demo.platform().tokens().newBearer("test");
  }

  @AfterAll
  static void stop() {
    server.close();
    demo.close();
  }

  private static String send(HttpRequest.Builder request) throws IOException, InterruptedException {
    return HTTP.send(
            request
                .header("Authorization", "Bearer " + token)
                .header("Content-Type", "application/json")
                .build(),
            HttpResponse.BodyHandlers.ofString())
        .body();
  }

  private static HttpRequest.Builder to(String path) {
    return HttpRequest.newBuilder(URI.create(server.url() + "/api/v1/dashboards/" + path));
  }

  private static JsonNode tile(String dashboard, String tile)
      throws IOException, InterruptedException {
    String wanted = "{\"tiles\": [\"%s\"]}".formatted(tile);
    return JSON.readTree(
        send(to(dashboard + "/data").POST(HttpRequest.BodyPublishers.ofString(wanted))).strip());
  }

  @Test
  void aColumnThatTheQueryDoesNotHaveIsSaidOnTheTile() throws Exception {
    JsonNode absent = tile("awkward", "absent_y");
    assertThat(absent.path("state").asString()).isEqualTo("error");
    assertThat(absent.path("error").path("code").asString()).isEqualTo("TILE_COLUMN_MISSING");
    assertThat(absent.path("error").path("field").asString()).isEqualTo("y");
    assertThat(absent.path("error").path("message").asString())
        .isEqualTo(
            "y is 'student', but the query has no such column; it has a, students (did you mean students?)");
    assertThat(tile("awkward", "absent_y_of_number").path("state").asString()).isEqualTo("error");
    assertThat(tile("awkward", "absent_series").path("error").path("field").asString())
        .isEqualTo("series");
    assertThat(tile("awkward", "twice").path("error").path("message").asString())
        .contains("2 columns of that name");
    assertThat(tile("awkward", "capitals").path("state").asString()).isEqualTo("ok");
  }

  @Test
  void valuesReachThePageToTheDigitAndWithoutAZoneOfTheServer() throws Exception {
    assertThat(tile("awkward", "exact").path("rows").get(0).get(0).asString())
        .isEqualTo("9007199254740993");
    assertThat(tile("awkward", "moment").path("rows").get(0).get(0).asString())
        .isEqualTo("2025-07-01T00:00");
  }

  @Test
  void wordsOfTheDataHaveTheirLabelsInBothLanguages() throws Exception {
    JsonNode tiles = JSON.readTree(send(to("awkward"))).path("tiles");
    assertThat(tiles.get(0).path("labels").path("none").path("fr").asString()).isEqualTo("rien");
    assertThat(tiles.get(0).path("labels").path("1").path("fr").asString()).isEqualTo("one");
    assertThat(tiles.get(4).path("labels").path("none").path("fr").asString()).isEqualTo("none");
    assertThat(tiles.get(4).path("x_format").asString()).isEqualTo("weekday");
  }

  @Test
  void theDemoCountsWhoIsThereAndPoolsItsRates() throws Exception {
    assertThat(tile("school", "students").path("rows").get(0).get(0).asLong())
        .isEqualTo(number("select count(*) from marts.students where left_date is null"))
        .isLessThan(number("select count(*) from marts.students"));
    double pooled = tile("school", "attendance_rate").path("rows").get(0).get(0).asDouble();
    long permille =
        number(
            "select cast(round(100000.0 * count(*) filter (where present) / count(*)) as bigint) from erp.attendances where present is not null");
    assertThat(Math.round(pooled * 100_000)).isEqualTo(permille);
  }

  @Test
  void aTableWithoutItsSchemaIsTakenForTheOneOfAModelFirst() {
    assertThatThrownBy(() -> number("select count(*) from students"))
        .hasMessage(
            "Table students needs its schema; did you mean marts.students or erp.students?");
  }

  private static long number(String sql) {
    io.ecluse.engine.Rows rows = new io.ecluse.engine.Rows();
    demo.platform()
        .engine()
        .run(
            sql, io.ecluse.warehouse.ReadView.PUBLISHED, new io.ecluse.engine.Cancellation(), rows);
    return ((Number) rows.all().get(0)[0]).longValue();
  }
}
