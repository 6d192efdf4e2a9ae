package io.ecluse.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ecluse.error.EcluseException;
import io.ecluse.error.ErrorCode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.SerializationFeature;

/** The HTTP API on a real server over the demo, after its first run. */
@Timeout(120)
class WebApiTest extends ApiClient {
  @Test
  void tellsAnybodyThatItIsThereAndNobodyMore() {
    assertThat(send(request("/api/v1/health").build()).statusCode()).isEqualTo(200);
    for (String path :
        List.of(
            "/home",
            "/dags",
            "/runs",
            "/catalog",
            "/batches",
            "/project/problems",
            "/queries",
            "/openapi.json")) {
      HttpResponse<String> refused = send(request("/api/v1" + path).build());
      assertThat(refused.statusCode()).as(path).isEqualTo(401);
      assertThat(JSON.readTree(refused.body()).path("error").path("code").asString())
          .isEqualTo("UNAUTHENTICATED");
    }
  }

  @Test
  void opensOneSessionForALinkAndAsksForTheHeaderOnChanges() {
    String code = server.signInLink().split("code=")[1];
    String body = JSON.createObjectNode().put("code", code).toString();
    HttpResponse<String> opened =
        send(request("/api/v1/session").POST(HttpRequest.BodyPublishers.ofString(body)).build());
    assertThat(opened.statusCode()).isEqualTo(204);
    String cookie = opened.headers().firstValue("Set-Cookie").orElseThrow();
    assertThat(cookie).contains("HttpOnly").contains("SameSite=Strict");
    String session = cookie.split(";")[0];
    assertThat(
            send(request("/api/v1/session").POST(HttpRequest.BodyPublishers.ofString(body)).build())
                .statusCode())
        .isEqualTo(401);

    assertThat(send(request("/api/v1/home").header("Cookie", session).build()).statusCode())
        .isEqualTo(200);
    HttpRequest.Builder change =
        request("/api/v1/queries")
            .header("Cookie", session)
            .POST(HttpRequest.BodyPublishers.ofString("{\"sql\": \"select 1\"}"));
    assertThat(send(change.build()).statusCode()).isEqualTo(403);
    assertThat(send(change.header("X-Ecluse-Request", "1").build()).statusCode()).isEqualTo(202);

    send(
        request("/api/v1/session")
            .header("Cookie", session)
            .header("X-Ecluse-Request", "1")
            .DELETE()
            .build());
    assertThat(send(request("/api/v1/home").header("Cookie", session).build()).statusCode())
        .isEqualTo(401);
  }

  @Test
  void showsHomeDagsAndRuns() {
    JsonNode home = json("/api/v1/home");
    assertThat(home.path("tables").size()).isEqualTo(24);
    assertThat(home.path("recent_runs").get(0).path("state").asString()).isEqualTo("success");
    assertThat(home.path("next_runs").get(0).path("dag_id").asString()).isEqualTo("erp_daily");
    JsonNode dag = json("/api/v1/dags/erp_daily");
    assertThat(dag.path("tasks").size()).isEqualTo(44);
    assertThat(json("/api/v1/dags").get(0).path("last_runs").size()).isPositive();
    JsonNode shown = json("/api/v1/runs/" + run);
    assertThat(shown.path("published").asBoolean()).isTrue();
    assertThat(shown.path("tasks").size()).isEqualTo(44);
    assertThat(json("/api/v1/runs?limit=1&state=success").path("runs").size()).isEqualTo(1);
    String log = "/api/v1/runs/" + run + "/tasks/extract_erp/attempts/1/log";
    assertThat(json(log).path("lines").size()).isPositive();
    assertThat(get("/api/v1/runs/nothing").statusCode()).isEqualTo(404);
    assertThat(get("/api/v1/runs?state=odd").statusCode()).isEqualTo(400);
    assertThat(post("/api/v1/runs/" + run + "/retry", "{}").statusCode()).isEqualTo(409);
    assertThat(post("/api/v1/runs/" + run + "/cancel", "").statusCode()).isEqualTo(409);
  }

