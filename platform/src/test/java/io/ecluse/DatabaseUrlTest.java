package io.ecluse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ecluse.error.EcluseException;
import io.ecluse.metadata.DatabaseSettings;
import io.ecluse.project.LocalSecrets;
import io.ecluse.project.Secrets;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

class DatabaseUrlTest {
  private static final String PASSWORD = "p@ss/w:rd %?+&";

  private static final Secrets SECRETS =
      new LocalSecrets(
          Map.of(
              "ECLUSE_SECRET_METADATA",
              PASSWORD,
              "ECLUSE_SECRET_WHOLE",
              "postgresql://me:a%40b@db:5433/state"),
          Path.of("/nowhere"));

  @Test
  void aSecretWithinTheUrlMayHoldAnySign() {
    DatabaseSettings settings =
        DatabaseUrl.settings("postgresql://ecluse:${secret:metadata}@db:5432/ecluse", SECRETS);
    assertThat(settings)
        .isEqualTo(new DatabaseSettings("jdbc:postgresql://db:5432/ecluse", "ecluse", PASSWORD));
    assertThat(settings.toString()).doesNotContain(PASSWORD);
  }

  @Test
  void aSecretMayBeTheWholeUrl() {
    assertThat(DatabaseUrl.settings("${secret:whole}", SECRETS))
        .isEqualTo(new DatabaseSettings("jdbc:postgresql://db:5433/state", "me", "a@b"));
  }

  @Test
  void aUrlWithoutSecretsMeansWhatItMeant() {
    assertThat(DatabaseUrl.settings("postgresql://a:b$c@db/x", SECRETS).password())
        .isEqualTo("b$c");
  }

  @Test
  void aSecretThatIsMissingIsNamed() {
    assertThatThrownBy(() -> DatabaseUrl.settings("postgresql://a:${secret:other}@db/x", SECRETS))
        .isInstanceOf(EcluseException.class)
        .hasMessageContaining("ECLUSE_SECRET_OTHER");
  }
}
