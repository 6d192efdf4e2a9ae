package io.ecluse.spark;

import static org.assertj.core.api.Assertions.assertThat;

import io.ecluse.Servers;
import io.ecluse.metadata.Metadata;
import io.ecluse.serve.Answer;
import io.ecluse.serve.IcebergWriters;
import io.ecluse.warehouse.Fence;
import io.ecluse.warehouse.Moment;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What applications ask and tell, by HTTP, as they do. */
class JobDoorTest {
  private static final JsonMapper JSON = JsonMapper.shared();
  private static final String SESSION = "the-token-of-a-session";

  @TempDir Path folder;
  private final Metadata metadata = Servers.newMetadata();
  private final Signal signal = new Signal();
  private final JobStore jobs = new JobStore(metadata.jdbi(), "test");
  private final SessionStore sessions = new SessionStore(metadata.jdbi(), "test");
  private final HttpClient client = HttpClient.newHttpClient();
  private JobDoor door;
  private String url = "";

  private JobDoor door() {
    return new JobDoor(
        folder.resolve("port"),
        new JobHandlers(sessions, jobs, signal),
        new JobCatalogs(
                jobs,
                new SparkEngines.Writing(
                    new IcebergWriters(),
                    ask -> new Answer(200, Map.of(), new byte[0]),
                    (run, task, attempt) -> Fence.NONE,
                    () -> new Moment(Map.of(), Map.of())))
            ::answer,
        new DoorJars(java.util.List::of));
  }

  @BeforeEach
  void open() {
    door = door();
    url = door.open("127.0.0.1");
    assertThat(sessions.begin("s1", "big", Tokens.hash(SESSION), "log")).isTrue();
  }

  @AfterEach
  void close() {
    door.close();
    metadata.close();
  }

