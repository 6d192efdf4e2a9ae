package io.ecluse.query;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class SpillFolderTest {
  @TempDir Path all;

  /** Another process with a folder, until it is killed. */
  static final class Holder {
    private Holder() {}

    public static void main(String[] arguments) throws Exception {
      SpillFolder folder = SpillFolder.open(Path.of(arguments[0]));
      Files.writeString(folder.path().resolve("result.parquet"), "rows");
      System.out.println(folder.path());
      Thread.sleep(60_000);
    }
  }

  @Test
  void removesWhatTheDeadLeftAndNothingOfTheLiving() throws Exception {
    Process holder =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                Holder.class.getName(),
                all.toString())
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    try (BufferedReader out =
        new BufferedReader(
            new InputStreamReader(holder.getInputStream(), StandardCharsets.UTF_8))) {
      Path theirs = Path.of(out.readLine());
      try (SpillFolder mine = SpillFolder.open(all)) {
        assertThat(theirs.resolve("result.parquet")).exists();
        assertThat(mine.sweep()).isZero();
        assertThat(mine.path()).exists();

        holder.destroyForcibly().waitFor();

        assertThat(mine.sweep()).isEqualTo(1);
        assertThat(theirs).doesNotExist();
        assertThat(mine.path()).exists();
      }
    } finally {
      holder.destroyForcibly();
    }
    assertThat(all).isEmptyDirectory();
  }

  /** In containers that share a volume every process has the number 1. */
  @Test
  void removesWhatAnotherProcessOfTheSameNumberLeft() throws IOException {
    Path dead =
        Files.createDirectory(
            all.resolve(
                "process-"
                    + ProcessHandle.current().pid()
                    + "-0f8fad5b-d9cb-469f-a165-70867728950e"));
    Files.createFile(dead.resolve("lock"));
    try (SpillFolder mine = SpillFolder.open(all)) {
      assertThat(mine.path()).exists();
      assertThat(dead).doesNotExist();
    }
  }

  @Test
  void nobodySweepsAnotherOfTheSameProcess() throws IOException {
    try (SpillFolder one = SpillFolder.open(all);
        SpillFolder other = SpillFolder.open(all)) {
      assertThat(other.sweep()).isZero();
      assertThat(one.path()).exists();
    }
  }
}
