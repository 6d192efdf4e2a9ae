package io.ecluse.storage;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What processes have leased of the copies that they share. */
@Timeout(60)
class LocalCopiesTest {
  @TempDir Path folder;

  /** Another process, which removes what the dead have left. */
  public static void main(String[] arguments) {
    lease(copies(Path.of(arguments[0])));
  }

  private static LocalCopies copies(Path folder) {
    return new LocalCopies(folder, 1 << 20, Clock.systemUTC());
  }

  private static Path lease(LocalCopies copies) {
    return copies
        .lease()
        .file(
            "key",
            "name",
            to -> {
              try {
                Files.writeString(to, "rows");
              } catch (IOException e) {
                throw new UncheckedIOException(e);
              }
              return true;
            })
        .orElseThrow();
  }

  private void another() throws Exception {
    Process other =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                LocalCopiesTest.class.getName(),
                folder.toString())
            .inheritIO()
            .start();
    assertThat(other.waitFor()).isZero();
  }

  @Test
  void staysWhileItsProcessLivesWhoeverComesAndGoesThere() throws Exception {
    try (LocalCopies copies = copies(folder)) {
      Path leased = lease(copies);
      try (LocalCopies others = copies(folder)) { // as where something is taken elsewhere
        lease(others);
      }

      another();

      assertThat(leased).hasContent("rows");
    }
    another();
    try (var left = Files.list(folder.resolve("leased"))) {
      assertThat(left.filter(f -> f.toString().endsWith(".lock"))).hasSize(1);
    }
  }
}
