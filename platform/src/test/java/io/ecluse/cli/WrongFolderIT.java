package io.ecluse.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Commands in a folder that is no project, each as the first thing that its process does. */
@Timeout(180)
class WrongFolderIT {
  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"validate", "run erp_daily", "ls tables", "build", "server --port 0"})
  void saysThatThereIsNoProject(String command) {
    try (Program program = Program.start(folder, command.split(" "))) {
      assertThat(program.exitCode()).as(program.output()).isEqualTo(2);
      assertThat(program.output())
          .contains("There is no ecluse.yaml")
          .contains("ecluse init DIR")
          .doesNotContain("\tat ");
    }
  }
}
