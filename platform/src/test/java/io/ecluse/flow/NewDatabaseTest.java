package io.ecluse.flow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ecluse.duckdb.EngineParser;
import io.ecluse.project.SourceFile;
import io.ecluse.source.Discovery;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class NewDatabaseTest {
  private static SourceFile file(String url, String... more) {
    Map<String, String> words = new HashMap<>(NewDatabase.words(url));
    for (int i = 0; i < more.length; i += 2) {
      words.put(more[i], more[i + 1]);
    }
    assertThat(NewDatabase.isMeant(words)).isTrue();
    return NewDatabase.of("shop", words, Optional.of("shop_password"), new EngineParser()).file();
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
      assertThat(file.type()).isEqualTo(SourceFile.Type.MARIADB);
      assertThat(file.connection().host().text()).isEqualTo("shop.school.example");
      assertThat(file.connection().port().text()).isEqualTo("3306");
      assertThat(file.connection().database().text()).isEqualTo("orders");
      assertThat(file.connection().user().text()).isEqualTo("reader");
      assertThat(file.connection().password().orElseThrow().text())
          .isEqualTo("${secret:shop_password}");
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
    SourceFile.Url url = (SourceFile.Url) file.access();

    assertThat(file.type()).isEqualTo(SourceFile.Type.JDBC);
    assertThat(file.schema()).isEqualTo("SCHOOL");
    assertThat(url.url().text()).isEqualTo("jdbc:oracle:thin:@//db.school.example:1521/erp");
    assertThat(url.user().orElseThrow().text()).isEqualTo("reader");
    assertThat(url.driverJar()).hasValue("drivers/ojdbc.jar");
  }

  @Test
  void leavesPostgresToItsOwn() {
    for (String url : List.of("postgres://u@h/d", "jdbc:postgresql://h/d?user=u")) {
      assertThat(NewDatabase.isMeant(NewDatabase.words(url))).isFalse();
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
      assertThatThrownBy(() -> NewDatabase.words(url))
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
    assertThatThrownBy(() -> NewDatabase.words("mariadb://u@h/d?ssl=1"))
        .hasMessageContaining("'ssl' in --url is not known");
    assertThatThrownBy(() -> NewDatabase.words("oracle://h/d")).hasMessageContaining("jdbc:…");
  }

  @Test
  void writesAFileWithoutWhatWasNotSaid() {
    NewDatabase database =
        NewDatabase.of(
            "library",
            NewDatabase.words("jdbc:h2:tcp://h/library"),
            Optional.empty(),
            new EngineParser());

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
