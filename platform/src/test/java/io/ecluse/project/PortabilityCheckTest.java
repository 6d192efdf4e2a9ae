package io.ecluse.project;

import static org.assertj.core.api.Assertions.assertThat;

import io.ecluse.Dialect;
import io.ecluse.schema.SqlParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What may run on Spark is checked, and nothing else. */
class PortabilityCheckTest {
  private static final String MODEL =
      """
      /* ecluse
      description: First of each.
      %s*/
      SELECT id,
        id // 2 AS half,
        row_number() OVER (ORDER BY name) AS place
      FROM erp.students
      """;
  private static final String CLUSTER = "clusters: { here: { type: local } }\n";

  @TempDir private Path folder;

  private List<String> problems(String settings, String header) throws IOException {
    Files.writeString(folder.resolve("ecluse.yaml"), "name: school\n" + settings);
    Files.createDirectories(folder.resolve("sources"));
    Files.writeString(
        folder.resolve("sources/erp.yaml"),
        """
        type: postgres
        connection: { host: 127.0.0.1, database: erp, user: erp, password: "${secret:erp}" }
        streams: { students: {} }
        """);
    Files.createDirectories(folder.resolve("models/marts"));
    Files.writeString(folder.resolve("models/marts/firsts.sql"), MODEL.formatted(header));
    try (SqlParser parser = Dialect.parser()) {
      return Dialect.reader(parser).read(folder).errors().stream().map(Problem::toString).toList();
    }
  }

  @Test
  void tellsWhereAndHowAModelWouldDifferAndWhatToWrite() throws IOException {
    assertThat(problems("engine: spark\n", ""))
        .containsExactly(
            "models/marts/firsts.sql:5:6: error: '//' would differ on Spark: the function is not among those that are the same on both engines (the same on both: CAST((a - mod(a, b)) / b AS bigint))",
            "models/marts/firsts.sql:6:31: error: 'ORDER BY' would differ on Spark: in ascending order NULL comes last in DuckDB and first in Spark (the same on both: ORDER BY x NULLS LAST)");
  }

  @Test
  void whatStaysWithDuckDbMayBeDuckDbs() throws IOException {
    assertThat(problems("", "")).isEmpty();
    assertThat(problems("engine: auto\n", "")).isEmpty();
    assertThat(problems(CLUSTER + "engine: duckdb\n", "")).isEmpty();
    assertThat(problems(CLUSTER + "engine: spark\n", "engine: duckdb\n")).isEmpty();
  }

  @Test
  void oneModelOrAClusterIsEnough() throws IOException {
    assertThat(problems("", "engine: spark\n")).hasSize(2);
    assertThat(problems(CLUSTER, "")).hasSize(2);
    assertThat(problems("environments: { dev: {}, prod: { engine: spark } }\n", "")).hasSize(2);
  }

  @Test
  void theDemoMayRunOnSpark() throws IOException {
    new ProjectTemplate("supinfo").writeTo(folder);
    Path settings = folder.resolve("ecluse.yaml");
    Files.writeString(settings, Files.readString(settings) + "\nengine: spark\n");
    try (SqlParser parser = Dialect.parser()) {
      assertThat(Dialect.reader(parser).read(folder).errors()).isEmpty();
    }
  }
}