  @Test
  void showsTheCatalogWithWhereEverythingComesFrom() {
    JsonNode zones = json("/api/v1/catalog").path("zones");
    assertThat(zones.get(0).path("sources").get(0).path("streams").size()).isEqualTo(11);
    assertThat(zones.get(1).path("schemas").size()).isEqualTo(3);
    JsonNode table = json("/api/v1/catalog/tables/marts/students");
    assertThat(table.path("columns").size()).isEqualTo(18);
    assertThat(table.path("run_id").asString()).isEqualTo(run);
    assertThat(table.path("model").path("upstream").toString()).contains("erp.students");
    assertThat(table.path("tests").get(0).path("state").asString()).isEqualTo("passed");
    JsonNode source = json("/api/v1/catalog/tables/erp/students");
    assertThat(source.path("columns").get(1).path("personal").asBoolean()).isTrue();
    assertThat(json("/api/v1/catalog/tables/erp/students/sample?limit=5").path("rows").size())
        .isEqualTo(5);
    List<Boolean> current = new ArrayList<>();
    json("/api/v1/catalog/tables/erp/students/snapshots")
        .forEach(v -> current.add(v.path("current").asBoolean()));
    assertThat(current).containsOnlyOnce(true);
    assertThat(json("/api/v1/catalog/completions").path("tables").size()).isEqualTo(24);
    assertThat(get("/api/v1/catalog/tables/erp/nothing").statusCode()).isEqualTo(404);
  }

  @Test
  void showsBatchesWithHowTheyWereComparedAndWhatTheyCost() {
    JsonNode streams = json("/api/v1/batches?source=erp");
    assertThat(streams.size()).isEqualTo(11);
    assertThat(json("/api/v1/batches?run=" + run).size()).isEqualTo(11);
    assertThat(json("/api/v1/batches?run=no-such-run").size()).isZero();
    JsonNode newest = json("/api/v1/batches/erp/students?limit=500");
    JsonNode line = newest.get(newest.size() - 1); // of the first run
    assertThat(line.path("run_id").asString()).isEqualTo(run);
    assertThat(line.path("one_moment").asBoolean()).isTrue();
    assertThat(line.path("compared_by").asString()).isEqualTo("counts");
    assertThat(line.path("changed_columns").asInt()).isZero();

    JsonNode batch = json("/api/v1/batches/erp/students/" + line.path("extract_id").asString());
    assertThat(batch.path("rows").asLong()).isEqualTo(line.path("rows").asLong()).isPositive();
    assertThat(batch.path("extract").path("task_id").asString()).isEqualTo("extract_erp");
    assertThat(batch.path("extract").path("receipt").path("impact_seconds").asString())
        .isNotEmpty();
    JsonNode content = batch.path("content");
    assertThat(content.path("parts").get(0).path("sha256").asString()).hasSize(64);
    assertThat(content.path("columns").get(1).path("personal").asBoolean()).isTrue();
    assertThat(content.path("primary_key").toString()).isEqualTo("[\"id\"]");
    assertThat(get("/api/v1/batches/erp/nothing").statusCode()).isEqualTo(404);
    assertThat(get("/api/v1/batches/erp/students/nothing").statusCode()).isEqualTo(404);
  }

  @Test
  void tellsWhyRowsWereRejectedAndHowColumnsChangedWithoutAValueOfARow() {
    String secret = "somebody@example.org";
    PaperBatches.commit(demo.platform().staging(), secret);
    HttpResponse<String> answer = get("/api/v1/batches/paper/forms/2");
    assertThat(answer.body()).doesNotContain(secret);
    JsonNode batch = JSON.readTree(answer.body());
    assertThat(batch.path("rejected_rows").asLong()).isEqualTo(3);
    assertThat(batch.path("content").path("rejected").toString())
        .isEqualTo(
            "[{\"reason\":\"column born holds no date\",\"rows\":2},{\"reason\":\"column id is too large\",\"rows\":1}]");
    assertThat(batch.path("drift").get(0).asString()).isEqualTo("column email (text) is gone");
    assertThat(json("/api/v1/batches?source=paper").get(0).path("batches").asInt()).isEqualTo(2);
  }

  @Test
  void tellsWhatIsWrongWithTheProjectUntilItIsMended() throws Exception {
    Path broken = demo.folder().resolve("dags/broken.yaml");
    Files.writeString(broken, "tasks:\n  read: { extract: erpp }\n");
    JsonNode problem = await(() -> json("/api/v1/project/problems"), p -> p.size() > 0).get(0);
    assertThat(problem.path("severity").asString()).isEqualTo("error");
    assertThat(problem.path("file").asString()).isEqualTo("dags/broken.yaml");
    assertThat(problem.path("line").asInt()).isEqualTo(2);
    assertThat(problem.path("message").asString()).contains("erpp");
    assertThat(problem.path("hint").asString()).contains("erp");
    assertThat(json("/api/v1/dags/erp_daily").path("tasks").size()).isPositive();
    Files.delete(broken);
    await(() -> json("/api/v1/project/problems"), p -> p.isEmpty());
  }

