package io.ecluse.project;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ecluse.Registrations;
import io.ecluse.duckdb.EngineParser;
import io.ecluse.pipeline.Dag;
import io.ecluse.pipeline.Task;
import io.ecluse.pipeline.Work;
import io.ecluse.schema.RowsWanted;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DagExpanderTest {
  @TempDir Path folder;

  @Test
  void expandsTheExample() throws IOException {
    Project project = Fixtures.project();

    Dag dag = new DagExpander(project).expand(project.dag("erp_daily"));

    assertGolden("erp_daily", dag);
    assertThat(dag.limits().maxParallelTasks()).isEqualTo(3);
    assertThat(dag.task("extract_erp").orElseThrow().timeout()).isEqualTo(Duration.ofHours(2));
    assertThat(dag.task("build.marts.students").orElseThrow().retry().retries()).isEqualTo(1);
  }

  @Test
  void makesDagsOfCommands() throws IOException {
    DagExpander expander = new DagExpander(Fixtures.project());

    assertGolden(
        "extract", expander.extract("erp", List.of("students", "grades"), RowsWanted.AS_PLANNED));
    assertGolden("load", expander.load("erp", List.of("students", "grades")));
    assertGolden("load_all", expander.load("erp", List.of()));
    assertGolden("build_all", expander.build("*"));
    assertGolden("build_upstream", expander.build("+marts.students"));
    assertGolden("test_downstream", expander.test("marts.students+"));
  }

  @Test
  void whoIsNearestToTheWorkSaysByWhichEngineItIsDone() throws IOException {
    Fixtures.copy(Fixtures.supinfo(), folder.resolve("p"));
    prepend("p/ecluse.yaml", "cluster: far\nclusters: { far: { type: local } }\n");
    prepend("p/dags/erp_daily.yaml", "engine: duckdb\ncluster: far\n");
    Path model = folder.resolve("p/models/marts/students.sql");
    Files.writeString(
        model, Files.readString(model).replaceFirst("/\\* ecluse\n", "/* ecluse\nengine: spark\n"));
    Project project =
        new ProjectReader(new EngineParser(), Registrations.builtIn().vocabulary())
            .read(folder.resolve("p"))
            .orThrow();
    Compute asked = new Compute(Optional.of("auto"), Optional.empty());

    Dag file = new DagExpander(project).expand(project.dag("erp_daily"));
    Dag command = new DagExpander(project, asked).expand(project.dag("erp_daily"));
    Dag alone = new DagExpander(project).build("marts.students");

    assertThat(Compute.of(file.task("build.marts.students").orElseThrow().work()))
        .isEqualTo(new Compute(Optional.of("spark"), Optional.of("far")));
    assertThat(Compute.of(file.task("build.marts.attendance").orElseThrow().work()))
        .isEqualTo(new Compute(Optional.of("duckdb"), Optional.of("far")));
    assertThat(Compute.of(command.task("test.marts.students").orElseThrow().work()))
        .isEqualTo(new Compute(Optional.of("auto"), Optional.of("far")));
    assertThat(Compute.of(alone.task("build.marts.students").orElseThrow().work()))
        .isEqualTo(new Compute(Optional.of("spark"), Optional.empty()));
    assertThat(project.settings("dev").compute().cluster()).contains("far");
  }

  @Test
  void tasksWaitInTheQueueOfTheirDagUnlessTheySayAnother() throws IOException {
    Fixtures.copy(Fixtures.supinfo(), folder.resolve("p"));
    prepend("p/dags/erp_daily.yaml", "queue: heavy\n");
    Path file = folder.resolve("p/dags/erp_daily.yaml");
    Files.writeString(
        file,
        Files.readString(file).replaceFirst("(extract: erp)(,?)", "$1, queue: near_the_erp$2"));
    Project project =
        new ProjectReader(new EngineParser(), Registrations.builtIn().vocabulary())
            .read(folder.resolve("p"))
            .orThrow();

    Dag dag = new DagExpander(project).expand(project.dag("erp_daily"));

    assertThat(dag.task("extract_erp").orElseThrow().queue()).isEqualTo("near_the_erp");
    assertThat(dag.task("build.marts.students").orElseThrow().queue()).isEqualTo("heavy");
    assertThat(dag.task("publish").orElseThrow().queue()).isEqualTo("default");
    assertThat(dag.only(java.util.Set.of("extract_erp")).tasks().get(0).queue())
        .isEqualTo("near_the_erp");
  }

  private void prepend(String name, String text) throws IOException {
    Path file = folder.resolve(name);
    Files.writeString(file, text + Files.readString(file));
  }

  @Test
  void refusesWhatIsNotThere() {
    DagExpander expander = new DagExpander(Fixtures.project());

    assertThatThrownBy(() -> expander.build("marts.student"))
        .hasMessage("No model is selected by 'marts.student': did you mean marts.students?");
    assertThatThrownBy(() -> expander.build("marts/*")).hasMessageContaining("Wrong selector");
    assertThatThrownBy(() -> expander.extract("erp", List.of("student"), RowsWanted.AS_PLANNED))
        .hasMessage("The project has no stream of erp 'student': did you mean students?");
    assertThatThrownBy(() -> expander.load("erp", List.of("student")))
        .hasMessage("The project has no stream of erp 'student': did you mean students?");
    assertThatThrownBy(() -> expander.extract("crm", List.of(), RowsWanted.AS_PLANNED))
        .hasMessage("The project has no source 'crm': there is only erp");
  }

  @Test
  void loadsEverythingInOneTaskWhenStreamsAreNotKnown() throws IOException {
    Fixtures.copy(Fixtures.supinfo(), folder.resolve("p"));
    Path source = folder.resolve("p/sources/erp.yaml");
    String text = Files.readString(source);
    Files.writeString(source, text.substring(0, text.indexOf("streams:")));
    Project project =
        new ProjectReader(new EngineParser(), Registrations.builtIn().vocabulary())
            .read(folder.resolve("p"))
            .orThrow();

    Dag dag = new DagExpander(project).expand(project.dag("erp_daily"));

    assertThat(dag.task("load_erp").orElseThrow().work())
        .isEqualTo(new Work("load", Map.of("source", "erp")).with("stream", "*").writing("erp.*"));
    assertThat(dag.task("build.marts.attendance").orElseThrow().upstream())
        .containsExactly("load_erp");
  }

  private static void assertGolden(String name, Dag dag) throws IOException {
    String text =
        dag.tasks().stream()
            .map(DagExpanderTest::line)
            .collect(Collectors.joining("\n", dag.id() + "\n", "\n"));
    Fixtures.assertGolden(Fixtures.RESOURCES.resolve("expanded/" + name + ".txt"), text);
  }

  private static String line(Task task) {
    return "%s: %s %s <- %s"
        .formatted(
            task.id(), task.work().kind(), task.work().label(), String.join(", ", task.upstream()));
  }
}
