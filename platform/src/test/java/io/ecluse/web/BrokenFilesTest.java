package io.ecluse.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ecluse.DemoFixture;
import io.ecluse.Platform;
import io.ecluse.Servers;
import io.ecluse.flow.Writes;
import io.ecluse.pipeline.Dag;
import io.ecluse.project.DagExpander;
import io.ecluse.project.Project;
import io.ecluse.scheduler.Run;
import io.ecluse.scheduler.RunRequest;
import io.ecluse.scheduler.RunState;
import io.ecluse.scheduler.TaskProgress;
import io.ecluse.scheduler.Trigger;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A file with errors stops what depends on it and nothing else: runs, schedules, pages. */
@Timeout(120)
class BrokenFilesTest {
  private static final String SOUND = "/* ecluse\ndescription: Sound\n*/\nSELECT 1 AS id\n";
  private static final String WRONG =
      "/* ecluse\ndescription: Wrong\n*/\nSELECT 1 AS id FROM WHERE\n";
  private static final String PLACE = "models/marts/wrong.sql:4:";

  @TempDir Path folder;
  private final String database = Servers.newMigratedDatabase();
  private Platform platform;

  @BeforeEach
  void open() throws IOException {
    write("ecluse.yaml", "name: some\n");
    write("models/marts/sound.sql", SOUND);
    write("models/marts/wrong.sql", WRONG);
    write("models/marts/reads_wrong.sql", SOUND + "UNION ALL SELECT id FROM marts.wrong\n");
    write("dags/all.yaml", "retries: 2\ntasks:\n  build: { build: \"marts.*\" }\n");
    write("dags/sound.yaml", "schedule: \"0 3 * * *\"\ntasks:\n  build: { build: marts.sound }\n");
    write("dags/lost.yaml", "tasks:\n  build: { build: marts.nowhere }\n");
    write("dashboards/sound.yaml", dashboard("select id from marts.sound"));
    write("dashboards/wrong.yaml", "title: Wrong\ntiles: 3\n");
    platform = platform();
  }

  @AfterEach
  void close() {
    platform.close();
  }

  private Platform platform() {
    String url = Servers.url(database);
    return new Platform(
        new Platform.Opening(
            folder, "dev", Platform.Workers.HERE, 4, Map.of("ECLUSE_DATABASE_URL", url)));
  }

