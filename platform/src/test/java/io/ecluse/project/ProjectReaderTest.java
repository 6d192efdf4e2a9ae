package io.ecluse.project;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ecluse.Registrations;
import io.ecluse.duckdb.EngineParser;
import io.ecluse.error.EcluseException;
import io.ecluse.schema.TableName;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProjectReaderTest {
  @TempDir Path folder;

  @Test
  void readsTheExampleWithoutAnyProblem() {
    ProjectReading reading =
        new ProjectReader(new EngineParser(), Registrations.builtIn().vocabulary())
            .read(Fixtures.supinfo());

    assertThat(reading.problems()).isEmpty();
    Project project = reading.orThrow();
    assertThat(project.name()).isEqualTo("supinfo");
    assertThat(project.environments()).containsExactly("dev", "prod");
    assertThat(project.source("erp").streams()).hasSize(11);
    assertThat(project.models()).hasSize(3);
    assertThat(project.audits()).containsOnlyKeys("no_campus_is_empty");
    assertThat(project.notebooks()).containsExactly("notebooks/welcome.ipynb");
  }

  @Test
  void laysTheEnvironmentOverTheProject() {
    Project project = Fixtures.project();
    Settings dev = project.settings("dev");
    Settings prod = project.settings("prod");

    assertThat(dev.staging().location())
        .isEqualTo(project.folder().resolve(".ecluse/staging").toString());
    assertThat(dev.database()).isEmpty();
    assertThat(dev.query().memoryLimit(4L << 30)).isEqualTo(1L << 30);
    assertThat(dev.query().memoryLimit(64L << 30)).isEqualTo(2L << 30);
    assertThat(prod.staging().location()).isEqualTo("/srv/ecluse/staging");
    assertThat(prod.staging().format()).isEqualTo("csv");
    assertThat(prod.warehouse().location())
        .isEqualTo(project.folder().resolve(".ecluse/warehouse").toString());
    assertThat(prod.query().memoryLimit()).hasValue(8L << 30);
    assertThat(prod.query().timeout()).isEqualTo(Duration.ofMinutes(5));
    assertThat(prod.database().orElseThrow().url().text()).isEqualTo("${env:ECLUSE_DATABASE_URL}");
  }

  @Test
  void namesTheNearestWhenSomethingIsNotThere() {
    Project project = Fixtures.project();

    assertThatThrownBy(() -> project.settings("prd"))
        .isInstanceOf(EcluseException.class)
        .hasMessage("The project has no environment 'prd': did you mean prod?");
    assertThatThrownBy(() -> project.model("marts.student"))
        .hasMessage("The project has no model 'marts.student': did you mean marts.students?");
  }

  @Test
  void readsClassificationOfColumns() {
    SourceFile.Stream students = Fixtures.project().source("erp").streams().get("students");

    assertThat(students.primaryKey()).containsExactly("id");
    assertThat(students.columns().get("email"))
        .isEqualTo(new SourceFile.Column("email", "", Optional.of(true), Optional.of("contact")));
    assertThat(students.columns().get("promotion").personal()).contains(false);
    assertThat(students.columns().get("first_name").category()).isEmpty();
  }

  @Test
  void readsModelsWithTheirTestsAndReferences() {
    ModelFile students = Fixtures.project().model("marts.students");

    assertThat(students.upstream().stream().map(TableName::toString))
        .containsExactly(
            "erp.audiences", "erp.campuses", "erp.events", "erp.students", "marts.attendance");
    assertThat(students.references().get(0).at()).isEqualTo(new Position(12, 8));
    assertThat(students.columns().get("attendance_rate").tests())
        .containsExactly(
            new ColumnTest.Range(
                Optional.of(new ColumnTest.Literal.Numeric(BigDecimal.ZERO)),
                Optional.of(new ColumnTest.Literal.Numeric(BigDecimal.ONE))));
    ModelFile attendance = Fixtures.project().model("marts.attendance");
    assertThat(attendance.materialized()).isEqualTo(ModelFile.Materialized.of("view"));
    assertThat(attendance.sql()).endsWith("GROUP BY student_id");
    assertThat(attendance.sql().lines().toList().get(6)).startsWith("SELECT student_id");
  }

  @Test
  void readsWindowsFilesAndByteOrderMarks() throws IOException {
    Fixtures.copy(Fixtures.supinfo(), folder.resolve("p"));
    try (Stream<Path> files = Files.walk(folder.resolve("p"))) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        Files.writeString(file, "\uFEFF" + Files.readString(file).replace("\n", "\r\n"));
      }
    }

    ProjectReading reading =
        new ProjectReader(new EngineParser(), Registrations.builtIn().vocabulary())
            .read(folder.resolve("p"));

    assertThat(reading.problems()).isEmpty();
    assertThat(reading.orThrow().model("marts.students").references())
        .isEqualTo(Fixtures.project().model("marts.students").references());
  }

  @Test
  void reportsBytesThatAreNotText() throws IOException {
    Fixtures.copy(Fixtures.supinfo(), folder.resolve("p"));
    Path settings = folder.resolve("p/ecluse.yaml");
    Files.write(settings, "name: caf\u00e9\n".getBytes(StandardCharsets.ISO_8859_1));
    Files.writeString(folder.resolve("p/dags/erp_daily.yaml"), "description: a\u0000b\n");

    assertThat(
            new ProjectReader(new EngineParser(), Registrations.builtIn().vocabulary())
                .read(folder.resolve("p")).problems().stream().map(Problem::toString))
        .contains(
            "ecluse.yaml:1:10: error: The byte 0xE9 is not UTF-8 (save the file as UTF-8)",
            "dags/erp_daily.yaml:1:15: error: The character U+0000 does not belong in a text file"
                + " (remove it)");
  }

  /**
   * Whatever bytes stand in the files, reading ends with problems or a project, never an exception.
   */
  @Test
  void survivesRandomDamage() throws IOException {
    Fixtures.copy(Fixtures.supinfo(), folder.resolve("p"));
    Path project = folder.resolve("p");
    Random random = new Random(20261124);
    for (Path file : files(project)) {
      byte[] original = Files.readAllBytes(file);
      for (int round = 0; round < 60; round++) {
        Files.write(file, damage(original, random));
        ProjectReading reading =
            new ProjectReader(new EngineParser(), Registrations.builtIn().vocabulary())
                .read(project);
        Fixtures.assertStopsOnlyItself(reading);
      }
      Files.write(file, original);
    }
  }

  private static Iterable<Path> files(Path project) throws IOException {
    try (Stream<Path> files = Files.walk(project)) {
      return files.filter(Files::isRegularFile).sorted().toList();
    }
  }

  private static byte[] damage(byte[] original, Random random) {
    byte[] special = ":-[]{}&*!|>'\"%@`#,?\n\t \\$()/;.".getBytes(StandardCharsets.US_ASCII);
    byte[] bytes = original.clone();
    int changes = 1 + random.nextInt(6);
    for (int i = 0; i < changes; i++) {
      int at = random.nextInt(bytes.length);
      bytes[at] =
          random.nextInt(3) == 0
              ? (byte) random.nextInt(256)
              : special[random.nextInt(special.length)];
    }
    int length = random.nextInt(8) == 0 ? random.nextInt(bytes.length + 1) : bytes.length;
    return Arrays.copyOf(bytes, length);
  }

  @Test
  void followsNoLinkOutOfTheProject() throws IOException {
    Path project = Files.createDirectories(folder.resolve("project/models/marts")).getParent();
    Files.writeString(project.resolveSibling("ecluse.yaml"), "name: school\n");
    Path secret = Files.writeString(folder.resolve("secret.sql"), "select 1 as password\n");
    Files.createSymbolicLink(project.resolve("marts/people.sql"), secret);

    assertThat(
            new ProjectReader(new EngineParser(), Registrations.builtIn().vocabulary())
                .read(project.getParent())
                .problems())
        .extracting(Problem::toString)
        .anyMatch(
            p ->
                p.contains("models/marts/people.sql")
                    && p.contains("a symbolic link that leads out of the project"));
  }
}
