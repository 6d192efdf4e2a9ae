package io.ecluse.project;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ecluse.Registrations;
import io.ecluse.duckdb.EngineParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProjectTemplateTest {
  @TempDir Path folder;

  @Test
  void writesAProjectThatIsValid() {
    Path project = folder.resolve("my-school");

    assertThat(new ProjectTemplate("blank").writeTo(project)).contains("ecluse.yaml", ".gitignore");

    ProjectReading reading =
        new ProjectReader(new EngineParser(), Registrations.builtIn().vocabulary()).read(project);
    assertThat(reading.problems()).isEmpty();
    assertThat(reading.orThrow().name()).isEqualTo("my_school");
  }

  @Test
  void overwritesNothing() throws IOException {
    Files.writeString(folder.resolve("README.md"), "mine");

    assertThatThrownBy(() -> new ProjectTemplate("blank").writeTo(folder))
        .hasMessageContaining("has README.md already, and nothing is overwritten");
    assertThat(folder.resolve("ecluse.yaml")).doesNotExist();
    assertThat(folder.resolve("README.md")).hasContent("mine");
  }

  @Test
  void refusesATemplateThatIsNotThere() {
    assertThatThrownBy(() -> new ProjectTemplate("blnk").writeTo(folder))
        .hasMessage("There is no project template 'blnk'");
  }
}
