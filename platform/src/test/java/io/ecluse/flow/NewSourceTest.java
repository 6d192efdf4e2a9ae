package io.ecluse.flow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ecluse.Registrations;
import io.ecluse.duckdb.EngineParser;
import io.ecluse.project.LocalSecrets;
import io.ecluse.project.ProjectReader;
import io.ecluse.project.SourceFile;
import io.ecluse.project.Value;
import io.ecluse.source.Declared;
import io.ecluse.source.Discovery;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class NewSourceTest {
  private static final NewSource.Words WORDS =
      new NewSource.Words(Registrations.builtIn().sourceTypes().namings());

  private static NewSource named(String name, Map<String, String> words, Optional<String> secret) {
    ProjectReader reader =
        new ProjectReader(new EngineParser(), Registrations.builtIn().vocabulary());
    return NewSource.of(name, words, secret, WORDS, reader);
  }

  private static SourceFile file(String url, String... more) {
    Map<String, String> words = new HashMap<>(WORDS.of(url));
    for (int i = 0; i < more.length; i += 2) {
      words.put(more[i], more[i + 1]);
    }
    return named("shop", words, Optional.of("shop_password")).file();
  }

  /** With the value of its secret, and what is not said as it is usual. */
  private static Declared declared(SourceFile file) {
    return new Declared(
        file,
        new LocalSecrets(Map.of("ECLUSE_SECRET_SHOP_PASSWORD", "word"), Path.of("/")),
        Path.of("/"));
  }

  @Test
  void readsMariaDbHoweverItIsWritten() {
    for (String url :
        List.of(
            "mariadb://reader@shop.school.example/orders",
            "mysql://reader@shop.school.example:3306/orders",
            "jdbc:mariadb://shop.school.example/orders?user=reader",
            "jdbc:mysql://shop.school.example/orders?user=reader")) {
      SourceFile file = file(url, "sslmode", "verify-full");
      Declared source = declared(file);
      assertThat(file.type()).isEqualTo("mariadb");
      assertThat(source.port(3306)).isEqualTo(3306);
      assertThat(source.texts(source.connection()))
          .containsEntry("host", "shop.school.example")
          .containsEntry("database", "orders")
          .containsEntry("user", "reader")
          .containsEntry("password", "word");
      assertThat(source.connection().word("password")).hasValue("${secret:shop_password}");
    }
  }

  @Test
  void readsAnyOtherDatabaseByItsUrl() {
    SourceFile file =
        file(
            "jdbc:oracle:thin:@//db.school.example:1521/erp",
            "user",
            "reader",
            "schema",
            "SCHOOL",
            "driver_jar",
            "drivers/ojdbc.jar");
    Value.Entries connection = file.content().entries("connection");

    assertThat(file.type()).isEqualTo("jdbc");
    assertThat(file.content().word("schema")).hasValue("SCHOOL");
    assertThat(connection.word("url")).hasValue("jdbc:oracle:thin:@//db.school.example:1521/erp");
    assertThat(connection.word("user")).hasValue("reader");
    assertThat(connection.word("driver_jar")).hasValue("drivers/ojdbc.jar");
  }

  @Test
  void leavesPostgresToItsOwn() {
    for (String url : List.of("postgres://u@h/d", "jdbc:postgresql://h/d?user=u")) {
      assertThat(WORDS.of(url)).containsEntry("type", "postgres");
    }
  }

  @Test
  void refusesAPasswordInAUrlWithoutRepeatingIt() {
    for (String url :
        List.of(
            "mariadb://u:hunter2@h/d",
            "jdbc:mysql://u:hunter2@h/d",
            "jdbc:oracle:thin:scott/hunter2@//h:1521/d",
            "jdbc:sqlserver://h;user=u;Password=hunter2",
            "jdbc:db2://h:50000/d:user=u;password=hunter2;")) {
      assertThatThrownBy(() -> WORDS.of(url))
          .hasMessageContaining("A password must not stand in --url")
          .satisfies(e -> assertThat(e.toString()).doesNotContain("hunter2"));
    }
  }

  @Test
  void saysWhatIsMissingOrWrong() {
    assertThatThrownBy(() -> file("mariadb://h/d")).hasMessageContaining("The user is not said");
    assertThatThrownBy(() -> file("mariadb://u@h/d", "sslmode", "require"))
        .hasMessageContaining("Expected one of disable, trust, verify-ca, verify-full")
        .hasMessageContaining("'require'");
    assertThatThrownBy(() -> WORDS.of("mariadb://u@h/d?ssl=1"))
        .hasMessageContaining("'ssl' in --url is not known");
    assertThatThrownBy(() -> WORDS.of("oracle://h/d")).hasMessageContaining("jdbc:…");
  }

  @Test
  void writesAFileWithoutWhatWasNotSaid() {
    NewSource database = named("library", WORDS.of("jdbc:h2:tcp://h/library"), Optional.empty());

    assertThat(database.yaml(new Discovery("H2", List.of(), List.of(), List.of("empty"))))
        .isEqualTo(
            """
            # What ecluse source discover found: H2, 0 streams.
            # Rows and sizes are the server's estimates. What is marked as personal data is a guess,
            # with its reason: correct it, and add what it missed.
            type: jdbc
            connection:
              url: "jdbc:h2:tcp://h/library"
            # empty
            """);
  }
}
