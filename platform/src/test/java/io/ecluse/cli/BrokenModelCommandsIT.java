package io.ecluse.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Commands on a project of which one model has a mistake. */
@Timeout(240)
class BrokenModelCommandsIT {
  private static final String SOUND = "/* ecluse\ndescription: Sound\n*/\nSELECT 1 AS id\n";

  @TempDir Path folder;

  @BeforeEach
  void project() throws IOException {
    write("ecluse.yaml", "name: some\n");
    write("models/marts/sound.sql", SOUND);
    write("models/marts/wrong.sql", SOUND.replace("AS id", "AS id FROM WHERE"));
    write("models/marts/lost.sql", SOUND.replace("AS id", "AS id FROM marts.soond"));
  }

  private void write(String name, String text) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }

  private String told(int exitCode, String... command) {
    try (Program program = Program.start(folder, command)) {
      assertThat(program.exitCode()).as(program.output()).isEqualTo(exitCode);
      return program.output();
    }
  }

  @Test
  void otherCommandsGoOnAndThoseThatNeedItSayWhatIsWrongWhere() {
    assertThat(told(2, "validate"))
        .contains("models/marts/lost.sql:4:21: error: There is no table marts.soond")
        .contains("did you mean marts.sound?")
        .contains("models/marts/wrong.sql:4:")
        .contains("2 errors; what depends on these files does not run, all else does");
    told(0, "build", "marts.sound");
    assertThat(told(0, "query", "select id from marts.sound")).contains("1");
    assertThat(told(0, "ls", "models")).contains("broken: models/marts/wrong.sql:4:");
    assertThat(told(2, "show", "model", "marts.lost"))
        .contains("The model marts.lost cannot be used until its file is mended")
        .contains("models/marts/lost.sql:4:21");
    assertThat(told(1, "build", "marts.wrong")).contains("models/marts/wrong.sql:4:");
  }
}
