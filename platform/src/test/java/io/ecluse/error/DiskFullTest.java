package io.ecluse.error;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
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

  @Test
  void isFoundBehindALibrarysFailure() {
    Exception library =
        new IllegalStateException("Failed", new IOException("No space left on device"));
    assertThat(DiskFull.in(library).orElseThrow().code()).isEqualTo(ErrorCode.DISK_FULL);
    assertThat(DiskFull.in(new IllegalStateException("No space left on device"))).isEmpty();
    assertThat(DiskFull.in(new EcluseException(ErrorCode.CANCELLED, "ended", library))).isEmpty();
  }

  @Test
  void saysHowMuchIsFreeWhereAFileWouldBe(@TempDir Path folder) {
    Path file = folder.resolve("a/b");
    assertThat(
            DiskFull.error("write " + file, new FileSystemException(file.toString(), null, "full")))
        .hasMessageMatching(
            "Could not write .*/a/b: the disk is full \\(.* free of .* at "
                + folder
                + "\\); make space there and run it again");
  }
}
