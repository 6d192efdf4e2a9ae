package io.ecluse.flow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ecluse.Registrations;
import io.ecluse.duckdb.EngineParser;
import io.ecluse.error.EcluseException;
import io.ecluse.project.ProjectReader;
import io.ecluse.project.ProjectReading;
import io.ecluse.project.SourceFile;
import io.ecluse.project.Value;
import io.ecluse.schema.Column;
import io.ecluse.schema.DataType;
import io.ecluse.source.Discovery;
import io.ecluse.source.PersonalGuess;
import io.ecluse.staging.StagedColumn;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SourceDraftTest {
  private static final NewSource.Words WORDS =
      new NewSource.Words(Registrations.builtIn().sourceTypes().namings());
  private static final NewSource NEW =
      named(
          "postgres://lecteur%20n%C2%B01@db.school.example:5433/erp?sslmode=require&schema=scolarite");

  @TempDir Path folder;

  private static NewSource named(String url) {
    return NewSource.of(
        "erp",
        WORDS.of(url),
        Optional.of("erp_password"),
        WORDS,
        new ProjectReader(new EngineParser(), Registrations.builtIn().vocabulary()));
  }

  private SourceFile read(String yaml) throws IOException {
    Files.writeString(folder.resolve("ecluse.yaml"), "name: school\n");
    Files.createDirectories(folder.resolve("sources"));
    Files.writeString(folder.resolve("sources/erp.yaml"), yaml);
    ProjectReading reading =
        new ProjectReader(new EngineParser(), Registrations.builtIn().vocabulary()).read(folder);
    assertThat(reading.problems()).as(yaml).isEmpty();
    return reading.orThrow().source("erp");
  }

  private static Discovery.FoundColumn column(
      String name, String description, Optional<String> landing, Optional<PersonalGuess> personal) {
    return new Discovery.FoundColumn(
        new StagedColumn(new Column(name, DataType.VARCHAR), "text"),
        description,
        landing,
        personal);
  }

  private static Discovery.Found stream(
      String name, String description, List<String> key, Discovery.FoundColumn... columns) {
    return new Discovery.Found(
        name, description, key, Optional.of(9942L), 1_250_000, List.of(columns), List.of());
  }

  @Test
  void writesAFileThatSaysWhatWasFound() throws IOException {
    Discovery discovery =
        new Discovery(
            "PostgreSQL 17.10",
            List.of(
                stream(
                    "students",
                    "Everybody.",
                    List.of("id"),
                    column("id", "", Optional.empty(), Optional.empty()),
                    column(
                        "email",
                        "",
                        Optional.empty(),
                        Optional.of(new PersonalGuess("contact", "by its name: email"))),
                    column("data", "", Optional.of("jsonb, lands as text"), Optional.empty()),
                    column("campus", "Where.", Optional.empty(), Optional.empty()),
                    column("other", "", Optional.empty(), Optional.empty()))),
            List.of(new Discovery.LeftOut("v", "a view")),
            List.of());

    String yaml = NEW.yaml(discovery);

    assertThat(yaml)
        .isEqualTo(
            """
            # What ecluse source discover found: PostgreSQL 17.10, 1 streams.
            # Rows and sizes are the server's estimates. What is marked as personal data is a guess,
            # with its reason: correct it, and add what it missed.
            type: postgres
            connection:
              host: db.school.example
              port: 5433
              database: erp
              user: "lecteur n°1"
              password: ${secret:erp_password}
              sslmode: require
            schema: scolarite
            streams:
              students:  # about 9 942 rows, 1.3 MB
                description: Everybody.
                primary_key: [id]
                columns:
                  id:  # text
                  email: {personal: contact}  # by its name: email
                  data:  # jsonb, lands as text
                  campus: {description: Where.}
            # Left out:
            #   v: a view
            """);
    SourceFile file = read(yaml);
    Value.Entries connection = file.content().entries("connection");
    assertThat(connection.word("user")).hasValue("lecteur n°1");
    assertThat(connection.word("password")).hasValue("${secret:erp_password}");
    assertThat(connection.number("port").orElseThrow().intValue()).isEqualTo(5433);
    assertThat(file.content().word("schema")).hasValue("scolarite");
    assertThat(file.streams().get("students").columns().get("email").category())
        .contains("contact");
  }

  @Test
  void writesEveryNameAndTextSoThatItIsReadBackTheSame() throws IOException {
    List<String> names =
        List.of(
            "true",
            "Null",
            "no",
            "1",
            "1e3",
            "0x1F",
            "élèves",
            "a b",
            "a: b",
            "a #b",
            "#a",
            "- a",
            "{a}",
            "[a]",
            "&a",
            "!a",
            "'a'",
            "\"a\"",
            "a\\b",
            "%a",
            "@a",
            "`a`",
            "|",
            ">",
            "?",
            "~",
            "a,b",
            "${env:X}",
            "日本",
            "a\u0085b",
            "a\u2028b",
            "😀",
            "=",
            "<<");
    List<Discovery.FoundColumn> columns = new ArrayList<>();
    for (String name : names) {
      columns.add(column(name, name + "\n " + name, Optional.of(name), Optional.empty()));
    }
    List<Discovery.Found> streams = new ArrayList<>();
    for (String name : names) {
      if (!name.matches(".*[\\\\*].*")) {
        streams.add(
            stream(
                name,
                "of " + name + ":\t# " + name,
                List.of(name),
                columns.toArray(Discovery.FoundColumn[]::new)));
      }
    }
    Discovery discovery =
        new Discovery(
            "PostgreSQL",
            streams,
            List.of(new Discovery.LeftOut("line\nbreak: [", "a\rview")),
            List.of("note\n- x"));

    SourceFile file = read(NEW.yaml(discovery));

    assertThat(file.streams().keySet())
        .containsExactlyElementsOf(streams.stream().map(Discovery.Found::name).toList());
    for (Discovery.Found stream : streams) {
      SourceFile.Stream read = file.streams().get(stream.name());
      assertThat(read.description()).isEqualTo(stream.description());
      assertThat(read.primaryKey()).isEqualTo(stream.primaryKey());
      assertThat(read.columns().keySet()).containsExactlyElementsOf(names);
      names.forEach(n -> assertThat(read.columns().get(n).description()).isEqualTo(n + "\n " + n));
    }
  }

  @Test
  void saysWhatDiffersFromAFileThatIsThere() throws IOException {
    SourceFile file =
        read(
            """
            type: postgres
            connection: {host: h, database: d, user: u}
            streams:
              students: {primary_key: [id], columns: {email: {personal: contact}, phone: {}}}
              gone:
              v_old:
              grades:
            """);
    Optional<PersonalGuess> contact = Optional.of(new PersonalGuess("contact", "by its name"));
    Discovery discovery =
        new Discovery(
            "PostgreSQL",
            List.of(
                stream(
                    "students",
                    "",
                    List.of("number"),
                    column("email", "", Optional.empty(), contact),
                    column("phone", "", Optional.empty(), contact)),
                stream("grades", "", List.of("id")),
                stream("lessons", "", List.of("id"))),
            List.of(new Discovery.LeftOut("v_old", "a view"), new Discovery.LeftOut("w", "a view")),
            List.of());

    assertThat(new SourceDifferences(file, discovery).lines())
        .containsExactly(
            "- gone: is not there",
            "+ lessons: is not in the file",
            "~ students.phone: looks like personal data (contact, by its name), and the file does not say whether it is",
            "~ students: primary_key is [number] there, [id] in the file",
            "? v_old: a view");
  }

  @Test
  void proposesAllOfTheSchemaWhereItFoundNothing() throws IOException {
    SourceFile file =
        read(NEW.yaml(new Discovery("PostgreSQL", List.of(), List.of(), List.of("empty"))));

    assertThat(file.streams()).isEmpty();
  }

  @Test
  void keepsHowTheSourceIsToBeSpared() throws IOException {
    for (String rate : List.of("1KB", "1KiB", "1536KiB", "50MB", "3GiB", "2TB", "1001KB")) {
      String text =
          """
              type: postgres
              connection: {host: h, database: d, user: u}
              extract:
                connections: 2
                statement_timeout: 2h
                lock_timeout: 3s
                connect_timeout: 4s
                max_slowdown: 20
                max_rate: %s
                max_rejected: 7
                snapshot_life: 5m
                compare: checksums
                row_security: apply
                hours: {from: "20:00", to: "06:00", timezone: Europe/Paris}
              streams:
                # once there
                gone: {primary_key: [id]}
              """
              .formatted(rate);
      SourceFile file = read(text);

      String yaml =
          SourceDraft.anew(text, new Discovery("PostgreSQL", List.of(), List.of(), List.of()));

      assertThat(yaml).contains("max_rate: " + rate).doesNotContain("gone", "id");
      assertThat(read(yaml).extract()).isEqualTo(file.extract());
    }
  }

  @Test
  void refusesAPasswordInAUrlWithoutRepeatingIt() {
    for (String url : List.of("postgres://u:hunter2@h/d", "postgres://u:hun ter2@h/d")) {
      assertThatThrownBy(() -> WORDS.of(url))
          .isInstanceOf(EcluseException.class)
          .satisfies(e -> assertThat(e.toString()).doesNotContain("ter2"));
    }
  }

  @Test
  void readsUrlsAsOtherProgramsWriteThem() {
    assertThat(WORDS.of("postgresql://u@[::1]/d"))
        .isEqualTo(Map.of("type", "postgres", "user", "u", "host", "::1", "database", "d"));
    assertThat(WORDS.of("jdbc:postgresql://h:6543/d?user=u"))
        .isEqualTo(
            Map.of("type", "postgres", "user", "u", "host", "h", "port", "6543", "database", "d"));
    assertThatThrownBy(() -> WORDS.of("oracle://h/d")).hasMessageContaining("postgres://");
    assertThatThrownBy(() -> WORDS.of("postgres://h/d?ssl=1"))
        .hasMessageContaining("'ssl'")
        .hasMessageContaining("sslmode");
    assertThatThrownBy(() -> named("postgres://h/d")).hasMessageContaining("--user");
  }
}
