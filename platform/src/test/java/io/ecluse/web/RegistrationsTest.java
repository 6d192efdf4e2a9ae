package io.ecluse.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ecluse.DemoFixture;
import io.ecluse.Platform;
import io.ecluse.Registrations;
import io.ecluse.Servers;
import io.ecluse.engine.Job;
import io.ecluse.error.EcluseException;
import io.ecluse.flow.RunStarts;
import io.ecluse.flow.TaskKind;
import io.ecluse.flow.TaskRun;
import io.ecluse.pipeline.Work;
import io.ecluse.project.DagExpander;
import io.ecluse.project.DagFile;
import io.ecluse.project.Expansion.Planned;
import io.ecluse.project.Format;
import io.ecluse.project.JsonSchemas;
import io.ecluse.project.Localized;
import io.ecluse.project.Problem;
import io.ecluse.project.Shape;
import io.ecluse.project.StepCheck;
import io.ecluse.project.Value;
import io.ecluse.scheduler.Run;
import io.ecluse.scheduler.RunState;
import io.ecluse.scheduler.TaskResult;
import io.ecluse.scheduler.TaskState;
import io.ecluse.scheduler.Trigger;
import io.ecluse.transform.Building;
import io.ecluse.transform.Materialization;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A kind of task and a materialisation, each registered by one line, and a whole flow with them.
 */
@Timeout(120)
class RegistrationsTest {
  @TempDir Path folder;
  private final String database = Servers.newMigratedDatabase();

  /** Rings at a door: {@code { ring: DOOR, times: N }} becomes N tasks that answer later. */
  private static final class Ring implements TaskKind {
    @Override
    public String name() {
      return "ring";
    }

    @Override
    public Localized word() {
      return new Localized("ring", "sonnerie");
    }

    @Override
    public List<Shape.Field> keys() {
      return List.of(
          Shape.Field.optional("ring", new Shape.Text(Format.NAME), "A door to ring at."),
          Shape.Field.optional("times", new Shape.Whole(1, 9), "How often; once unless said."));
    }

    @Override
    public void check(StepCheck step) {
      step.task()
          .text("ring")
          .filter(door -> door.text().equals("nobodys"))
          .ifPresent(door -> step.error(door.at(), "There is no door '%s'".formatted(door.text())));
    }

    @Override
    public DagFile.Action action(Value.Entries task) {
      String door = task.text("ring", "");
      int times = task.whole("times").orElse(1);
      return expansion -> {
        for (int i = 1; i <= times; i++) {
          Work work = new Work("ring", Map.of("door", door)).with("turn", List.of("" + i));
          expansion.add(Planned.of(expansion.step() + "." + i, work));
        }
      };
    }

    @Override
    public Optional<Target> target(Work work) {
      return Optional.of(new Target("source", work.text("door")));
    }

    @Override
    public TaskResult run(TaskRun run) {
      if (run.attempt().handle().isEmpty()) {
        return new TaskResult.Again(Duration.ofMillis(1), Optional.of("bell-7"));
      }
      return run.work().list("turn").equals(List.of("2"))
          ? new TaskResult.Skipped("The door is open already")
          : new TaskResult.Done(1, 0, Map.of("bell", run.attempt().handle().orElseThrow()));
    }
  }

  /** Keeps the first rows only: {@code materialized: first_rows}, {@code rows: N}. */
  private static final class FirstRows implements Materialization {
    @Override
    public String name() {
      return "first_rows";
    }

    @Override
    public List<Shape.Field> keys() {
      return List.of(
          Shape.Field.optional("rows", new Shape.Whole(1, 1000), "How many rows to keep."));
    }

    @Override
    public Job build(Building building) {
      return building.fill(
          building.columns(),
          "SELECT * FROM (%s) LIMIT %s"
              .formatted(
                  building.model().sql(), building.model().materialized().texts().get("rows")));
    }
  }

  private static Registrations registrations() {
    return Registrations.builtIn().with(new Ring()).with(new FirstRows());
  }

  private Platform platform(Registrations registrations) {
    return new Platform(
        new Platform.Opening(
                folder,
                "dev",
                Platform.Workers.HERE,
                4,
                Map.of("ECLUSE_DATABASE_URL", Servers.url(database)))
            .with(registrations));
  }

