package io.ecluse.project;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ecluse.Registrations;
import io.ecluse.disk.Disk;
import io.ecluse.duckdb.EngineParser;
import io.ecluse.error.EcluseException;
import io.ecluse.error.ErrorCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProjectWriterTest {
  private static final String ERP =
      """
      # ours since 2019 🏫
      type: postgres
      connection:
        user: "écluse"   # reads only
        port: 5432 # of the ERP
        host: localhost
        database: erp
      streams: { students: {} }
      """;

  private static final String HEADER = "/* ecluse\ndescription: x\n*/\n";

  @TempDir Path folder;
  private EngineParser parser;
  private ProjectWriter writer;

  @BeforeEach
  void project() throws IOException {
    parser = new EngineParser();
    writer =
        new ProjectWriter(
            folder, new ProjectReader(parser, Registrations.builtIn().vocabulary()), new Disk());
    put("ecluse.yaml", "name: school\n");
    put("sources/erp.yaml", ERP);
    put("models/marts/students.sql", HEADER + "SELECT * FROM erp.students\n");
    put(
        "dashboards/school.yaml",
        """
        title: School
        tiles:
          - { id: all, title: All, kind: table, query: SELECT * FROM marts.students }
        """);
  }

  @AfterEach
  void close() {
    parser.close();
  }

  private void put(String path, String text) throws IOException {
    Path file = folder.resolve(path);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }

  private String text(String path) throws IOException {
    return Files.readString(folder.resolve(path));
  }

  private ProjectWriter.Content read(String path) {
    return writer.read(path).orElseThrow();
  }

  private static void refuses(Runnable work, ErrorCode code, String words) {
    assertThatThrownBy(work::run)
        .isInstanceOfSatisfying(EcluseException.class, e -> assertThat(e.code()).isEqualTo(code))
        .hasMessageContaining(words);
  }

  @Test
  void changesOneValueAndNothingElse() throws IOException {
    ProjectWriter.Content written =
        writer.set(read("sources/erp.yaml"), List.of("connection", "port"), "6543");
    writer.set(written, List.of("connection", "user"), "reader");

    assertThat(text("sources/erp.yaml"))
        .isEqualTo(ERP.replace("5432", "6543").replace("\"écluse\"", "reader"));
    assertThat(read("sources/erp.yaml").etag()).isNotEqualTo(written.etag());
  }

  @Test
  void leavesAFileAloneThatHasChangedSinceItWasRead() throws IOException {
    ProjectWriter.Content read = read("sources/erp.yaml");
    put("sources/erp.yaml", ERP + "# by somebody else\n");

    refuses(
        () -> writer.set(read, List.of("connection", "port"), "6543"),
        ErrorCode.CONFLICT,
        "sources/erp.yaml has changed since it was read");
    refuses(
        () -> writer.create("sources/erp.yaml", ERP),
        ErrorCode.ALREADY_EXISTS,
        "sources/erp.yaml is there already");
    assertThat(text("sources/erp.yaml")).endsWith("# by somebody else\n");
  }

  @Test
  void leavesAProjectAloneThatWouldHaveAnErrorMoreAnywhere() throws IOException {
    ProjectWriter.Content model = read("models/marts/students.sql");
    refuses(
        () -> writer.replace(model.path(), model.etag(), HEADER + "SELECT * FROM erp.pupils\n"),
        ErrorCode.INVALID_PROJECT,
        "There is no table erp.pupils");
    ProjectWriter.Content source = read("sources/erp.yaml");
    refuses(
        () -> writer.set(source, List.of("connection", "port"), "99999999"),
        ErrorCode.INVALID_PROJECT,
        "sources/erp.yaml");
    String other = ERP.replace("students", "pupils");
    refuses(
        () -> writer.replace(source.path(), source.etag(), other),
        ErrorCode.INVALID_PROJECT,
        "models/marts/students.sql");

    assertThat(text("sources/erp.yaml")).isEqualTo(ERP);
    try (Stream<Path> files = Files.walk(folder)) {
      assertThat(files.filter(Files::isRegularFile)).hasSize(4);
    }
  }

  @Test
  void writesIntoAProjectThatHasOtherErrorsAlready() throws IOException {
    put("models/marts/broken.sql", "SELECT\n");

    writer.create("models/marts/more.sql", HEADER + "SELECT 1 AS one\n");

    assertThat(text("models/marts/more.sql")).endsWith("SELECT 1 AS one\n");
  }

  @Test
  void writesFilesOfAProjectAndNoOthers() {
    for (String path :
        List.of(
            "../outside.yaml",
            "sources/../../outside.yaml",
            "/etc/outside.yaml",
            ".ecluse/secrets/erp_password",
            "sources/driver.jar",
            "plugins/run.yaml",
            "sources",
            "README.md")) {
      refuses(
          () -> writer.create(path, "name: x\n"),
          ErrorCode.INVALID_USAGE,
          path + " is no file of a project");
    }
  }

  @Test
  void setsNoValueThatIsNotThere() {
    ProjectWriter.Content source = read("sources/erp.yaml");
    refuses(
        () -> writer.set(source, List.of("connection", "sslmode"), "require"),
        ErrorCode.NOT_FOUND,
        "sources/erp.yaml has no single value at connection.sslmode");
    refuses(
        () -> writer.set(source, List.of("connection"), "x"), ErrorCode.NOT_FOUND, "connection");
  }

  private String location(String settings, String... keys) throws IOException {
    put("ecluse.yaml", settings);
    return writer
        .put(writer.read("ecluse.yaml").orElseThrow(), List.of(keys), "s3://lake/é")
        .text();
  }

  @Test
  void writesAValueThatWasNotThereAndNothingElse() throws IOException {
    String[] all = {"warehouse", "location"};
    String[] own = {"environments", "dev", "warehouse", "location"};
    assertThat(location("name: school # é\n", all))
        .isEqualTo("name: school # é\nwarehouse:\n  location: s3://lake/é\n");
    assertThat(location("name: school", all))
        .isEqualTo("name: school\nwarehouse:\n  location: s3://lake/é");
    assertThat(location("name: school\nwarehouse:\n  cache: 1GB # little\n\n# end\n", all))
        .isEqualTo(
            "name: school\nwarehouse:\n  cache: 1GB # little\n  location: s3://lake/é\n\n# end\n");
    assertThat(location("warehouse: { cache: 1GB }\nname: school\n", all))
        .isEqualTo("warehouse: { location: s3://lake/é, cache: 1GB }\nname: school\n");
    assertThat(location("warehouse: {}\nname: school\n", all))
        .isEqualTo("warehouse: { location: s3://lake/é }\nname: school\n");
    assertThat(location("name: school\nwarehouse: # none\nquery: { threads: 1 }\n", all))
        .isEqualTo(
            "name: school\nwarehouse: { location: s3://lake/é } # none\nquery: { threads: 1 }\n");
    assertThat(location("name: school\nwarehouse:\n  location: old # x\n", all))
        .isEqualTo("name: school\nwarehouse:\n  location: s3://lake/é # x\n");
    assertThat(location("name: school\nenvironments: { dev: {}, prod: {} }\n", own))
        .isEqualTo(
            "name: school\nenvironments: { dev: { warehouse: { location: s3://lake/é } }, prod: {} }\n");
    assertThat(
            location(
                "environments:\n  prod:\n    query: { threads: 1 }\n  dev:\n    query:\n      threads: 2\nname: x\n",
                own))
        .isEqualTo(
            "environments:\n  prod:\n    query: { threads: 1 }\n  dev:\n    query:\n      threads: 2\n    warehouse:\n      location: s3://lake/é\nname: x\n");
  }
}