  @Test
  void startsARunWithParametersAndNamesTheOneThatIsWrong() throws Exception {
    Path file = demo.folder().resolve("dags/asked.yaml");
    Files.writeString(
        file,
        """
        params: { since: 2024-09-01, deep: false, most: 3, campus: "75001" }
        tasks:
          test: { test: marts.students }
        """);
    String path = "/api/v1/dags/asked";
    await(() -> get(path), a -> a.statusCode() == 200);
    assertThat(json(path).path("param_kinds").toString())
        .isEqualTo(
            "{\"campus\":\"text\",\"deep\":\"flag\",\"most\":\"number\",\"since\":\"date\"}");
    for (String wrong :
        List.of(
            "since: yesterday", "since: 2024-02-30", "deep: perhaps", "most: many", "nope: 1")) {
      String[] given = wrong.split(": ");
      HttpResponse<String> refused = post(path + "/runs", params(given[0], given[1]));
      assertThat(refused.statusCode()).as(wrong).isEqualTo(400);
      assertThat(JSON.readTree(refused.body()).path("error").path("field").asString())
          .as(refused.body())
          .isEqualTo(given[0]);
    }
    HttpResponse<String> started = post(path + "/runs", params("campus", "2A004"));
    assertThat(started.statusCode()).as(started.body()).isEqualTo(201);
    JsonNode params = JSON.readTree(started.body()).path("params");
    assertThat(params.path("campus").asString()).isEqualTo("2A004");
    assertThat(params.path("since").asString()).isEqualTo("2024-09-01");
    Files.delete(file);
    await(() -> get(path), a -> a.statusCode() == 404);
  }

  private static String params(String name, String value) {
    var body = JSON.createObjectNode();
    body.putObject("params").put(name, value);
    return body.toString();
  }

  /** Asks again until the answer is the one that is waited for. */
  private static <T> T await(Supplier<T> ask, Predicate<T> enough) throws InterruptedException {
    T answer = ask.get();
    for (int i = 0; !enough.test(answer) && i < 100; i++) {
      Thread.sleep(200);
      answer = ask.get();
    }
    assertThat(enough).accepts(answer);
    return answer;
  }

  @Test
  void runsQueriesPageByPageAndHandsThemOut() {
    JsonNode query = query("select id, present from erp.attendances order by id");
    assertThat(query.path("state").asString()).as(query.toString()).isEqualTo("done");
    String path = "/api/v1/queries/" + query.path("id").asString();
    long rows = query.path("rows").asLong();
    assertThat(rows).isGreaterThan(10_000);
    JsonNode page = json(path + "/rows?offset=10000&limit=2");
    assertThat(page.path("rows").get(0).get(0).asLong()).isEqualTo(10_001);
    assertThat(page.path("total").asLong()).isEqualTo(rows);
    assertThat(get(path + "/export?format=csv").body().lines().count()).isEqualTo(rows + 1);
    assertThat(JSON.readTree(get(path + "/export?format=json").body()).size())
        .isEqualTo((int) rows);
    assertThat(get(path + "/export?format=parquet").body()).startsWith("PAR1");
    assertThat(get(path + "/export?format=xls").statusCode()).isEqualTo(400);
    assertThat(get(path + "/download?format=csv").statusCode()).as("one way only").isEqualTo(404);
  }

  @Test
  void saysWhereAQueryIsWrong() {
    JsonNode error = query("select first_name,\n  nonsense\nfrom erp.students").path("error");
    assertThat(error.path("code").asString()).isEqualTo("SQL_INVALID");
    assertThat(error.path("line").asInt()).isEqualTo(2);
    assertThat(error.path("column").asInt()).isEqualTo(3);
    assertThat(query("select * from erp.studens").path("error").path("message").asString())
        .contains("did you mean erp.students");
    assertThat(
            query("select * from read_csv('/etc/passwd')").path("error").path("message").asString())
        .contains("cannot be used in FROM");
    assertThat(query("select * from '/etc/passwd'").path("state").asString()).isEqualTo("failed");
    assertThat(query("drop table erp.students").path("error").path("message").asString())
        .contains("Only SELECT");
  }