  private void write(String name, String text) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }

  private void writeProject() throws IOException {
    write("ecluse.yaml", "name: some\n");
    write(
        "models/marts/few.sql",
        "/* ecluse\nmaterialized: first_rows\nrows: 3\n*/\nSELECT range AS id FROM range(10)\n");
    write(
        "dags/doors.yaml",
        """
        tasks:
          front: { ring: front_door, times: 2 }
          build: { build: "*", after: front }
        """);
  }

  private static Run run(Platform platform) {
    String run =
        platform
            .starts()
            .start(
                new RunStarts.Wish(
                    project -> new DagExpander(project).expand(project.dag("doors")),
                    Map.of(),
                    Trigger.MANUAL));
    return platform.scheduler().awaitEnd(run);
  }

  @Test
  void aWholeFlowRunsWithAKindOfTaskAndAMaterialisationOfTheirOwn() throws IOException {
    writeProject();
    try (Platform platform = platform(registrations())) {
      assertThat(platform.project().problems()).isEmpty();
      Run run = run(platform);

      assertThat(run.error()).isEmpty();
      assertThat(run.state()).isEqualTo(RunState.SUCCESS);
      TaskState first = platform.scheduler().task(run.id(), "front.1").orElseThrow();
      assertThat(first.facts()).containsEntry("bell", "bell-7");
      TaskState second = platform.scheduler().task(run.id(), "front.2").orElseThrow();
      assertThat(second.facts()).containsValue("The door is open already");
      assertThat(DemoFixture.rows(platform, "select count(*) from marts.few"))
          .containsExactly(List.of("3"));
    }
  }

  @Test
  void filesAreCheckedAndDescribedWithWhatIsRegistered() throws IOException {
    writeProject();
    write("dags/wrong.yaml", "tasks:\n  a: { ring: nobodys }\n  b: { ring: x, times: many }\n");
    write("dags/lonely.yaml", "tasks:\n  a: { times: 2 }\n");
    write("models/marts/wrong.sql", "/* ecluse\nrows: 3\n*/\nSELECT 1 AS id\n");
    try (Platform platform = platform(registrations())) {
      assertThat(platform.project().problems())
          .extracting(Problem::message)
          .containsExactlyInAnyOrder(
              "There is no door 'nobodys'",
              "Expected a whole number from 1 to 9, found the text 'many'",
              "The key 'times' means nothing without ring",
              "The key 'rows' means nothing without materialized: first_rows");
    }
    Map<String, String> schemas = new JsonSchemas(registrations().vocabulary()).all();
    assertThat(schemas.get("dag")).contains("\"A door to ring at.\"");
    assertThat(schemas.get("model")).contains("\"first_rows\"").contains("How many rows to keep.");
  }

  @Test
  void pagesCallAKindAsItIsRegisteredAndOneThatIsGoneByItsName() throws IOException {
    writeProject();
    String run;
    try (Platform platform = platform(registrations())) {
      run = run(platform).id();
      assertThat(task(platform, run).path("kind_word").path("fr").asString()).isEqualTo("sonnerie");
      JsonNode node = node(platform, run);
      assertThat(node.path("label").asString()).isEqualTo("front_door");
      assertThat(node.path("target").path("name").asString()).isEqualTo("front_door");
    }
    write("dags/doors.yaml", "tasks:\n  build: { build: \"*\" }\n");
    write("models/marts/few.sql", "/* ecluse\n*/\nSELECT 1 AS id\n");
    try (Platform platform = platform(Registrations.builtIn())) {
      assertThat(task(platform, run).path("kind").asString()).isEqualTo("ring");
      assertThat(task(platform, run).path("kind_word").path("en").asString()).isEqualTo("ring");
      assertThat(node(platform, run).path("target").isNull()).isTrue();
    }
  }

  @Test
  void twoOfOneNameAreRefused() {
    Registrations twice = registrations().with(new Ring());
    assertThatThrownBy(twice::vocabulary)
        .isInstanceOf(EcluseException.class)
        .hasMessageContaining("'ring' is registered twice");
    assertThat(Set.copyOf(registrations().vocabulary().tasks().keySet())).contains("ring");
  }

  private static JsonNode task(Platform platform, String run) {
    return get(platform, "/api/v1/runs/" + run).path("tasks").get(0);
  }

  private static JsonNode node(Platform platform, String run) {
    return get(platform, "/api/v1/runs/" + run + "/graph").get(0);
  }

  private static JsonNode get(Platform platform, String path) {
    try (WebServer server = WebServer.start(platform, new WebSettings("127.0.0.1", 0))) {
      String token = platform.tokens().newBearer("test");
      HttpResponse<String> response =
          BlankServer.send(
              BlankServer.request(server, path).header("Authorization", "Bearer " + token));
      assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
      return JsonMapper.shared().readTree(response.body());
    }
  }
}
