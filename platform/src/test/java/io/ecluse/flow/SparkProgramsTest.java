package io.ecluse.flow;

import static org.assertj.core.api.Assertions.assertThat;

import io.ecluse.Platform;
import io.ecluse.Servers;
import io.ecluse.access.Caller;
import io.ecluse.access.Policy;
import io.ecluse.catalog.TableDetail;
import io.ecluse.engine.Cancellation;
import io.ecluse.project.DagExpander;
import io.ecluse.project.Project;
import io.ecluse.query.Ticket;
import io.ecluse.scheduler.Run;
import io.ecluse.scheduler.RunRequest;
import io.ecluse.scheduler.RunState;
import io.ecluse.scheduler.TaskState;
import io.ecluse.scheduler.Trigger;
import io.ecluse.schema.TableName;
import io.ecluse.spark.SparkHome;
import io.ecluse.warehouse.ReadView;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Programs of the project's, those of the demo among them, on a real Spark as tasks of DAGs. */
@Timeout(300)
class SparkProgramsTest {
  @TempDir static Path folder;
  private static Optional<Path> home = Optional.empty();
  private static Platform platform;

  private static void write(String name, String text) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }

  private static void copy(String name) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    try (InputStream in =
        Objects.requireNonNull(
            SparkProgramsTest.class.getResourceAsStream("/templates/supinfo/" + name))) {
      Files.copy(in, file);
    }
  }

  @BeforeAll
  static void project() throws IOException, InterruptedException {
    home = SparkHome.whole();
    write(
        "ecluse.yaml",
        """
        name: school
        clusters:
          local: { type: local, cores: 2, memory: 700MB, idle: 30s, conf: { spark.sql.shuffle.partitions: "2", spark.driver.extraJavaOptions: "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC" } }
        """);
    write(
        "sources/erp.yaml",
        """
        type: files
        location: exports
        streams:
          campuses: { files: campuses.csv }
          students: { files: students.csv }
          grades: { files: grades.csv }
        """);
    write("exports/campuses.csv", "id,name\n1,Lille\n2,Lyon\n");
    write("exports/students.csv", "id,campus_id\n1,1\n2,2\n3,\n4,1\n");
    write(
        "exports/grades.csv",
        "id,student_id,grade\n1,1,53.3\n2,1,70.2\n3,2,99.9\n4,2,\n5,4,\n6,,12.5\n");
    copy("models/core/average_grades.sql");
    for (String file : List.of("AverageGrades.java", "average_grades.jar")) {
      copy("jobs/" + file);
    }
    copy("jobs/average_grades.py");
    copy("jobs/average_grades.sql");
    copy("dags/spark_averages.yaml");
    write(
        "models/marts/averages.sql",
        """
        /* ecluse */
        SELECT s.id AS student_id, c.name AS campus, g.average_grade
        FROM erp.students s LEFT JOIN erp.campuses c ON c.id = s.campus_id
        LEFT JOIN core.average_grades g ON g.student_id = s.id
        """);
    write(
        "dags/daily.yaml",
        """
        retries: 0
        tasks:
          read: { extract: erp }
          load: { load: erp, after: [read] }
          models: { build: "*", after: [load] }
        """);
    Map<String, String> variables = new HashMap<>();
    variables.put(
        "ECLUSE_DATABASE_URL",
        "postgresql://%s:%s@127.0.0.1:%d/%s"
            .formatted(
                Servers.server().user(),
                Servers.server().password(),
                Servers.server().port(),
                Servers.newMigratedDatabase()));
    variables.put("XDG_CACHE_HOME", SparkHome.CACHE);
    home.ifPresent(h -> variables.put("SPARK_HOME", h.toString()));
    platform =
        new Platform(
            new Platform.Opening(
                folder, Project.DEFAULT_ENVIRONMENT, Platform.Workers.HERE, 4, variables));
    requireSuccess(run("daily"));
  }

  @AfterAll
  static void close() {
    Optional<String> warm =
        platform
            .metadata()
            .jdbi()
            .withHandle(
                h ->
                    h.createQuery("SELECT process FROM engine_session WHERE state = 'alive'")
                        .mapTo(String.class)
                        .findOne());
    platform.close();
    warm.flatMap(p -> ProcessHandle.of(Long.parseLong(p.replaceFirst("@.*", ""))))
        .ifPresent(ProcessHandle::destroyForcibly);
  }

  private static String start(String id) {
    Project project = platform.project().get();
    var dag = new DagExpander(project).expand(project.dag(id));
    return platform
        .scheduler()
        .start(
            new RunRequest(
                dag, Trigger.MANUAL, Instant.parse("2026-03-02T10:00:00Z"), Writes.of(dag)));
  }

  private static Run run(String id) {
    return platform.scheduler().awaitEnd(start(id));
  }

  /** A program, and the DAG that has it run; returns the run at its end. */
  private static Run run(String program, String text, String more) throws IOException {
    write("jobs/" + program, text);
    String id = program.replaceAll("\\..*", "");
    write(
        "dags/" + id + ".yaml",
        """
        retries: 0
        schedule: "0 3 * * *"
        timezone: Europe/Paris
        params: { city: Lille }
        tasks:
          it: { spark: jobs/%s, writes: [programs.%s]%s }
        """
            .formatted(program, id, more));
    platform.project().refresh();
    return run(id);
  }

  private static List<Object[]> rows(String sql) {
    Ticket ticket = Ticket.quick(Caller.commandLine(Policy.OPEN), new Cancellation());
    return platform.queries().read(ticket, sql, ReadView.PUBLISHED, 10).rows();
  }

  private static List<TaskState> tasks(Run run) {
    return platform.scheduler().tasks(run.id());
  }

  private static void requireSuccess(Run run) {
    assertThat(run.state())
        .as(
            () ->
                run.error() + "\n" + tasks(run).stream().flatMap(t -> t.error().stream()).toList())
        .isEqualTo(RunState.SUCCESS);
  }

  private static String error(Run run) {
    assertThat(run.state()).isEqualTo(RunState.FAILED);
    return tasks(run).stream().flatMap(t -> t.error().stream()).findFirst().orElseThrow();
  }

  @Test
  void theDemosProgramsMakeWhatItsModelMakes() {
    Assumptions.assumeTrue(home.isPresent(), "No Python, or no registry for its packages");

    Run run = run("spark_averages");

    requireSuccess(run);
    List<Object[]> expected = rows("SELECT * FROM marts.averages ORDER BY student_id");
    assertThat(expected).hasSize(4);
    for (String language : List.of("java", "python", "sql")) {
      String table = "programs.averages_in_" + language;
      assertThat(rows("SELECT * FROM " + table + " ORDER BY student_id"))
          .as(table)
          .usingRecursiveComparison()
          .isEqualTo(expected);
      assertThat(tasks(run).stream().filter(t -> t.taskId().equals(language)).findFirst())
          .hasValueSatisfying(
              t ->
                  assertThat(t.facts())
                      .containsEntry("spark_reads", "erp.campuses, erp.grades, erp.students")
                      .containsEntry("spark_writes", table));
    }
    TableDetail grades =
        platform
            .catalog()
            .tables()
            .find(Caller.commandLine(Policy.OPEN), new TableName("erp", "grades"))
            .orElseThrow();
    assertThat(grades.programs())
        .extracting(TableDetail.ProgramDetail::task)
        .contains("java", "python", "sql");
    assertThat(grades.impact()).contains("marts.averages", "programs.averages_in_python");
  }

  /** The schedule was due before at three in Paris. */
  @Test
  void aProgramKnowsItsParametersItsIntervalAndItsSettings() throws IOException {
    requireSuccess(
        run(
            "facts.sql",
            """
            CREATE OR REPLACE TABLE programs.facts USING iceberg AS
            SELECT '${spark.ecluse.parameter.city}' AS city, '${spark.ecluse.interval.from}' AS since,
              '${spark.ecluse.interval.to}' AS until, '${spark.sql.shuffle.partitions}' AS parts;
            """,
            ", conf: { spark.sql.shuffle.partitions: \"3\" }"));

    assertThat(rows("SELECT * FROM programs.facts"))
        .containsExactly(
            new Object[] {"Lille", "2026-03-02T02:00:00Z", "2026-03-02T10:00:00Z", "3"});
  }

  @Test
  void aProgramHasItsFilesAndItsModulesWhereverItsFunctionsRun() throws IOException {
    Assumptions.assumeTrue(home.isPresent(), "No Python, or no registry for its packages");
    write("jobs/lib/words.py", "def louder(text):\n    return text.upper()\n");
    write("jobs/lib/cities.txt", "Lyon\n");

    requireSuccess(
        run(
            "modules.py",
            """
            from urllib.parse import urlparse
            from pyspark.sql import SparkSession
            from pyspark.sql.functions import udf
            import words
            spark = SparkSession.builder.getOrCreate()
            city = open(urlparse(spark.conf.get("spark.ecluse.file.cities.txt")).path).read().strip()
            louder = udf(lambda t: words.louder(t))
            rows = spark.createDataFrame([(city,), (spark.conf.get("spark.ecluse.parameter.city"),)], ["city"])
            rows.select(louder("city").alias("city")).writeTo("programs.modules").using("iceberg").createOrReplace()
            """,
            ", files: [jobs/lib/words.py, jobs/lib/cities.txt]"));

    assertThat(rows("SELECT city FROM programs.modules ORDER BY city"))
        .containsExactly(new Object[] {"LILLE"}, new Object[] {"LYON"});
  }

  @Test
  void aProgramThatIsWrongIsToldWhereAndPublishesNothing() throws IOException {
    assertThat(
            error(
                run(
                    "half.sql",
                    "CREATE TABLE programs.half USING iceberg AS SELECT 1 AS one;\nSELECT nothing FROM programs.half;\n",
                    "")))
        .contains("nothing");
    assertThat(platform.warehouse().tables().stream().map(t -> t.name().toString()))
        .doesNotContain("programs.half");
    assertThat(error(run("absent.jar", "no jar", ", class: a.B"))).contains("a.B");
    Files.delete(folder.resolve("jobs/absent.jar"));
    assertThat(error(run("absent"))).contains("jobs/absent.jar cannot be read");
    Assumptions.assumeTrue(home.isPresent(), "No Python, or no registry for its packages");
    assertThat(error(run("wrong.py", "x = 1\nif x\n", ""))).contains("SyntaxError at line 2");
    assertThat(error(run("import.py", "import nothing_here\n", "")))
        .contains("No module named 'nothing_here'");
  }
}
