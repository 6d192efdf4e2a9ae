package io.ecluse.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.ecluse.Registrations;
import io.ecluse.duckdb.EngineParser;
import io.ecluse.project.Project;
import io.ecluse.project.ProjectReader;
import io.ecluse.project.ProjectReading;
import io.ecluse.project.SourceFile;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DemoProjectTest {
  @TempDir Path folder;

  @Test
  void theProjectIsValidWithoutWarnings() {
    DemoProject.write(
        folder, 5555, new ProjectReader(new EngineParser(), Registrations.builtIn().vocabulary()));
    ProjectReading reading =
        new ProjectReader(new EngineParser(), Registrations.builtIn().vocabulary()).read(folder);
    assertThat(reading.problems()).isEmpty();
    Project project = reading.orThrow();
    assertThat(project.name()).isEqualTo("supinfo");
    assertThat(project.dag("erp_daily").schedule().orElseThrow().cron()).isEqualTo("0 3 * * *");
    assertThat(project.dashboard("school").tiles()).hasSizeGreaterThanOrEqualTo(8);
    assertThat(project.dashboard("school").tiles())
        .allSatisfy(tile -> assertThat(tile.title().fr()).isNotEqualTo(tile.title().en()));
  }

  @Test
  void theSourceClassifiesEveryColumnOfTheErp() {
    DemoProject.write(
        folder, 5555, new ProjectReader(new EngineParser(), Registrations.builtIn().vocabulary()));
    SourceFile source =
        new ProjectReader(new EngineParser(), Registrations.builtIn().vocabulary())
            .read(folder)
            .orThrow()
            .source("erp");
    assertThat(source.streams()).containsOnlyKeys(ErpTables.read().names());
    for (ErpTable table : ErpTables.read().all()) {
      SourceFile.Stream stream = source.streams().get(table.name());
      List<String> columns = table.columns().stream().map(ErpTable.Column::name).toList();
      assertThat(stream.columns()).as(table.name()).containsOnlyKeys(columns);
      assertThat(stream.primaryKey()).containsExactly(table.key().name());
      assertThat(stream.columns().values())
          .allSatisfy(column -> assertThat(column.personal()).as(column.name()).isPresent());
    }
  }

  @Test
  void aSecondTimeOnlyTheErpsPortIsWritten() throws IOException {
    assertThat(
            DemoProject.write(
                folder,
                5555,
                new ProjectReader(new EngineParser(), Registrations.builtIn().vocabulary())))
        .contains("sources/erp.yaml");
    Files.writeString(folder.resolve("ecluse.yaml"), "name: mine\n");
    Files.delete(folder.resolve("README.md"));
    assertThat(
            DemoProject.write(
                folder,
                6666,
                new ProjectReader(new EngineParser(), Registrations.builtIn().vocabulary())))
        .isEmpty();
    assertThat(folder.resolve("ecluse.yaml")).hasContent("name: mine\n");
    assertThat(folder.resolve("README.md")).doesNotExist();
    assertThat(Files.readString(folder.resolve("sources/erp.yaml")))
        .contains("port: 6666 ")
        .doesNotContain("5555");
  }

  @Test
  void aSourceOfOnesOwnIsLeftAlone() throws IOException {
    DemoProject.write(
        folder, 5555, new ProjectReader(new EngineParser(), Registrations.builtIn().vocabulary()));
    Path source = folder.resolve("sources/erp.yaml");
    String mine = Files.readString(source).replaceAll("port: 5555 .*", "port: 5432");
    Files.writeString(source, mine);
    DemoProject.write(
        folder, 6666, new ProjectReader(new EngineParser(), Registrations.builtIn().vocabulary()));
    assertThat(source).hasContent(mine);
  }

  @Test
  void theTemplateListsAllItsFiles() throws IOException, URISyntaxException {
    String list = "/templates/supinfo/FILES";
    URI place = Objects.requireNonNull(getClass().getResource(list)).toURI();
    Path template = Objects.requireNonNull(Path.of(place).getParent());
    try (Stream<Path> files = Files.walk(template);
        InputStream listed = Objects.requireNonNull(getClass().getResourceAsStream(list))) {
      String text = new String(listed.readAllBytes(), StandardCharsets.UTF_8);
      assertThat(text.lines())
          .containsExactlyInAnyOrderElementsOf(
              files
                  .filter(Files::isRegularFile)
                  .map(file -> template.relativize(file).toString())
                  .filter(file -> !file.equals("FILES"))
                  .map(file -> file.equals("gitignore") ? ".gitignore" : file)
                  .toList());
    }
  }
}
