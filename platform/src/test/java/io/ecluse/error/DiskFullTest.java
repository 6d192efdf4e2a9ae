package io.ecluse.error;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

class DiskFullTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "No space left on device",
        "/data/part-00001.parquet: Disk quota exceeded",
        "Aucun espace disponible sur le périphérique",
        "Débordement du quota d'espace disque",
      })
  void isKnownInTheLanguageOfTheSystem(String message) {
    assertThat(DiskFull.isSaidBy(message)).isTrue();
  }

  @ParameterizedTest
  @NullSource
  @ValueSource(strings = {"", "Permission denied", "Aucun fichier ou dossier de ce type"})
  void isNotAnythingElse(String message) {
    assertThat(DiskFull.isSaidBy(message)).isFalse();
  }
}