  @Test
  void cancelsAQuery() {
    JsonNode query =
        JSON.readTree(
            post(
                    "/api/v1/queries",
                    "{\"sql\": \"select count(*) from range(100000000) a, range(100000) b where (a.range * b.range) % 7 = 3\"}")
                .body());
    String path = "/api/v1/queries/" + query.path("id").asString();
    assertThat(query.path("state").asString()).isEqualTo("running");
    assertThat(post(path + "/cancel", "").statusCode()).isEqualTo(202);
    JsonNode now = json(path);
    while (now.path("state").asString().equals("running")) {
      now = json(path);
    }
    assertThat(now.path("state").asString()).isEqualTo("cancelled");
  }

  @Test
  void refusesAQueryThatNeedsTooMuchMemoryAndGoesOn() {
    assertThat(query("select 1").path("state").asString()).isEqualTo("done");
    assertThat(post("/api/v1/queries", "{\"sql\": \"  \"}").statusCode()).isEqualTo(400);
    assertThat(post("/api/v1/queries", "garbage").statusCode()).isEqualTo(400);
  }

  @Test
  void answersADashboardTileByTile() {
    assertThat(json("/api/v1/dashboards").get(0).path("id").asString()).isEqualTo("school");
    int tiles = json("/api/v1/dashboards/school").path("tiles").size();
    List<String> lines =
        post("/api/v1/dashboards/school/data", "{}")
            .body()
            .lines()
            .filter(l -> !l.isEmpty()) // a pulse
            .toList();
    assertThat(lines).hasSize(tiles).hasSizeGreaterThanOrEqualTo(6);
    for (String line : lines) {
      assertThat(JSON.readTree(line).path("state").asString()).as(line).isEqualTo("ok");
    }
    assertThat(get("/api/v1/dashboards/nothing").statusCode()).isEqualTo(404);
  }

  @Test
  void tellsOfARunWhileItHappens() {
    HttpResponse<String> started = post("/api/v1/dags/erp_daily/runs", "{}");
    assertThat(started.statusCode()).isEqualTo(201);
    String id = JSON.readTree(started.body()).path("id").asString();
    String events = get("/api/v1/runs/" + id + "/events").body();
    assertThat(events).contains("event:run").contains("event:task").contains("event:end");
    assertThat(json("/api/v1/runs/" + id).path("state").asString()).isEqualTo("success");
    assertThat(get("/api/v1/runs/" + id + "/tasks/publish/attempts/1/log/events").body())
        .contains("Published together");
    assertThat(post("/api/v1/runs/" + id + "/rollback", "").statusCode()).isEqualTo(200);
    assertThat(json("/api/v1/runs/" + id).path("rolled_back").asBoolean()).isTrue();
  }

  @Test
  void answersOnlyToItsOwnName() {
    // the JDK's client sets Host itself; a name that resolves to us is what an attacker would use
    HttpRequest request =
        HttpRequest.newBuilder(
                URI.create(server.url().replace("127.0.0.1", "localhost") + "/api/v1/health"))
            .build();
    assertThat(send(request).statusCode()).isEqualTo(200);
  }

  @Test
  void saysThatAPortIsInUse() {
    int port = URI.create(server.url()).getPort();
    assertThatThrownBy(() -> WebServer.start(demo.platform(), new WebSettings("127.0.0.1", port)))
        .isInstanceOf(EcluseException.class)
        .hasMessageContaining("Port " + port)
        .extracting(e -> ((EcluseException) e).code())
        .isEqualTo(ErrorCode.PORT_IN_USE);
  }

  @Test
  void servesSchemasToEditors() {
    HttpResponse<String> schema = send(request("/api/v1/schemas/dag.schema.json").build());
    assertThat(schema.statusCode()).isEqualTo(200);
    assertThat(schema.body()).contains("$schema");
  }

  @Test
  void keepsTheApiAsItIsDescribed() throws IOException {
    String now =
        JSON.rebuild()
                .enable(SerializationFeature.INDENT_OUTPUT)
                .enable(tools.jackson.databind.SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS)
                .build()
                .writeValueAsString(json("/api/v1/openapi.json"))
            + "\n";
    Path golden = Path.of("..", "docs", "openapi.json");
    if ("write".equals(System.getProperty("ecluse.golden"))) {
      Files.writeString(golden, now);
    }
    assertThat(now).isEqualTo(Files.readString(golden));
  }
}
