package io.ecluse.flow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ecluse.DemoFixture;
import io.ecluse.engine.Cancellation;
import io.ecluse.error.EcluseException;
import io.ecluse.error.ErrorCode;
import io.ecluse.pipeline.Dag;
import io.ecluse.project.DagExpander;
import io.ecluse.project.Project;
import io.ecluse.project.RunParams;
import io.ecluse.query.SpillFolder;
import io.ecluse.scheduler.Run;
import io.ecluse.scheduler.RunRequest;
import io.ecluse.scheduler.RunState;
import io.ecluse.scheduler.TaskProgress;
import io.ecluse.scheduler.TaskState;
import io.ecluse.scheduler.Trigger;
import io.ecluse.schema.Effect;
import io.ecluse.schema.TableName;
import io.ecluse.warehouse.ReadView;
import io.ecluse.warehouse.TableSnapshot;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The demo's flow as its users see it: one life of one project, step after step. */
@Timeout(120)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class FirstFlowTest extends SchoolLab {
  private static final Path AUDIT = Path.of("tests", "nobody_is_called_zz.sql");
  @TempDir static Path temp;
  private static Run first;
  private static Run second;

  @BeforeAll
  static void open() {
    demo = DemoFixture.open(temp.resolve("supinfo"), 0.1);
    first = demo.run();
  }

  @AfterAll
  static void close() {
    demo.close();
  }

  @Test
  @Order(1)
  void bringsTheErpIntoTestedMarts() throws Exception {
    assertThat(first.state()).as(String.valueOf(first.error())).isEqualTo(RunState.SUCCESS);
    for (String table : List.of("students", "attendances", "grades", "lessons", "companies")) {
      assertThat(demo.value("select count(*) from erp." + table)).as(table).isEqualTo(inErp(table));
    }
    assertThat(demo.value("select count(*) from marts.students")).isEqualTo(inErp("students"));
    assertThat(
            demo.platform().scheduler().tasks(first.id()).stream().map(TaskState::state).distinct())
        .containsExactly(TaskProgress.SUCCESS);
  }

  @Test
  @Order(2)
  void givesTheSameTablesWhenRunAgain() {
    List<List<String>> before = everything();
    second = demo.run();

    assertThat(second.state()).isEqualTo(RunState.SUCCESS);
    assertThat(everything()).isEqualTo(before);
    assertThat(demo.platform().warehouse().history(new TableName("marts", "students"))).hasSize(2);
  }

  @Test
  @Order(3)
  void leavesThePublishedTablesAsTheyAreWhenATestFails() throws IOException {
    Map<TableName, Long> before = snapshots();
    Files.writeString(
        demo.folder().resolve(AUDIT),
        "SELECT student_id FROM marts.students WHERE student_id > 0\n");
    assertThat(demo.platform().project().reload().errors()).isEmpty();

    List<List<String>> rows = everything();
    String id = demo.start();
    int looks = 0;
    while (!demo.platform().scheduler().find(id).orElseThrow().state().isEnd()) {
      assertThat(everything()).as("what readers see while the run goes on").isEqualTo(rows);
      looks++;
    }
    Run failed = demo.platform().scheduler().awaitEnd(id);

    assertThat(looks).as("queries during the run").isPositive();
    assertThat(everything()).as("what readers see after the run").isEqualTo(rows);
    assertThat(failed.state()).isEqualTo(RunState.FAILED);
    assertThat(failed.error().orElseThrow())
        .contains("nobody_is_called_zz is broken by")
        .contains("student_id = ");
    assertThat(snapshots()).isEqualTo(before);
    assertThat(demo.platform().warehouse().isPublished(failed.id())).isFalse();
    assertThat(seenByRun(failed.id())).isNotEqualTo(before.get(new TableName("marts", "students")));

    Files.delete(demo.folder().resolve(AUDIT));
    demo.platform().project().reload();
  }

  @Test
  @Order(4)
  void rollsBackTheLastRunAndNoOther() {
    assertThatThrownBy(() -> demo.platform().warehouse().rollBack(first.id()))
        .hasMessageContaining("was changed since by run " + second.id());

    demo.platform().warehouse().rollBack(second.id());

    assertThat(demo.platform().warehouse().isPublished(second.id())).isFalse();
    Map<TableName, TableSnapshot> now =
        demo.platform()
            .warehouse()
            .snapshots(Set.of(new TableName("marts", "students")), ReadView.PUBLISHED);
    assertThat(now.values()).allMatch(s -> s.runId().orElseThrow().equals(first.id()));
    assertThatThrownBy(() -> demo.platform().warehouse().rollBack(second.id()))
        .isInstanceOf(EcluseException.class)
        .extracting(e -> ((EcluseException) e).code())
        .isEqualTo(ErrorCode.NOT_FOUND);
  }

  @Test
  @Order(5)
  void readsTheTablesAsTheyWereAtATime() throws Exception {
    String before = demo.value("select count(*) from erp.students");
    Instant then = Instant.now();
    try (Connection erp = demo.erp().connect();
        Statement statement = erp.createStatement()) {
      statement.execute(
          "INSERT INTO students (id, first_name, last_name, gender, campus_id, promotion) VALUES (999999999, 'Zoé', 'Nouvelle', 'Mme', 1, 'BSC')");
    }
    assertThat(demo.run().state()).isEqualTo(RunState.SUCCESS);

    assertThat(Long.parseLong(demo.value("select count(*) from erp.students")))
        .isEqualTo(Long.parseLong(before) + 1);
    long[] rows = {0};
    demo.platform()
        .engine()
        .run(
            "select id from erp.students",
            new ReadView.AsOf(then),
            new Cancellation(),
            new io.ecluse.engine.RowReader() {
              @Override
              public void columns(List<String> names, List<String> types) {}

              @Override
              public boolean row(Object[] values) {
                rows[0]++;
                return true;
              }
            });
    assertThat(rows[0]).isEqualTo(Long.parseLong(before));
  }

  @Test
  @Order(6)
  void saysWhichModelIsWrongAndWhere() throws IOException {
    Path model = demo.folder().resolve("models/marts/broken.sql");
    Files.writeString(
        model,
        "/* ecluse\ndescription: Wrong.\n*/\nSELECT s.id,\n  s.nonsense\nFROM erp.students s\n");
    assertThat(demo.platform().project().reload().errors()).isEmpty();

    Run failed = demo.run();

    assertThat(failed.error().orElseThrow())
        .contains("models/marts/broken.sql:5:")
        .contains("nonsense");
    Files.delete(model);
    demo.platform().project().reload();
  }

  @Test
  @Order(7)
  void endsWithAnExternalErrorWhenTheErpIsStopped() throws IOException {
    Path source = demo.folder().resolve("sources/erp.yaml");
    String text = Files.readString(source);
    Files.writeString(source, text.replaceAll("port: \\d+", "port: 1"));
    Path dag = demo.folder().resolve("dags/erp_daily.yaml");
    String dagText = Files.readString(dag);
    Files.writeString(dag, dagText.replace("retries: 2", "retries: 0"));
    assertThat(demo.platform().project().reload().errors()).isEmpty();

    Run failed = demo.run();

    assertThat(failed.error().orElseThrow())
        .contains("no PostgreSQL answers at 127.0.0.1:1")
        .contains("connection.port");
    Files.writeString(source, text);
    Files.writeString(dag, dagText);
    demo.platform().project().reload();
  }

  /** The two newest publications become of 28 and 56 days ahead, or are put back. */
  private static void movePublications(String sign) {
    demo.platform()
        .metadata()
        .jdbi()
        .useHandle(
            handle ->
                handle.execute(
                    """
                    UPDATE publication p SET published_at = published_at %s n.n * interval '28 days'
                    FROM (SELECT run_id, 3 - row_number() OVER (ORDER BY published_at DESC) AS n
                          FROM publication ORDER BY published_at DESC LIMIT 2) n
                    WHERE p.run_id = n.run_id
                    """
                        .formatted(sign)));
  }

  @Test
  @Order(8)
  void forgetsWhatHasHadItsTimeAndNothingElse() throws IOException {
    for (int i = 0; i < 3; i++) {
      assertThat(demo.run().state()).isEqualTo(RunState.SUCCESS);
    }
    List<List<String>> before = everything();
    TableName students = new TableName("marts", "students");
    assertThat(demo.platform().maintenance().run(Effect.REMOVE).tables().snapshots())
        .as("states younger than 30 days")
        .isZero();
    Maintenance inTwoMonths =
        new Maintenance(
            () -> demo.platform().project().get().settings(Project.DEFAULT_ENVIRONMENT),
            demo.platform().staging(),
            demo.platform().warehouse(),
            demo.platform().scheduler(),
            SpillFolder.open(temp.resolve("spill")),
            Clock.offset(Clock.systemUTC(), Duration.ofDays(60)));
    // Months without any publication do not count: work has gone on in them.
    movePublications("+");
    long bytes = bytes();
    Maintenance.Report told = inTwoMonths.run(Effect.TELL);
    assertThat(bytes()).isEqualTo(bytes);
    Maintenance.Report report = inTwoMonths.run(Effect.REMOVE);

    assertThat(report).isEqualTo(told);
    assertThat(report.tables().snapshots()).isPositive();
    assertThat(report.batches().batches()).isPositive();
    assertThat(bytes()).isLessThan(bytes - report.batches().bytes());
    assertThat(demo.platform().warehouse().history(students)).hasSize(5);
    assertThat(demo.platform().staging().list("erp", "students")).hasSize(1);
    assertThat(demo.platform().warehouse().stagingRuns()).isEmpty();
    assertThat(everything()).isEqualTo(before);
    movePublications("-");
    Run next = demo.run();
    assertThat(next.state()).isEqualTo(RunState.SUCCESS);
    demo.platform().warehouse().rollBack(next.id());
    assertThat(everything()).isEqualTo(before);
    inTwoMonths.close();

    Instant now = Instant.now();
    assertThat(demo.platform().warehouse().claimMaintenance(now, now.minus(Duration.ofHours(1))))
        .as("the first run had it done in the background")
        .isFalse();
  }

  @Test
  @Order(9)
  void makesAModelAViewAndATableAgain() throws IOException {
    Path model = demo.folder().resolve("models/marts/students.sql");
    String text = Files.readString(model);
    List<List<String>> before = everything();
    Files.writeString(model, text.replaceFirst("/\\* ecluse\n", "/* ecluse\nmaterialized: view\n"));
    assertThat(demo.platform().project().reload().errors()).isEmpty();

    Run run = demo.run();

    assertThat(run.state()).as(String.valueOf(run.error())).isEqualTo(RunState.SUCCESS);
    assertThat(demo.platform().warehouse().view(new TableName("marts", "students"))).isPresent();
    assertThat(rowsOf("marts.students")).isEqualTo(rowsIn(before));
    Files.writeString(model, text);
    demo.platform().project().reload();
    assertThat(demo.run().state()).isEqualTo(RunState.SUCCESS);
    assertThat(demo.platform().warehouse().view(new TableName("marts", "students"))).isEmpty();
    assertThat(everything()).isEqualTo(before);
  }

  @Test
  @Order(10)
  void buildsWithTheParametersOfTheRun() throws IOException {
    Path model = demo.folder().resolve("models/marts/of_promotion.sql");
    Files.writeString(
        model,
        """
        /* ecluse
        description: Students of one promotion.
        */
        SELECT s.id, s.promotion FROM erp.students s WHERE s.promotion = ${param:promotion}
        """);
    assertThat(demo.platform().project().reload().errors())
        .as("the DAG does not declare it")
        .isNotEmpty();
    Path dag = demo.folder().resolve("dags/erp_daily.yaml");
    Files.writeString(dag, "params: { promotion: BSC }\n" + Files.readString(dag));
    assertThat(demo.platform().project().reload().errors()).isEmpty();

    assertThat(promotions(Map.of())).isEqualTo("BSC");
    assertThat(promotions(Map.of("promotion", "MSC1"))).isEqualTo("MSC1");
    assertThat(promotions(Map.of("promotion", "' OR 1 = 1 --"))).isEqualTo("null");
    assertThatThrownBy(() -> promotions(Map.of("promotoin", "BSC")))
        .hasMessageContaining("has no parameter 'promotoin': did you mean promotion?");
  }

  /** Builds the model in a run with parameters, and tells which promotions are in it. */
  private static String promotions(Map<String, String> given) {
    Project project = demo.platform().project().get();
    Dag dag = new DagExpander(project).build("marts.of_promotion");
    Map<String, String> params = new RunParams(project).of(dag, given);
    Run run =
        demo.platform()
            .scheduler()
            .awaitEnd(
                demo.platform()
                    .scheduler()
                    .start(
                        new RunRequest(dag, Trigger.CLI, Instant.now(), params, Writes.of(dag))));
    assertThat(run.state()).as(String.valueOf(run.error())).isEqualTo(RunState.SUCCESS);
    assertThat(run.params()).isEqualTo(params).containsKey("promotion");
    return demo.value("select string_agg(distinct promotion, ',') from marts.of_promotion");
  }
}