  private HttpResponse<String> ask(String path, String token, Optional<String> body)
      throws IOException, InterruptedException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(url + path)).header("Authorization", "Bearer " + token);
    body.ifPresent(b -> request.POST(HttpRequest.BodyPublishers.ofString(b)));
    return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
  }

  private JsonNode next() throws IOException, InterruptedException {
    HttpResponse<String> answer = ask("/jobs/sessions/s1/next?wait=5", SESSION, Optional.empty());
    assertThat(answer.statusCode()).isEqualTo(200);
    return JSON.readTree(answer.body());
  }

  private void queue(String id) {
    jobs.queue(
        id,
        "big",
        new SparkJob.Work("run1", "build.x", 1),
        JSON.createObjectNode().put("kind", "write").put("sql", "SELECT 1"));
  }

  @Test
  void givesAJobToOneApplicationWithASecretOfItsOwn() throws Exception {
    queue("j1");

    JsonNode job = next();

    assertThat(job.path("id").asString("")).isEqualTo("j1");
    assertThat(job.path("catalog").asString("")).isEqualTo(url + "/iceberg/runs/run1");
    String token = job.path("token").asString("");
    assertThat(token).isNotEmpty().isNotEqualTo(SESSION);
    assertThat(ask("/jobs/sessions/s1/next", SESSION, Optional.empty()).statusCode())
        .isEqualTo(204);
    assertThat(ask("/iceberg/v1/config", token, Optional.empty()).statusCode()).isEqualTo(200);
  }

  @Test
  void keepsWhatAnApplicationTellsAndItsResultOnce() throws Exception {
    queue("j1");
    String token = next().path("token").asString("");

    HttpResponse<String> told =
        ask(
            "/jobs/j1/events",
            token,
            Optional.of(
                "{\"log\":[{\"level\":\"INFO\",\"text\":\"begins\"},{\"level\":\"WARN\",\"text\":\"slow\"}],\"progress\":{\"tasks\":4,\"tasksDone\":1},\"facts\":{\"rows\":7}}"));
    ask("/jobs/j1/result", token, Optional.of("{\"state\":\"done\",\"rows\":7}"));
    ask("/jobs/j1/result", token, Optional.of("{\"state\":\"failed\",\"code\":\"INTERNAL\"}"));

    assertThat(told.body()).isEqualTo("{\"cancel\":false}");
    assertThat(jobs.lines("j1")).containsExactly("begins", "WARN slow");
    assertThat(jobs.lines("j1")).isEmpty();
    SparkJob job = jobs.find("j1").orElseThrow();
    assertThat(job.state()).isEqualTo(SparkJob.State.DONE);
    assertThat(job.facts()).containsEntry("rows", "7");
    assertThat(job.progress()).isEqualTo(new SparkJob.Progress(1, 4));
  }

  @Test
  void anotherAttemptGoesOnWithWhatNobodyHasHeardOfAndBeginsAnewWhatSomebodyHas() throws Exception {
    queue("j1");
    JsonNode request = JSON.createObjectNode().put("kind", "write").put("sql", "SELECT 1");
    SparkJob.Work same = new SparkJob.Work("run1", "build.x", 1);
    SparkJob.Work next = new SparkJob.Work("run1", "build.x", 2);
    String token = next().path("token").asString("");
    assertThat(jobs.left(next, request)).isPresent();

    ask("/jobs/j1/result", token, Optional.of("{\"state\":\"done\",\"rows\":7}"));
    assertThat(jobs.left(next, request)).as("its process died").isPresent();
    jobs.heard("j1");

    assertThat(jobs.left(next, request)).as("it is retried, for its tables have changed").isEmpty();
    assertThat(jobs.left(same, request)).isPresent();
  }

  @Test
  void whoLooksAgainHearsThatTheWorkHasFailedAndWhoTriesAgainBeginsAnew() throws Exception {
    queue("j1");
    JsonNode request = JSON.createObjectNode().put("kind", "write").put("sql", "SELECT 1");
    String token = next().path("token").asString("");

    ask("/jobs/j1/result", token, Optional.of("{\"state\":\"failed\",\"code\":\"INTERNAL\"}"));

    assertThat(jobs.left(new SparkJob.Work("run1", "build.x", 1), request)).isPresent();
    assertThat(jobs.left(new SparkJob.Work("run1", "build.x", 2), request)).isEmpty();
  }

  @Test
  void letsNobodyInWhoseJobOrApplicationIsNotWanted() throws Exception {
    queue("j1");
    String token = next().path("token").asString("");

    jobs.again("j1", "lost");

    assertThat(ask("/jobs/j1/result", token, Optional.of("{}")).statusCode()).isEqualTo(401);
    assertThat(ask("/iceberg/v1/config", token, Optional.empty()).statusCode()).isEqualTo(401);
    assertThat(ask("/jobs/j1/events", "another", Optional.of("{}")).statusCode()).isEqualTo(401);
    assertThat(ask("/iceberg/v1/config", SESSION, Optional.empty()).statusCode()).isEqualTo(401);
    sessions.end("s1");
    assertThat(ask("/jobs/sessions/s1/next", SESSION, Optional.empty()).statusCode())
        .isEqualTo(410);
    assertThat(jobs.lines("j1")).isEqualTo(List.of("lost"));
  }

  @Test
  void tellsAnApplicationThatItsJobIsCancelled() throws Exception {
    queue("j1");
    String token = next().path("token").asString("");

    jobs.cancel("j1");

    assertThat(ask("/jobs/j1/events", token, Optional.of("{}")).body())
        .isEqualTo("{\"cancel\":true}");
  }

  @Test
  void opensAtTheSamePortAgainAndLeavesItToAnotherProcessThatHasIt() throws Exception {
    try (JobDoor second = door()) {
      assertThat(second.open("127.0.0.1")).isEqualTo(url);
      door.close();
      assertThat(second.open("127.0.0.1")).isEqualTo(url);
      queue("j1");
      assertThat(next().path("id").asString("")).isEqualTo("j1");
    }
    assertThat(url).endsWith(":" + Files.readString(folder.resolve("port")));
  }
}
