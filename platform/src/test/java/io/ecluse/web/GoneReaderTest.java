package io.ecluse.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.ecluse.DemoFixture;
import io.ecluse.Platform;
import io.ecluse.access.AccessTokens;
import io.ecluse.flow.Writes;
import io.ecluse.pipeline.Dag;
import io.ecluse.project.DagExpander;
import io.ecluse.project.Project;
import io.ecluse.scheduler.Run;
import io.ecluse.scheduler.RunRequest;
import io.ecluse.scheduler.RunState;
import io.ecluse.scheduler.Trigger;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Those who ask for what takes minutes, and leave; and tiles that are read in such a crowd. */
@Timeout(180)
class GoneReaderTest {
  private static final JsonMapper JSON = JsonMapper.shared();
  private static final String SLOW =
      "SELECT sum(hash(a.range, b.range)) AS n FROM range(3000000) a, range(3000000) b";

  @TempDir static Path temp;
  private static Path folder;
  private static Platform platform;
  private static WebServer server;
  private static List<String> tokens;

  private final List<RawClient> clients = new ArrayList<>();

  @BeforeAll
  static void serve() throws IOException {
    folder = temp.resolve("words");
    write("ecluse.yaml", "name: words\n");
    word("first");
    write(
        "models/marts/slow.sql",
        "/* ecluse\ndescription: Takes minutes\nmaterialized: view\n*/\n" + SLOW + "\n");
    write(
        "dags/words.yaml",
        "retries: 0\ntasks:\n  word: { build: marts.word }\n  slow: { build: marts.slow }\n");
    write("dags/word.yaml", "retries: 0\ntasks:\n  word: { build: marts.word }\n");
    write(
        "dashboards/words.yaml",
        """
        title: Words
        tiles:
          - { id: word, title: Word, kind: table, query: "select word from marts.word", y: word }
          - { id: a, title: A, kind: number, query: "select n as a from marts.slow", y: a }
          - { id: b, title: B, kind: number, query: "select n as b from marts.slow", y: b }
        """);
    platform = DemoFixture.platform(folder, Platform.Workers.HERE);
    run("words");
    server = WebServer.start(platform, new WebSettings("127.0.0.1", 0));
    AccessTokens access = platform.tokens();
    tokens = List.of(access.newBearer("a"), access.newBearer("b"), access.newBearer("c"));
  }

  @AfterAll
  static void stop() {
    server.close();
    platform.close();
  }

  @AfterEach
  void goAway() {
    clients.forEach(RawClient::close);
  }

  private static void write(String name, String text) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }

  private static void word(String word) throws IOException {
    write(
        "models/marts/word.sql",
        "/* ecluse\ndescription: A word\n*/\nSELECT '" + word + "' AS word\n");
  }

  private static String run(String dagId) {
    assertThat(platform.project().reload().errors()).isEmpty();
    Project project = platform.project().get();
    Dag dag = new DagExpander(project).expand(project.dag(dagId));
    String id =
        platform
            .scheduler()
            .start(
                new RunRequest(dag, Trigger.MANUAL, Instant.now(), Writes.of(dag))
                    .reading(project.bundle()));
    Run run = platform.scheduler().awaitEnd(id);
    assertThat(run.state()).as(String.valueOf(run.error())).isEqualTo(RunState.SUCCESS);
    return id;
  }

  private void ask(int token, String request, String body) {
    RawClient client = RawClient.to(server.url());
    clients.add(client);
    client.say(
        request
            + " HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nAuthorization: Bearer "
            + tokens.get(token)
            + "\r\nContent-Length: "
            + body.length()
            + "\r\n\r\n"
            + body);
  }

  private void askForSlowSample(int token) {
    clients.add(RawClient.to(server.url()));
    clients
        .get(clients.size() - 1)
        .say(
            "GET /api/v1/catalog/tables/marts/slow/sample HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer "
                + tokens.get(token)
                + "\r\n\r\n");
  }

  /** All places of quick queries: of each caller no more than two. */
  private void takeAllPlaces() throws InterruptedException {
    askForSlowSample(0);
    askForSlowSample(0);
    askForSlowSample(1);
    TimeUnit.SECONDS.sleep(3); // they are at work by now
  }

  private static HttpResponse<String> get(int token, String path) {
    return BlankServer.send(
        BlankServer.request(server, path).header("Authorization", "Bearer " + tokens.get(token)));
  }

  private static JsonNode tile(int token, String tile) {
    String body = "{\"tiles\": [\"" + tile + "\"]}";
    return JSON.readTree(
        BlankServer.send(
                BlankServer.request(server, "/api/v1/dashboards/words/data")
                    .header("Authorization", "Bearer " + tokens.get(token))
                    .POST(HttpRequest.BodyPublishers.ofString(body)))
            .body()
            .strip());
  }

  private static String shown(JsonNode tile) {
    assertThat(tile.path("state").asString()).as(tile.toString()).isEqualTo("ok");
    return tile.path("rows").get(0).get(0).asString();
  }

  @Test
  void endsSamplesWhoseReadersLeft() throws Exception {
    takeAllPlaces();
    clients.forEach(RawClient::close);

    HttpResponse<String> answer = get(0, "/api/v1/catalog/tables/marts/word/sample");
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200); // else refused after 20 s
  }

  @Test
  void endsTilesWhoseReaderLeft() throws Exception {
    ask(0, "POST /api/v1/dashboards/words/data", "{\"tiles\": [\"a\", \"b\"]}");
    askForSlowSample(1);
    TimeUnit.SECONDS.sleep(3);
    clients.forEach(RawClient::close);

    assertThat(tile(0, "word").path("state").asString()).isEqualTo("ok");
  }

  @Test
  void goesOnForAReaderThatSaysItsNextRequestMeanwhile() {
    ask(2, "GET /api/v1/catalog/tables/marts/word/sample", "");
    RawClient client = clients.get(0);
    client.say("GET /api/v1/health HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
    assertThat(client.everything()).contains("\"word\"").contains("\"environment\"");
  }

  @Test
  void aTileThatWaitedWhileARunPublishedIsNotShownOnceThatIsRolledBack() throws Exception {
    word("first");
    run("word");
    query("select word from marts.word"); // its text is known: what it reads is found out at once
    takeAllPlaces();
    CompletableFuture<JsonNode> waits = CompletableFuture.supplyAsync(() -> tile(2, "word"));
    TimeUnit.SECONDS.sleep(2); // what the tile would read was looked up; it waits for a place
    assertThat(waits).isNotDone();
    word("second");
    String run = run("word");
    clients.forEach(RawClient::close);

    assertThat(shown(waits.get(60, TimeUnit.SECONDS))).isEqualTo("second");
    platform.warehouse().rollBack(run);
    assertThat(shown(tile(2, "word"))).isEqualTo("first");
  }

  private static void query(String sql) {
    String body = JSON.createObjectNode().put("sql", sql).toString();
    HttpResponse<String> answer =
        BlankServer.send(
            BlankServer.request(server, "/api/v1/queries")
                .header("Authorization", "Bearer " + tokens.get(2))
                .POST(HttpRequest.BodyPublishers.ofString(body)));
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(202);
  }
}
