package io.ecluse.project;

import static org.assertj.core.api.Assertions.assertThat;

import io.ecluse.Registrations;
import io.ecluse.duckdb.EngineParser;
import io.ecluse.pipeline.Task;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The examples of docs/project-files.md are one project, and a valid one. */
class DocumentedProjectTest {
  private static final Pattern EXAMPLE =
      Pattern.compile("(?m)^## `([^`]+)`\n\n```\\w+\n([\\s\\S]*?)```\n");

  @TempDir Path folder;

  @Test
  void theExamplesOfTheDocumentationAreAValidProject() throws IOException {
    Matcher example = EXAMPLE.matcher(Files.readString(Path.of("../docs/project-files.md")));
    int count = 0;
    while (example.find()) {
      Path file = folder.resolve(example.group(1));
      Files.createDirectories(file.getParent());
      Files.writeString(file, example.group(2));
      count++;
    }

    ProjectReading reading =
        new ProjectReader(new EngineParser(), Registrations.builtIn().vocabulary()).read(folder);

    assertThat(count).isEqualTo(11);
    assertThat(reading.problems()).isEmpty();
    Project project = reading.orThrow();
    assertThat(
            new DagExpander(project)
                .expand(project.dag("erp_daily")).tasks().stream().map(Task::id))
        .contains(
            "load_erp.students",
            "build.marts.students",
            "test.marts.students",
            "audit.no_student_from_nowhere",
            "publish");
  }
}
