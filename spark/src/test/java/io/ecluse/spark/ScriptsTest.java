package io.ecluse.spark;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import javax.tools.ToolProvider;
import org.apache.iceberg.Schema;
import org.apache.iceberg.types.Types;
import org.apache.spark.sql.classic.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** The examples of jobs of one's own, as people run them. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ScriptsTest {
  private static final Path EXAMPLES =
      Path.of("..", "platform", "src", "main", "resources", "templates", "supinfo", "jobs")
          .toAbsolutePath();
  private static final String RUN = "r1";
  private static final Map<String, Schema> TABLES =
      Map.of(
          "erp.campuses",
          schema("id", "name"),
          "erp.students",
          schema("id", "campus_id"),
          "erp.grades",
          new Schema(
              Types.NestedField.optional(1, "student_id", Types.IntegerType.get()),
              Types.NestedField.optional(2, "grade", Types.FloatType.get())));

  private Path folder;
  private SparkSession spark;
  private PlatformSide platform;
  private String expected;

  private static Schema schema(String first, String second) {
    return new Schema(
        Types.NestedField.optional(1, first, Types.IntegerType.get()),
        Types.NestedField.optional(
            2, second, second.equals("name") ? Types.StringType.get() : Types.IntegerType.get()));
  }

  @BeforeAll
  void start(@TempDir Path temporary) throws IOException, SQLException {
    folder = temporary;
    spark = Spark.local(folder);
    platform = new PlatformSide(folder.resolve("runs"), spark);
    try (DuckDb duckDb = DuckDb.open()) {
      SmallErp.write(duckDb.connection(), folder);
      TABLES.forEach(
          (name, schema) -> {
            platform.catalog().create(RUN, name, schema);
            ObjectNode job = platform.job(RUN, "fill").put("table", name).put("id", "fill-" + name);
            job.putArray("parts").add(folder.resolve(name.substring(4) + ".parquet").toString());
            platform.run(job);
          });
      expected =
          duckDb
              .query(
                  """
                  SELECT count(*), count(campus), count(average_grade), round(sum(average_grade), 3) FROM (
                    SELECT s.id, c.name AS campus, sum(g.grade::DECIMAL(9, 4))::DOUBLE / nullif(count(g.grade), 0) AS average_grade
                    FROM erp.students s LEFT JOIN erp.campuses c ON c.id = s.campus_id LEFT JOIN erp.grades g ON g.student_id = s.id
                    GROUP BY s.id, c.name)""")
              .rows()
              .toString()
              .replace(" | ", ",");
    }
  }

  @AfterAll
  void stop() throws IOException {
    platform.close();
    spark.stop();
  }

  @Test
  void statementsMakeATableOfTheRun() throws IOException {
    ObjectNode job = platform.job(RUN, "script").put("id", "sql");
    job.putObject("script").put("sql", Files.readString(EXAMPLES.resolve("average_grades.sql")));
    requireDone(platform.run(job));
    assertThat(averages("programs.averages_in_sql")).isEqualTo(expected);
  }

  @Test
  void aClassOfAJarMakesATableOfTheRun() throws IOException {
    ObjectNode job = platform.job(RUN, "script").put("id", "java");
    job.putObject("script")
        .put("jar", jar("AverageGrades.java").toUri().toString())
        .put("class", "AverageGrades")
        .putArray("arguments")
        .add("marts.averages_of_java");
    requireDone(platform.run(job));
    assertThat(averages("marts.averages_of_java")).isEqualTo(expected);
  }

  @Test
  void statementsKnowWhatTheyAreRunFor() {
    ObjectNode job = platform.job(RUN, "script").put("id", "facts");
    job.putObject("script")
        .put(
            "sql",
            "CREATE TABLE marts.facts USING iceberg AS SELECT '${spark.ecluse.parameter.campus}' AS campus, TIMESTAMP '${spark.ecluse.interval.from}' AS since; -- ; is no end here");
    job.putObject("parameters").put("campus", "Lille");
    job.putObject("interval").put("from", "2024-01-01 00:00:00").put("to", "2024-01-02 00:00:00");
    requireDone(platform.run(job));
    assertThat(platform.query(RUN, "SELECT * FROM marts.facts"))
        .isEqualTo("[[\"Lille\",\"2024-01-01T00:00\"]]");
  }

  @Test
  void tellsWhichStatementIsWrong() {
    String sql = "SELECT 1;\nSELECT nam FROM erp.campuses";
    ObjectNode job = platform.job(RUN, "script").put("id", "wrong");
    job.putObject("script").put("sql", sql);
    JsonNode result = platform.run(job);
    assertThat(result.path("code").asText()).isEqualTo("SQL_INVALID");
    assertThat(sql.substring(result.path("position").asInt())).startsWith("nam FROM");
  }

  @Test
  void aClassThatIsNotThereIsNamed() throws IOException {
    ObjectNode job = platform.job(RUN, "script").put("id", "none");
    job.putObject("script")
        .put("jar", jar("AverageGrades.java").toUri().toString())
        .put("class", "a.B");
    JsonNode result = platform.run(job);
    assertThat(result.path("code").asText()).isEqualTo("INVALID_USAGE");
    assertThat(result.path("message").asText())
        .contains("no class a.B with a public static void main");
  }

  /** Spark for Python is more than a jar, so it is run as people do: by Spark's own submission. */
  @Test
  void aPythonFileMakesATableOfTheRun() throws IOException, InterruptedException {
    String python = PythonLibraries.path();
    ObjectNode job = platform.job(RUN, "script").put("id", "python");
    job.putObject("script")
        .put("python", EXAMPLES.resolve("average_grades.py").toString())
        .putArray("arguments")
        .add("marts.averages_of_python");
    platform.door().offer("python", job.toString());
    List<String> command = new ArrayList<>(List.of(ProcessHandle.current().info().command().get()));
    ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
        .filter(a -> a.startsWith("--add-") || a.startsWith("-XX:+Ignore"))
        .forEach(command::add);
    command.addAll(
        List.of(
            "-cp",
            System.getProperty("java.class.path"),
            "org.apache.spark.deploy.SparkSubmit",
            "--master",
            "local[2]",
            "--class",
            JobApplication.class.getName(),
            "--conf",
            "spark.ui.enabled=false",
            jarOf(classes()).toString(),
            "--door",
            platform.door().address().toString(),
            "--job",
            "python"));
    ProcessBuilder submit = new ProcessBuilder(command);
    submit.environment().put("PYTHONPATH", python);
    submit.environment().put("ECLUSE_JOB_TOKEN", RestCatalog.TOKEN);
    submit.redirectErrorStream(true).redirectOutput(folder.resolve("python.log").toFile());
    assertThat(submit.start().waitFor()).as(() -> read(folder.resolve("python.log"))).isEqualTo(0);
    requireDone(platform.door().result("python"));
    assertThat(averages("marts.averages_of_python")).isEqualTo(expected);
  }

  private static void requireDone(JsonNode result) {
    assertThat(result.path("state").asText()).as(result.toString()).isEqualTo("done");
  }

  private String averages(String table) {
    return platform
        .query(
            RUN,
            "SELECT CAST(count(*) AS int) AS n, CAST(count(campus) AS int) AS c, CAST(count(average_grade) AS int) AS a, round(sum(average_grade), 3) AS s FROM "
                + table)
        .replaceAll("^\\[|\\]$", "");
  }

  private static Path classes() {
    return Path.of(
        URI.create(
            JobApplication.class.getProtectionDomain().getCodeSource().getLocation().toString()));
  }

  private Path jar(String source) throws IOException {
    Path classes = Files.createTempDirectory(folder, "classes");
    int errors =
        ToolProvider.getSystemJavaCompiler()
            .run(null, null, null, "-d", classes.toString(), EXAMPLES.resolve(source).toString());
    assertThat(errors).isZero();
    return jarOf(classes);
  }

  private Path jarOf(Path classes) throws IOException {
    Path jar = Files.createTempFile(folder, "program", ".jar");
    try (OutputStream out = Files.newOutputStream(jar);
        ZipOutputStream zip = new ZipOutputStream(out);
        Stream<Path> files = Files.walk(classes)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        zip.putNextEntry(new ZipEntry(classes.relativize(file).toString()));
        Files.copy(file, zip);
        zip.closeEntry();
      }
    }
    return jar;
  }

  private static String read(Path file) {
    try {
      List<String> lines = Files.readAllLines(file);
      return String.join("\n", lines.subList(Math.max(0, lines.size() - 40), lines.size()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
