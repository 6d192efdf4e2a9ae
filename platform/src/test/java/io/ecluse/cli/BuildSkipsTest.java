package io.ecluse.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.ecluse.Platform;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** {@code ecluse build} leaves as it is what would come out the same, and nothing else. */
@Timeout(300)
class BuildSkipsTest {
  @TempDir Path folder;
  private Platform platform;

  @BeforeEach
  void write() throws IOException {
    Files.createDirectories(folder.resolve("models/marts"));
    Files.createDirectories(folder.resolve("dags"));
    Files.createDirectories(folder.resolve("tests"));
    Files.writeString(folder.resolve("ecluse.yaml"), "name: skips\n");
    model("base", "description: Base", "SELECT 1 AS x");
    model("reads_base", "description: Reads", "SELECT x + 1 AS y FROM marts.base");
    model("seen", "description: A view\nmaterialized: view", "SELECT x FROM marts.base");
    model("reads_view", "description: Reads a view", "SELECT x FROM marts.seen");
    model("alone", "description: Alone", "SELECT 5 AS z");
    model("when_built", "description: Clock", "SELECT now() AS at");
    model("by_chance", "description: Chance", "SELECT x, random() AS r FROM marts.base");
    model("today_view", "description: Clock\nmaterialized: view", "SELECT current_date AS day");
    model("reads_today", "description: Reads it", "SELECT day FROM marts.today_view");
    model(
        "by_param", "description: Parameter", "SELECT x FROM marts.base WHERE x < ${param:least}");
    platform =
        new Platform(new Platform.Opening(folder, "dev", Platform.Workers.HERE, 2, Map.of()));
  }

  @AfterEach
  void close() {
    platform.close();
  }

  private static final Set<String> UNSTEADY =
      Set.of("when_built", "by_chance", "today_view", "reads_today", "by_param");

  private void model(String name, String header, String sql) throws IOException {
    Files.writeString(
        folder.resolve("models/marts/" + name + ".sql"),
        "/* ecluse\n" + header + "\n*/\n" + sql + "\n");
  }

  private JsonNode run(String... words) {
    return JsonMapper.shared().readTree(said(words, "--format", "json"));
  }

  private String said(String[] words, String... more) {
    List<String> all = new ArrayList<>(List.of(words));
    all.addAll(List.of("--dir", folder.toString()));
    all.addAll(List.of(more));
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    Door.Request request =
        new Door.Request(
            folder, ZoneOffset.UTC.getId(), RunWatcher.Terminal.ABSENT, "", Map.of(), all);
    int code =
        Commands.run(
            new GuestShell(request, platform),
            new PrintWriter(out, true),
            new PrintWriter(err, true),
            all.toArray(String[]::new));
    assertThat(code).as(out + "\n" + err).isZero();
    return out.toString();
  }

  /** The models that a command built, without their schema. */
  private Set<String> built(String... words) {
    Set<String> built = new TreeSet<>();
    for (JsonNode task : run(words).path("tasks")) {
      if (task.path("kind").asString("").equals("build")) {
        built.add(task.path("task_id").asString("").replace("build.marts.", ""));
      }
    }
    return built;
  }

  private static Set<String> and(Set<String> some, String... others) {
    Set<String> all = new TreeSet<>(some);
    all.addAll(List.of(others));
    return all;
  }

  @Test
  void buildsAgainOnlyWhatWouldComeOutOtherwise() throws IOException {
    String[] build = {"build", "--param", "least=3"};
    assertThat(built(build)).hasSize(10);

    JsonNode again = run(build);
    assertThat(again.path("skipped").asInt(0)).isEqualTo(5);
    assertThat(again.path("skipped_models").toString()).contains("marts.reads_view");
    assertThat(built(build)).isEqualTo(new TreeSet<>(UNSTEADY));
    assertThat(said(build)).contains("Skipped 5 models").contains("--full");
    assertThat(built("build", "--param", "least=3", "--full")).hasSize(10);

    // other SQL: the model, and what reads it, by a view too
    model("base", "description: Base", "SELECT 2 AS x");
    assertThat(built(build)).isEqualTo(and(UNSTEADY, "base", "reads_base", "seen", "reads_view"));
    assertThat(built(build)).isEqualTo(new TreeSet<>(UNSTEADY));

    // another header: a test that nobody has run
    model("alone", "description: Alone\ncolumns:\n  z: { tests: [not_null] }", "SELECT 5 AS z");
    assertThat(built(build)).isEqualTo(and(UNSTEADY, "alone"));

    // upstream that another run made anew; the selected model alone
    assertThat(built("build", "marts.base", "--full")).isEqualTo(Set.of("base"));
    assertThat(built("build", "marts.alone")).isEmpty();
    assertThat(built("build", "marts.reads_view")).isEqualTo(Set.of("reads_view"));
    assertThat(built("build", "marts.reads_view")).isEmpty();
  }

  @Test
  void saysByWhichEngineEachModelWouldBeBuiltAndRunsNothing() {
    JsonNode whys = run("build", "--param", "least=3", "--explain");
    JsonNode asked = run("build", "marts.base", "--explain", "--engine", "spark");

    assertThat(whys).hasSize(10);
    assertThat(whys.toString())
        .contains("\"engine\":\"duckdb\"")
        .contains("as there are no clusters");
    assertThat(whys.toString()).contains("a view has no rows of its own");
    assertThat(asked.toString()).contains("Spark on cluster local, as was asked");
    assertThat(platform.warehouse().tables()).isEmpty();
  }

  @Test
  void seesWhatWasRolledBackAndLeavesNothingOfARunThatFailed() throws IOException {
    for (String unsteady : UNSTEADY) {
      Files.delete(folder.resolve("models/marts/" + unsteady + ".sql"));
    }
    built("build");
    model("alone", "description: Alone", "SELECT 6 AS z");
    String run = run("build").path("id").asString("");
    assertThat(built("build")).isEmpty();
    said(new String[] {"rollback", run});
    assertThat(built("build")).as("the file is newer than what is published").contains("alone");

    model(
        "alone",
        "description: Alone\ncolumns:\n  z: { tests: [unique] }",
        "SELECT unnest([1, 1]) AS z");
    List<String> all = List.of("build", "--dir", folder.toString());
    StringWriter out = new StringWriter();
    Door.Request request =
        new Door.Request(folder, "UTC", RunWatcher.Terminal.ABSENT, "", Map.of(), all);
    for (int i = 0; i < 2; i++) { // the second is no wiser: nothing was published
      assertThat(
              Commands.run(
                  new GuestShell(request, platform),
                  new PrintWriter(out, true),
                  new PrintWriter(out, true),
                  all.toArray(String[]::new)))
          .isEqualTo(Main.FAILED);
    }
    assertThat(out.toString()).contains("unique(z)");
  }

  @Test
  void runsOfDagsBuildEverything() throws IOException {
    Files.writeString(
        folder.resolve("dags/all.yaml"),
        "params: { least: 3 }\ntasks:\n  build: { build: \"*\" }\n");
    assertThat(built("run", "all")).hasSize(10);
    assertThat(built("run", "all")).hasSize(10);
  }

  @Test
  void runsAuditsOfModelsThatAreSkipped() throws IOException {
    Files.writeString(
        folder.resolve("tests/none.sql"),
        "/* ecluse\ndescription: None\n*/\nSELECT z FROM marts.alone WHERE z <> 5\n");
    assertThat(built("build", "marts.alone")).isEqualTo(Set.of("alone"));
    JsonNode again = run("build", "marts.alone");
    assertThat(again.path("tasks").toString()).contains("audit.none").doesNotContain("publish");
  }
}
