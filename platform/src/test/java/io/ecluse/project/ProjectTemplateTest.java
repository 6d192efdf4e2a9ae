package io.ecluse.project;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ecluse.Registrations;
import io.ecluse.duckdb.EngineParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
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

  private ProjectReading aws(String name, Map<String, String> values) {
    Path project = folder.resolve(name);
    new ProjectTemplate("aws", values).writeTo(project);
    return new ProjectReader(new EngineParser(), Registrations.builtIn().vocabulary())
        .read(project);
  }

  private String settings(String name) throws IOException {
    return Files.readString(folder.resolve(name).resolve("ecluse.yaml"));
  }

  @Test
  void whatATemplateLeavesOpenHasExamplesUntilItIsSaid() throws IOException {
    ProjectReading reading = aws("plain", Map.of());

    assertThat(reading.problems()).isEmpty();
    assertThat(reading.orThrow().dag("averages").schedule()).isEmpty();
    assertThat(settings("plain"))
        .contains("s3://school-data/warehouse", "transient:")
        .doesNotContain("{{", "#if", "#unless", "subnets", "serverless");
    assertThat(folder.resolve("plain/.gitignore")).exists();
    assertThat(folder.resolve("plain/jobs/average_grades.jar"))
        .hasSameBinaryContentAs(
            Path.of("src/main/resources/templates/supinfo/jobs/average_grades.jar"));
  }

  @Test
  void saysWhatWasSaid() throws IOException {
    Map<String, String> said =
        Map.of(
            "bucket", "school-123",
            "environment", "live",
            "subnets", "subnet-1, subnet-2",
            "main_group", "sg-1",
            "workers_group", "sg-2");

    assertThat(aws("said", said).problems()).isEmpty();
    assertThat(settings("said"))
        .contains("  live: # on what", "s3://school-123/staging", "subnets: [subnet-1, subnet-2]")
        .contains("main_group: sg-1");
  }

  @Test
  void linesThatDependOnWhatWasNotSaidAreLeftOut() throws IOException {
    assertThat(aws("lasting", Map.of("cluster_id", "j-2AXXXXXXGAPLF")).problems()).isEmpty();
    assertThat(settings("lasting")).contains("cluster_id: j-2A").doesNotContain("transient");

    assertThat(aws("off", Map.of("no_emr", "yes", "no_clusters", "yes")).problems()).isEmpty();
    assertThat(settings("off")).doesNotContain("clusters", "emr:");
    assertThat(Files.readString(folder.resolve("off/dags/averages.yaml")))
        .doesNotContain("cluster: emr");

    Map<String, String> serverless =
        Map.of(
            "no_emr",
            "yes",
            "application",
            "00fkht2eodujab09",
            "job_role",
            "arn:aws:iam::123456789012:role/Jobs");
    assertThat(aws("serverless", serverless).problems()).isEmpty();
    assertThat(settings("serverless"))
        .contains("type: emr_serverless")
        .doesNotContain("type: emr\n");
  }

  @Test
  void refusesWhatTheTemplateDoesNotAskFor() {
    assertThatThrownBy(() -> aws("typo", Map.of("buckett", "x")))
        .hasMessageStartingWith("Template 'aws' does not ask for 'buckett'; it asks for address, ");
    assertThatThrownBy(() -> aws("yaml", Map.of("bucket", "x\" }\nname: other")))
        .hasMessageStartingWith("What is set for 'bucket' has characters");
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void listsAllItsFiles() throws IOException {
    Path template = Path.of("src/main/resources/templates/aws");
    try (Stream<Path> files = Files.walk(template);
        Stream<String> listed = Files.lines(template.resolve("FILES"))) {
      assertThat(listed.filter(line -> !line.contains(" = ")))
          .containsExactlyInAnyOrderElementsOf(
              files
                  .filter(Files::isRegularFile)
                  .map(file -> template.relativize(file).toString())
                  .filter(file -> !file.equals("FILES"))
                  .toList());
    }
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
