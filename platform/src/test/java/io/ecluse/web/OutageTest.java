package io.ecluse.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.ecluse.DemoFixture;
import io.ecluse.Platform;
import io.ecluse.PrivateServer;
import io.ecluse.pipeline.Dag;
import io.ecluse.pipeline.RunLimits;
import io.ecluse.pipeline.Task;
import io.ecluse.pipeline.Work;
import io.ecluse.scheduler.RunRequest;
import io.ecluse.scheduler.RunState;
import io.ecluse.scheduler.Trigger;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The metadata database dies, or falls silent, under a server that goes on. */
@Timeout(240)
class OutageTest {
  private static final HttpClient HTTP = HttpClient.newHttpClient();

  @TempDir Path temp;
  private Path postgres;
  private Platform platform;
  private WebServer server;
  private String token;

  @BeforeEach
  void serve() throws IOException {
    Path folder = Files.createDirectories(temp.resolve("empty"));
    Files.writeString(folder.resolve("ecluse.yaml"), "name: empty\n");
    postgres = folder.resolve(".ecluse/postgres");
    platform = DemoFixture.platform(folder, Platform.Workers.HERE);
    server = WebServer.start(platform, new WebSettings("127.0.0.1", 0));
    token = platform.tokens().newBearer("test");
  }

  @AfterEach
  void stop() {
    server.close();
    platform.close();
  }

  private HttpResponse<String> get(String path) throws IOException, InterruptedException {
    return HTTP.send(
        HttpRequest.newBuilder(URI.create(server.url() + path))
            .timeout(Duration.ofSeconds(60))
            .header("Authorization", "Bearer " + token)
            .build(),
        HttpResponse.BodyHandlers.ofString());
  }

  private static void requireUsualBody(HttpResponse<String> answer) {
    JsonNode error = JsonMapper.shared().readTree(answer.body()).path("error");
    assertThat(error.path("code").asString("")).as(answer.body()).isEqualTo("DATABASE_UNREACHABLE");
    assertThat(error.path("message").asString("")).isNotEmpty();
  }

  @Test
  void bringsTheKilledServerBackAndAnswersMeanwhile() throws Exception {
    assertThat(get("/health").statusCode()).isEqualTo(200);
    long killed = PrivateServer.postmaster(postgres);
    PrivateServer.signal(List.of(killed), "KILL");

    Set<Integer> statuses = new TreeSet<>();
    long end = System.nanoTime() + Duration.ofSeconds(60).toNanos();
    boolean back = false;
    while (!back && System.nanoTime() < end) {
      HttpResponse<String> answer = get("/api/v1/runs");
      statuses.add(answer.statusCode());
      if (answer.statusCode() != 200) {
        requireUsualBody(answer);
      }
      back =
          Files.exists(postgres.resolve("data/postmaster.pid"))
              && PrivateServer.postmaster(postgres) != killed
              && answer.statusCode() == 200;
    }
    assertThat(back).as("served again, by another postmaster").isTrue();
    assertThat(statuses).isSubsetOf(200, 503);
    assertThat(get("/health/ready").statusCode()).isEqualTo(200);

    Task task = Task.of("a", Work.EMPTY, Set.of());
    Dag dag = new Dag("d", "", Optional.empty(), RunLimits.DEFAULT, List.of(task), Map.of());
    String run =
        platform.scheduler().start(new RunRequest(dag, Trigger.MANUAL, Instant.now(), Set.of()));
    assertThat(platform.scheduler().awaitEnd(run).state()).isEqualTo(RunState.SUCCESS);
  }

  @Test
  void tellsThatItIsNotReadyWhileTheDatabaseIsSilent() throws Exception {
    List<Long> stopped = PrivateServer.signalAll(postgres, "STOP");
    try {
      Thread.sleep(600); // what was found out before is told for half a second
      for (String path : List.of("/health", "/health/ready", "/healthz", "/api/v1/health")) {
        HttpResponse<String> answer = get(path);
        assertThat(answer.statusCode()).as(path).isEqualTo(503);
        requireUsualBody(answer);
      }
      assertThat(get("/health/live").statusCode()).isEqualTo(200);
      assertThat(get("/api/v1/health/live").statusCode()).isEqualTo(200);
    } finally {
      PrivateServer.signal(stopped, "CONT");
    }
    long end = System.nanoTime() + Duration.ofSeconds(30).toNanos();
    while (get("/health").statusCode() != 200) {
      assertThat(System.nanoTime()).as("ready again").isLessThan(end);
      Thread.sleep(200);
    }
  }
}
