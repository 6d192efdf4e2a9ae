package io.ecluse.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.ecluse.Registrations;
import io.ecluse.Servers;
import io.ecluse.duckdb.EngineParser;
import io.ecluse.project.ProjectReader;
import io.ecluse.project.ProjectTemplate;
import io.ecluse.source.http.ApiServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commands as a person meets them, in this process: what they print, write and return. */
class SourceCommandsTest {
  @TempDir Path folder;
  private final String database = Servers.newDatabase();
  private String output = "";

  @BeforeEach
  void makeProject() throws IOException {
    new ProjectTemplate("blank").writeTo(folder);
    Path secrets = Files.createDirectories(folder.resolve(".ecluse/secrets"));
    Path secret = Files.writeString(secrets.resolve("erp_password"), Servers.server().password());
    Files.setPosixFilePermissions(secret, PosixFilePermissions.fromString("rw-------"));
    Servers.execute(
        database,
        """
        CREATE TABLE students AS SELECT 1 AS id, 'ada@school.example' AS email;
        CREATE TABLE grades AS SELECT 1 AS student_id, 12.5::real AS grade;
        """);
  }

  private int run(String... arguments) {
    List<String> all = new ArrayList<>(List.of(arguments));
    all.addAll(List.of("--dir", folder.toString()));
    PrintStream out = System.out;
    PrintStream err = System.err;
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (PrintStream capture = new PrintStream(bytes, true, StandardCharsets.UTF_8)) {
      System.setOut(capture);
      System.setErr(capture);
      return Main.run(all.toArray(String[]::new));
    } finally {
      System.setOut(out);
      System.setErr(err);
      output = bytes.toString(StandardCharsets.UTF_8);
    }
  }

  private String url() {
    return "postgres://%s@127.0.0.1:%d/%s"
        .formatted(Servers.server().user(), Servers.server().port(), database);
  }

  private String file() throws IOException {
    return Files.readString(folder.resolve("sources/erp.yaml"));
  }

  @Test
  void discoversASourceThatThenValidatesAndChecks() throws IOException {
    assertThat(run("source", "discover", "erp", "--url", url())).as(output).isZero();
    assertThat(output)
        .contains("2 streams, 1 columns that look like personal data, 0 left out")
        .contains("Wrote sources/erp.yaml")
        .contains("ecluse source check erp --dir " + folder)
        .contains("ecluse load erp --dir " + folder)
        .doesNotContain("ecluse secret");
    assertThat(file())
        .contains("password: ${secret:erp_password}")
        .contains("email: {personal: contact}")
        .doesNotContain(Servers.server().password())
        .doesNotContain("ada");
    assertThat(
            new ProjectReader(new EngineParser(), Registrations.builtIn().vocabulary())
                .read(folder)
                .problems())
        .isEmpty();

    assertThat(run("source", "check", "erp")).as(output).isZero();
    assertThat(output).contains("✓ select        user may read all 2 streams");
  }

  @Test
  void neverChangesAFileThatIsThereButSaysWhatDiffers() throws IOException {
    assertThat(run("source", "discover", "erp", "--url", url())).as(output).isZero();
    String before = file();
    Servers.execute(database, "CREATE TABLE lessons AS SELECT 1 AS id; DROP TABLE grades");

    assertThat(run("source", "discover", "erp")).as(output).isZero();
    assertThat(output)
        .contains("sources/erp.yaml is left as it is")
        .contains("+ lessons: is not in the file")
        .contains("- grades: is not there");
    assertThat(file()).isEqualTo(before);

    assertThat(run("source", "discover", "erp", "--print")).as(output).isZero();
    assertThat(output).contains("  lessons:").contains("type: postgres").doesNotContain("grades");
    assertThat(file()).isEqualTo(before);

    assertThat(run("source", "check", "erp")).isEqualTo(Main.FAILED);
    assertThat(output).contains("✗ streams       there is no table grades in schema public");
    assertThat(run("source", "check", "erp", "--format", "json")).isEqualTo(Main.FAILED);
    assertThat(output).contains("\"check\" : \"streams\"", "\"state\" : \"problem\"");
  }

