package io.ecluse.metadata;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ecluse.error.EcluseException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DatabaseSettingsTest {
  @Test
  void readsTheFormThatOtherProgramsUse() {
    DatabaseSettings settings =
        DatabaseSettings.parse("postgresql://anna:p%40ss+1@db.example:6432/meta?sslmode=require");
    assertThat(settings)
        .isEqualTo(
            new DatabaseSettings(
                "jdbc:postgresql://db.example:6432/meta?sslmode=require", "anna", "p@ss+1"));
  }

  @Test
  void readsTheFormOfJdbcAndTakesThePasswordOutOfTheUrl() {
    DatabaseSettings settings =
        DatabaseSettings.parse(
            "jdbc:postgresql://[::1]/meta?user=anna&password=s%26cret&currentSchema=x&ssl=true");
    assertThat(settings)
        .isEqualTo(new DatabaseSettings("jdbc:postgresql://[::1]/meta?ssl=true", "anna", "s&cret"));
  }

  @Test
  void acceptsSeveralHostsAndAnAtSignInThePassword() {
    DatabaseSettings settings = DatabaseSettings.parse("postgres://anna:p@ss@a:1,b:2/meta");
    assertThat(settings)
        .isEqualTo(new DatabaseSettings("jdbc:postgresql://a:1,b:2/meta", "anna", "p@ss"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "mysql://anna:geheim@h/d",
        "postgresql://anna:geheim@h",
        "postgresql://anna:geheim@/d",
        "postgresql://anna:geheim%zz@h/d"
      })
  void refusesAnythingElseWithoutShowingIt(String url) {
    assertThatThrownBy(() -> DatabaseSettings.parse(url))
        .isInstanceOf(EcluseException.class)
        .hasMessageContaining("ECLUSE_DATABASE_URL")
        .hasMessageNotContaining("geheim")
        .hasNoCause();
  }

  @Test
  void hidesThePasswordAndTheOptionsWhenPrinted() {
    assertThat(DatabaseSettings.parse("postgres://anna:geheim@h:1/d?sslpassword=geheim"))
        .hasToString("anna@h:1/d");
  }
}
