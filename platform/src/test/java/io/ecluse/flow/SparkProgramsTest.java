package io.ecluse.flow;

import static org.assertj.core.api.Assertions.assertThat;

import io.ecluse.access.Caller;
import io.ecluse.access.Policy;
import io.ecluse.catalog.TableDetail;
import io.ecluse.scheduler.Run;
import io.ecluse.scheduler.RunState;
import io.ecluse.scheduler.TaskState;
import io.ecluse.schema.TableName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Programs of the project's, those of the demo among them, on a real Spark as tasks of DAGs. */
@Timeout(300)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class SparkProgramsTest {
  @TempDir static Path folder;
  private static SparkSchool school;

  @BeforeAll
  static void project() throws IOException, InterruptedException {
    school = new SparkSchool(folder);
  }

  @AfterAll
  static void close() {
    school.close();
  }

  @Test
  void theDemosProgramsMakeWhatItsModelMakes() {
    Assumptions.assumeTrue(school.hasPython(), "No Python, or no registry for its packages");

    Run run = school.run("spark_averages");

    school.requireSuccess(run);
    List<Object[]> expected = school.rows("SELECT * FROM marts.averages ORDER BY student_id");
    assertThat(expected).hasSize(4);
    for (String language : List.of("java", "python", "sql")) {
      String table = "programs.averages_in_" + language;
      assertThat(school.rows("SELECT * FROM " + table + " ORDER BY student_id"))
          .as(table)
          .usingRecursiveComparison()
          .isEqualTo(expected);
      assertThat(school.tasks(run).stream().filter(t -> t.taskId().equals(language)).findFirst())
          .hasValueSatisfying(
              t ->
                  assertThat(t.facts())
                      .containsEntry("spark_reads", "erp.campuses, erp.grades, erp.students")
                      .containsEntry("spark_writes", table));
    }
    TableDetail grades =
        school
            .platform()
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
    school.requireSuccess(
        school.run(
            "facts.sql",
            """
            CREATE OR REPLACE TABLE programs.facts USING iceberg AS
            SELECT '${spark.ecluse.parameter.city}' AS city, '${spark.ecluse.interval.from}' AS since,
              '${spark.ecluse.interval.to}' AS until, '${spark.sql.shuffle.partitions}' AS parts;
            """,
            ", conf: { spark.sql.shuffle.partitions: \"3\" }"));

    assertThat(school.rows("SELECT * FROM programs.facts"))
        .containsExactly(
            new Object[] {"Lille", "2026-03-02T02:00:00Z", "2026-03-02T10:00:00Z", "3"});
  }

  @Test
  void aProgramHasItsFilesAndItsModulesWhereverItsFunctionsRun() throws IOException {
    Assumptions.assumeTrue(school.hasPython(), "No Python, or no registry for its packages");
    school.write("jobs/lib/words.py", "def louder(text):\n    return text.upper()\n");
    school.write("jobs/lib/cities.txt", "Lyon\n");

    school.requireSuccess(
        school.run(
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

    assertThat(school.rows("SELECT city FROM programs.modules ORDER BY city"))
        .containsExactly(new Object[] {"LILLE"}, new Object[] {"LYON"});
  }

  @Test
  void aProgramThatIsWrongIsToldWhereAndPublishesNothing() throws IOException {
    assertThat(
            school.error(
                school.run(
                    "half.sql",
                    "CREATE TABLE programs.half USING iceberg AS SELECT 1 AS one;\nSELECT nothing FROM programs.half;\n",
                    "")))
        .contains("nothing");
    assertThat(school.platform().warehouse().tables().stream().map(t -> t.name().toString()))
        .doesNotContain("programs.half");
    assertThat(school.error(school.run("absent.jar", "no jar", ", class: a.B"))).contains("a.B");
    Files.delete(folder.resolve("jobs/absent.jar"));
    assertThat(school.error(school.run("absent"))).contains("jobs/absent.jar cannot be read");
    Assumptions.assumeTrue(school.hasPython(), "No Python, or no registry for its packages");
    assertThat(school.error(school.run("wrong.py", "x = 1\nif x\n", "")))
        .contains("SyntaxError at line 2");
    assertThat(school.error(school.run("import.py", "import nothing_here\n", "")))
        .contains("No module named 'nothing_here'");
  }

  @Test
  void aPackageIsBroughtFromTheRepositoryThatTheClusterNames() throws IOException {
    Path there = folder.resolve("maven/repository/school/words/1.0");
    JarProgram.write(
        there.resolve("words-1.0.jar"),
        "words.Words",
        "package words; public class Words { public static String louder(String t) { return t.toUpperCase(); } }");
    Files.writeString(
        there.resolve("words-1.0.pom"),
        "<project><modelVersion>4.0.0</modelVersion><groupId>school</groupId><artifactId>words</artifactId><version>1.0</version></project>");

    school.requireSuccess(
        school.run(
            school.dagOfClass(
                "Shouts",
                """
                import org.apache.spark.sql.SparkSession;

                public class Shouts {
                  public static void main(String[] arguments) throws Exception {
                    Object loud = Class.forName("words.Words").getMethod("louder", String.class).invoke(null, "Lille");
                    SparkSession.builder().getOrCreate()
                        .sql("CREATE OR REPLACE TABLE programs.shouts USING iceberg AS SELECT '" + loud + "' AS city");
                  }
                }
                """,
                ", packages: [\"school:words:1.0\"]")));

    assertThat(school.rows("SELECT city FROM programs.shouts"))
        .containsExactly(new Object[] {"LILLE"});
    assertThat(
            school.error(
                school.run("missing.sql", "SELECT 1;\n", ", packages: [\"school:nothing:1.0\"]")))
        .contains("The package school:nothing:1.0 cannot be brought from a Maven repository")
        .contains("look at its name, and at spark.jars.repositories or spark.jars.ivySettings");
  }

  @Test
  void whatItPrintsOfSecretsIsLeftOut() throws IOException {
    Run run =
        school.run(
            school.dagOfClass(
                "Chatty",
                """
                import org.apache.spark.sql.SparkSession;
                import org.slf4j.LoggerFactory;

                public class Chatty {
                  public static void main(String[] arguments) {
                    SparkSession spark = SparkSession.builder().getOrCreate();
                    String token = spark.conf().get("spark.sql.catalog.ecluse.token");
                    LoggerFactory.getLogger("school").warn("It is {}, and that of all {}", token, System.getenv("ECLUSE_JOB_TOKEN"));
                    throw new java.io.UncheckedIOException(new java.io.IOException("not with " + token));
                  }
                }
                """,
                ""));

    String told = school.error(run);
    TaskState task = school.tasks(run).get(0);
    String log =
        school
            .platform()
            .scheduler()
            .log(run.id(), task.taskId(), task.attempt(), 0, 1_000)
            .toString();
    assertThat(log).contains("It is …, and that of all …").doesNotContain("ecluse_j_");
    assertThat(told).contains("IOException").doesNotContain("ecluse_j_");
  }

  @Test
  void whatItWritesElsewhereIsThereAtOnceAndIsNotOfTheRun() throws IOException {
    Path aside = folder.resolve("aside");

    Run run =
        school.run(
            "aside.sql",
            "INSERT OVERWRITE DIRECTORY '%s' USING parquet SELECT 1 AS one;\nSELECT nothing;\n"
                .formatted(aside.toUri()),
            "");

    assertThat(school.error(run)).contains("nothing");
    try (Stream<Path> files = Files.list(aside)) {
      assertThat(files.map(Path::toString)).anyMatch(f -> f.endsWith(".parquet"));
    }
    assertThat(school.tasks(run).get(0).facts()).doesNotContainKey("spark_writes");
  }

  /** The last, for its application ends with it. */
  @Test
  @Order(Integer.MAX_VALUE)
  void endsWithItsApplicationIfItDoesNotHearThatItIsCancelled() throws Exception {
    Path begun = folder.resolve("begun");
    String run =
        school.start(
            school.dagOfClass(
                "Deaf",
                """
                import java.nio.file.Files;
                import java.nio.file.Path;

                public class Deaf {
                  public static void main(String[] arguments) throws Exception {
                    Files.createFile(Path.of(arguments[0]));
                    while (true) {
                      try {
                        Thread.sleep(100);
                      } catch (InterruptedException e) {
                        // it does not want to hear
                      }
                    }
                  }
                }
                """,
                ", arguments: [\"%s\"]".formatted(begun)));
    while (!Files.exists(begun)) {
      Thread.sleep(50);
    }
    ProcessHandle application = school.application().orElseThrow();

    school.platform().scheduler().cancel(run);

    assertThat(school.platform().scheduler().awaitEnd(run).state()).isEqualTo(RunState.CANCELLED);
    assertThat(school.application()).isEmpty();
    application.onExit().join();
  }
}