  @Test
  void tellsByItsExitCodeThatTheServerIsNotThere() throws IOException {
    Files.writeString(
        folder.resolve("sources/erp.yaml"),
        """
        type: postgres
        connection: {host: erp.school.invalid, database: erp, user: reader, password: "${secret:erp_password}"}
        """);

    assertThat(run("source", "check", "erp")).isEqualTo(Main.UNREACHABLE);
    assertThat(output).contains("✗ name          the host erp.school.invalid has no address");
    assertThat(run("source", "discover", "erp")).isEqualTo(Main.UNREACHABLE);
  }

  @Test
  void saysWhichSecretHasNoValue() throws IOException {
    Files.writeString(
        folder.resolve("sources/erp.yaml"),
        """
        type: postgres
        connection: {host: h, database: erp, user: reader, password: "${secret:not_kept}"}
        """);

    assertThat(run("source", "check", "erp")).isEqualTo(Main.FAILED);
    assertThat(output)
        .contains("ECLUSE_SECRET_" + "not_kept".toUpperCase(Locale.ROOT))
        .contains("→ run: ecluse secret not_kept");
  }

  @Test
  void writesNothingWhereThereIsNothingToPropose() {
    assertThat(run("source", "discover", "erp", "--url", url(), "--schema", "nothing"))
        .isEqualTo(Main.UNREACHABLE);
    assertThat(output).contains("there is no schema nothing");
    Servers.execute(database, "CREATE SCHEMA nothing");

    assertThat(run("source", "discover", "erp", "--url", url(), "--schema", "nothing"))
        .isEqualTo(Main.FAILED);

    assertThat(output)
        .contains("Wrote nothing")
        .contains("the schemas there are: nothing (0 tables), public (2 tables)");
    assertThat(folder.resolve("sources/erp.yaml")).doesNotExist();
  }

  @Test
  void looksAtOtherDatabasesThroughTheFileThatNamesThem() throws Exception {
    String h2 = "jdbc:h2:file:" + folder.resolve("library");
    try (Connection connection = DriverManager.getConnection(h2, "reader", "word");
        Statement statement = connection.createStatement()) {
      statement.execute("CREATE TABLE READERS (ID INT PRIMARY KEY, EMAIL VARCHAR(60))");
      statement.execute("CREATE TABLE BOOKS (ID INT PRIMARY KEY)");
    }
    Files.createDirectories(folder.resolve(".ecluse/secrets"));
    Path secret = Files.writeString(folder.resolve(".ecluse/secrets/library"), "word");
    Files.setPosixFilePermissions(secret, PosixFilePermissions.fromString("rw-------"));
    Files.writeString(
        folder.resolve("sources/library.yaml"),
        """
        type: jdbc
        # the librarian's own server
        connection: { url: "%s", user: reader, password: "${secret:library}" }
        streams:
          BOOKS:
            description: All there are.
        extract: { statement_timeout: 5m }
        """
            .formatted(h2));

    assertThat(run("source", "check", "library")).as(output).isZero();
    assertThat(output)
        .contains("✓ connection    H2 2.")
        .contains("✓ select        user reader may read all 1")
        .contains("✓ snapshot      reads in one transaction, serializable");
    assertThat(run("source", "discover", "library")).as(output).isZero();
    assertThat(output)
        .contains("+ READERS: is not in the file")
        .contains("sources/library.yaml is left as it is");

    assertThat(run("source", "discover", "library", "--print")).as(output).isZero();
    assertThat(output)
        .contains("# the librarian's own server", "extract: { statement_timeout: 5m }")
        .contains("EMAIL: {personal: contact}")
        .doesNotContain("All there are");
    Files.writeString(folder.resolve("sources/library.yaml"), output);
    assertThat(
            new ProjectReader(new EngineParser(), Registrations.builtIn().vocabulary())
                .read(folder)
                .problems())
        .isEmpty();
  }

