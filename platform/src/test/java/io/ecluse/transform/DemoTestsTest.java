package io.ecluse.transform;

import static org.assertj.core.api.Assertions.assertThat;

import io.ecluse.Dialect;
import io.ecluse.project.ColumnTest;
import io.ecluse.project.ModelFile;
import io.ecluse.project.Project;
import io.ecluse.project.ProjectTemplate;
import io.ecluse.schema.SqlParser;
import io.ecluse.schema.TableName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The queries of the demo's tests, which {@code spark/} runs on both engines. */
class DemoTestsTest {
  private static final Path GOLDEN =
      Path.of("src/test/resources/io/ecluse/parity/demo/tests-of-columns.sql");

  @TempDir private Path folder;

  private List<String> queries() {
    new ProjectTemplate("supinfo").writeTo(folder);
    Project project = Dialect.read(folder);
    List<String> queries = new ArrayList<>();
    for (ModelFile model : project.models().values()) {
      Optional<String> key =
          model.columns().values().stream()
              .filter(c -> c.tests().stream().anyMatch(ColumnTest.Unique.class::isInstance))
              .map(ModelFile.Column::name)
              .findFirst();
      for (ModelFile.Column column : model.columns().values()) {
        for (ColumnTest test : column.tests()) {
          queries.add(TestSql.failing(model.name(), column.name(), test, key));
        }
      }
    }
    return queries;
  }

  @Test
  void theyAreTheOnesThatRunOnSpark() throws IOException {
    String now = String.join("\n", queries()) + "\n";
    if ("write".equals(System.getProperty("ecluse.golden"))) {
      Files.createDirectories(GOLDEN.getParent());
      Files.writeString(GOLDEN, now);
    }
    assertThat(now).as("rewrite with -Decluse.golden=write").isEqualTo(Files.readString(GOLDEN));
  }

  @Test
  void theyAreTheSameOnBothEngines() {
    try (SqlParser parser = Dialect.parser()) {
      assertThat(queries()).allSatisfy(q -> assertThat(parser.unportable(q)).as(q).isEmpty());
    }
  }

  @Test
  void aBackslashInAnAcceptedValueIsALetterOnBothEngines() {
    ColumnTest test =
        new ColumnTest.AcceptedValues(List.of(new ColumnTest.Literal.Text("it's a\\b")));
    String sql = TestSql.failing(TableName.parse("marts.m"), "c", test, Optional.empty());
    assertThat(sql).contains("NOT IN (('it''s a' || chr(92) || 'b'))");
    try (SqlParser parser = Dialect.parser()) {
      assertThat(parser.unportable(sql)).isEmpty();
    }
  }
}