  private void write(String name, String text) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }

  private static String dashboard(String query) {
    return """
        title: Sound
        tiles:
          - { id: ids, title: Ids, kind: table, query: "%s" }
          - { id: lost, title: Lost, kind: table, query: "select id from marts.nowhere" }
          - { id: slip, title: Slip, kind: table, query: "select idd from marts.sound" }
        """
        .formatted(query);
  }

  private Run run(Function<DagExpander, Dag> wanted) {
    Project project = platform.project().get();
    Dag dag = wanted.apply(new DagExpander(project));
    String run =
        platform
            .scheduler()
            .start(
                new RunRequest(dag, Trigger.MANUAL, Instant.now(), Writes.of(dag))
                    .reading(project.bundle()));
    return platform.scheduler().awaitEnd(run);
  }

  private Run run(String dag) {
    return run(expander -> expander.expand(platform.project().get().dag(dag)));
  }

  private Map<String, TaskProgress> tasks(Run run) {
    return platform.scheduler().tasks(run.id()).stream()
        .collect(Collectors.toMap(t -> t.taskId(), t -> t.state()));
  }

  @Test
  void aRunFailsAtTheBrokenModelAtOnceAndBuildsAllThatDoesNotReadIt() {
    Run run = run("all");

    assertThat(run.state()).isEqualTo(RunState.FAILED);
    assertThat(run.error().orElse("")).contains("marts.wrong").contains(PLACE);
    assertThat(tasks(run))
        .containsEntry("build.marts.wrong", TaskProgress.FAILED)
        .containsEntry("build.marts.reads_wrong", TaskProgress.UPSTREAM_FAILED)
        .containsEntry("build.marts.sound", TaskProgress.SUCCESS);
    assertThat(platform.scheduler().attempts(run.id(), "build.marts.wrong")).hasSize(1);
  }

  @Test
  void otherModelsAndDagsRunAndPublish() {
    assertThat(run(expander -> expander.build("marts.sound")).state()).isEqualTo(RunState.SUCCESS);
    assertThat(run("sound").state()).isEqualTo(RunState.SUCCESS);
    assertThat(DemoFixture.rows(platform, "select id from marts.sound")).hasSize(1);
    platform.starts().followSchedules();
    assertThat(platform.scheduler().nextRun("sound")).isPresent();
    assertThatThrownBy(() -> run("lost"))
        .hasMessageContaining("The DAG lost cannot be used")
        .hasMessageContaining("dags/lost.yaml:2:19: error: No model is selected");
  }

  @Test
  void anAuditThatNobodyCanReadStillGuardsTheTablesItNames() throws IOException {
    write("tests/guard.sql", "SELECT id FROM marts.sound WHERE WHERE id < 0\n");
    platform.project().reload();

    Run run = run(expander -> expander.build("marts.sound"));

    assertThat(run.state()).isEqualTo(RunState.FAILED);
    assertThat(run.error().orElse("")).contains("tests/guard.sql:1:");
    assertThat(platform.warehouse().isPublished(run.id())).isFalse();
  }

  @Test
  void whatIsChangedBesideABrokenFileTakesEffectAndMendingItToo() throws IOException {
    write("models/marts/late.sql", SOUND);
    assertThat(platform.project().reload().errors()).isNotEmpty();
    assertThat(run(expander -> expander.build("marts.late")).state()).isEqualTo(RunState.SUCCESS);

    write("models/marts/wrong.sql", SOUND);
    platform.project().reload();
    assertThat(run("all").state()).isEqualTo(RunState.SUCCESS);

    write("ecluse.yaml", "nam: some\n");
    assertThat(platform.project().reload().project()).isEmpty();
    assertThat(run("all").state()).isEqualTo(RunState.SUCCESS);
  }

  @Test
  void twoCirclesOfModelsStopOnlyThemselves() throws IOException {
    write(
        "models/marts/a.sql",
        SOUND + "UNION ALL SELECT id FROM marts.b UNION SELECT 2 FROM marts.c\n");
    write("models/marts/b.sql", SOUND + "UNION ALL SELECT id FROM marts.a\n");
    write("models/marts/c.sql", SOUND + "UNION ALL SELECT id FROM marts.a\n");
    platform.project().reload();

    assertThat(run(expander -> expander.build("marts.sound")).state()).isEqualTo(RunState.SUCCESS);
    Run circle = run(expander -> expander.build("marts.a+"));
    assertThat(circle.state()).isEqualTo(RunState.FAILED);
    assertThat(circle.error().orElse("")).contains("Models read each other in a circle");
  }

  @Test
  void pagesShowWhatIsBrokenAndServeTheRest() throws IOException {
    run("sound");
    try (WebServer server = WebServer.start(platform, new WebSettings("127.0.0.1", 0))) {
      String token = platform.tokens().newBearer("test");
      assertThat(get(server, token, "/health").statusCode()).isEqualTo(200);

      JsonNode dags = json(get(server, token, "/api/v1/dags"));
      assertThat(named(dags, "lost").path("broken").asString("")).contains("dags/lost.yaml:2:19");
      assertThat(named(dags, "sound").path("broken").isNull()).isTrue();
      JsonNode boards = json(get(server, token, "/api/v1/dashboards"));
      assertThat(named(boards, "wrong").path("broken").asString(""))
          .contains("dashboards/wrong.yaml:2:8");

      HttpResponse<String> wrong = get(server, token, "/api/v1/dashboards/wrong");
      assertThat(wrong.statusCode()).isBetween(400, 499);
      assertThat(wrong.body()).contains("INVALID_PROJECT").contains("dashboards/wrong.yaml:2:8");

      HttpResponse<String> tiles =
          BlankServer.send(
              BlankServer.request(server, "/api/v1/dashboards/sound/data")
                  .header("Authorization", "Bearer " + token)
                  .POST(HttpRequest.BodyPublishers.ofString("{}")));
      assertThat(tiles.body()).contains("\"tile\":\"ids\",\"state\":\"ok\"");
      assertThat(tiles.body()).contains("\"tile\":\"lost\",\"state\":\"error\"");
      assertThat(tiles.body()).contains("\"tile\":\"slip\",\"state\":\"error\"");

      platform.project().check();
      assertThat(get(server, token, "/api/v1/project/problems").body())
          .contains("models/marts/wrong.sql")
          .contains("dags/lost.yaml")
          .contains("dashboards/wrong.yaml")
          .contains("There is no column 'idd' (line 1, column 8 of the query)");
    }
  }

  private static JsonNode named(JsonNode lines, String id) {
    for (JsonNode line : lines) {
      if (line.path("id").asString("").equals(id)) {
        return line;
      }
    }
    throw new AssertionError("No " + id + " in " + lines);
  }

  private static JsonNode json(HttpResponse<String> response) {
    return JsonMapper.shared().readTree(response.body());
  }

  private static HttpResponse<String> get(WebServer server, String token, String path) {
    return BlankServer.send(
        BlankServer.request(server, path).header("Authorization", "Bearer " + token));
  }
}