  @Test
  void discoversADatabaseThatNeedsADriver() throws Exception {
    String h2 = "jdbc:h2:mem:discovered;DB_CLOSE_DELAY=-1";
    try (Connection connection = DriverManager.getConnection(h2, "reader", "word");
        Statement statement = connection.createStatement()) {
      statement.execute("CREATE TABLE READERS (ID INT PRIMARY KEY, EMAIL VARCHAR(60))");
    }
    Path secret = Files.writeString(folder.resolve(".ecluse/secrets/library_password"), "word");
    Files.setPosixFilePermissions(secret, PosixFilePermissions.fromString("rw-------"));

    assertThat(run("source", "discover", "library", "--url", h2, "--user", "reader"))
        .as(output)
        .isZero();
    assertThat(output)
        .contains("1 streams, 1 columns that look like personal data")
        .contains("ecluse source check library --dir " + folder);
    assertThat(Files.readString(folder.resolve("sources/library.yaml")))
        .contains("# What ecluse source discover found: H2 2.")
        .contains("type: jdbc", "url: \"" + h2 + "\"", "user: reader")
        .contains("password: ${secret:library_password}", "EMAIL: {personal: contact}");
    assertThat(run("source", "check", "library")).as(output).isZero();
    assertThat(run("source", "discover", "library", "--url", h2, "--user", "reader")).isZero();
    assertThat(output).contains("is left as it is; it says all that was found");
  }

  @Test
  void refusesWrongUsageBeforeItConnects() {
    assertThat(run("source", "discover", "ERP", "--url", url())).isEqualTo(Main.WRONG_USAGE);
    assertThat(run("source", "discover", "erp")).isEqualTo(Main.WRONG_USAGE);
    assertThat(output).contains("--url postgres://user@host:port/database");
    assertThat(run("source", "discover", "erp", "--url", "postgres://u:hunter2@h/d"))
        .isEqualTo(Main.WRONG_USAGE);
    assertThat(output).doesNotContain("hunter2");
    assertThat(run("source")).isEqualTo(Main.WRONG_USAGE);
  }

  @Test
  void checksFilesAndApis() throws Exception {
    Files.createDirectories(folder.resolve("exports"));
    Files.writeString(folder.resolve("exports/rooms.csv"), "code;seats\nA1;30\n");
    Files.writeString(
        folder.resolve("sources/exports.yaml"),
        """
        type: files
        location: exports
        streams:
          rooms: { files: rooms.csv }
          badges: { files: "badges/*.csv" }
        """);

    assertThat(run("source", "check", "exports")).as(output).isEqualTo(Main.FAILED);
    assertThat(output)
        .contains("✓ location      ")
        .contains("✓ format        rooms: rooms.csv reads as csv")
        .contains("✗ files         Source exports: no file is named badges/*.csv");
    Path secret = Files.writeString(folder.resolve(".ecluse/secrets/key"), "a-secret");
    Files.setPosixFilePermissions(secret, PosixFilePermissions.fromString("rw-------"));
    try (ApiServer api = new ApiServer()) {
      api.on("/rooms", r -> ApiServer.Answer.json("[{\"code\": \"A1\"}]"));
      Files.writeString(
          folder.resolve("sources/api.yaml"),
          """
          type: http
          connection: { url: "%s", auth: { kind: header, name: X-Key, value: "${secret:key}" } }
          streams: { rooms: { path: /rooms } }
          """
              .formatted(api.url()));

      assertThat(run("source", "check", "api")).as(output).isZero();
      assertThat(api.requests().get(0).header("X-Key")).isEqualTo("a-secret");
    }
    assertThat(output)
        .contains("✓ auth          what the header X-Key says is accepted")
        .contains("✓ page          rooms: 1 records on the first page")
        .doesNotContain("a-secret");
    assertThat(run("source", "discover", "api")).isNotZero();
    assertThat(output).contains("name paths under streams");
  }
}
