package io.ecluse.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.ecluse.Platform;
import io.ecluse.scheduler.RunState;
import java.io.IOException;
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

/** What people see of a model whose first run failed: nothing of it was ever published. */
@Timeout(120)
class FailedRunTest {
  private static final JsonMapper JSON = JsonMapper.shared();

  @TempDir static Path folder;
  private static BlankServer blank;
  private static WebServer server;
  private static String token;
  private static String run;

  @BeforeAll
  static void serve() throws IOException {
    blank = BlankServer.open(folder, Platform.Workers.HERE);
    write(
        "models/marts/grants.sql",
        """
        /* ecluse
        description: What the school gives for the studies.
        columns:
          grant_id: { description: The grant., tests: [unique, not_null] }
          amount: { description: In euros., tests: [{ range: { max: 1000 } }] }
        */
        SELECT * FROM (VALUES (1, 500), (2, 2000), (3, 3000)) grants(grant_id, amount)
        """);
    write(
        "dags/grants.yaml",
        "description: Builds what does not hold.\nretries: 0\ntasks: { grants: { build: marts.grants } }\n");
    assertThat(blank.platform().project().reload().errors()).isEmpty();
    server = blank.serve(new WebSettings("127.0.0.1", 0));
    token = blank.tokens().newBearer("test");
    run = ask("POST", "/api/v1/dags/grants/runs", "{}").path("id").asString();
    assertThat(blank.platform().scheduler().awaitEnd(run).state()).isEqualTo(RunState.FAILED);
  }

  private static void write(String path, String text) throws IOException {
    Path file = folder.resolve(path);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }

  @AfterAll
  static void stop() {
    server.close();
    blank.close();
  }

  private static JsonNode ask(String method, String path, String body) {
    HttpResponse<String> answer =
        BlankServer.send(
            BlankServer.request(server, path)
                .header("Authorization", "Bearer " + token)
                .method(method, HttpRequest.BodyPublishers.ofString(body)));
    assertThat(answer.statusCode()).as(answer.body()).isBetween(200, 299);
    return JSON.readTree(answer.body());
  }

  private static JsonNode query(String sql, String reads) {
    String body = JSON.createObjectNode().put("sql", sql).put(reads, run).toString();
    JsonNode query = ask("POST", "/api/v1/queries", body);
    while (query.path("state").asString("").equals("running")) {
      query = ask("GET", "/api/v1/queries/" + query.path("id").asString(), "");
    }
    return query;
  }

  @Test
  void showsTheModelWithWhatItsTestsFound() {
    JsonNode table = ask("GET", "/api/v1/catalog/tables/marts/grants", "");
    assertThat(table.path("kind").asString()).isEqualTo("table");
    assertThat(table.path("updated_at").isNull()).isTrue();
    assertThat(table.path("rows").isNull()).isTrue();
    assertThat(table.path("model").path("path").asString()).isEqualTo("models/marts/grants.sql");
    assertThat(table.path("columns").findValuesAsString("name"))
        .containsExactly("grant_id", "amount");
    assertThat(table.path("columns").get(0).path("type").isNull()).isTrue();
    JsonNode broken =
        table
            .path("tests")
            .valueStream()
            .filter(t -> t.path("state").asString().equals("failed"))
            .findFirst()
            .orElseThrow();
    assertThat(broken.path("failing_keys").asString()).isEqualTo("grant_id = 2, grant_id = 3");
    assertThat(broken.path("run_id").asString()).isEqualTo(run);
  }

  @Test
  void queriesWhatTheRunWrote() {
    String sql = "select amount from marts.grants where grant_id > 1 order by 1";
    JsonNode done = query(sql, "run");
    assertThat(done.path("state").asString()).as(done.toString()).isEqualTo("done");
    JsonNode rows =
        ask("GET", "/api/v1/queries/" + done.path("id").asString() + "/rows", "").path("rows");
    assertThat(rows.toString()).isEqualTo("[[2000],[3000]]");
    assertThat(query(sql, "nothing").path("error").path("message").asString())
        .contains("There is no table marts.grants");
  }
}
