package io.ecluse;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whether other users of the machine get at what a platform keeps. */
class PrivateFoldersTest {
  @TempDir Path temp;
  private Path folder;
  private Path elsewhere;

  @BeforeEach
  void makeProject() throws IOException {
    folder = Files.createDirectories(temp.resolve("project"));
    elsewhere = temp.resolve("elsewhere");
    Files.writeString(
        folder.resolve("ecluse.yaml"),
        "name: blank\nstaging: { location: %s/staging }\nwarehouse: { location: %s/warehouse }\n"
            .formatted(elsewhere, elsewhere));
  }

  private void open(Map<String, String> variables) {
    new Platform(new Platform.Opening(folder, "dev", Platform.Workers.NONE, 0, variables)).close();
  }

  private static String rights(Path path) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
  }

  @Test
  void makesFoldersThatNobodyElseEnters() throws IOException {
    open(Map.of());
    for (Path path :
        new Path[] {
          folder.resolve(".ecluse"),
          folder.resolve(".ecluse/spill"),
          folder.resolve(".ecluse/stored"),
          folder.resolve(".ecluse/postgres"),
          elsewhere,
          elsewhere.resolve("staging/dev"),
          elsewhere.resolve("warehouse/dev")
        }) {
      assertThat(rights(path)).as(path.toString()).isEqualTo("rwx------");
    }
  }

  @Test
  void closesFoldersThatWereOpen() throws IOException {
    for (String each : new String[] {"project/.ecluse/spill", "elsewhere/warehouse/dev"}) {
      Path open = Files.createDirectories(temp.resolve(each));
      Files.setPosixFilePermissions(open, PosixFilePermissions.fromString("rwxr-xr-x"));
    }
    open(Map.of());
    assertThat(rights(folder.resolve(".ecluse"))).isEqualTo("rwx------");
    assertThat(rights(folder.resolve(".ecluse/spill"))).isEqualTo("rwx------");
    assertThat(rights(elsewhere.resolve("warehouse/dev"))).isEqualTo("rwx------");
  }

  @Test
  void leavesThemAsTheyAreWhenToldSo() throws IOException {
    Path state = Files.createDirectories(folder.resolve(".ecluse"));
    Files.setPosixFilePermissions(state, PosixFilePermissions.fromString("rwxr-x---"));
    open(Map.of(PrivateFolders.UMASK, "027"));
    assertThat(rights(state)).isEqualTo("rwxr-x---");
  }

  @Test
  void followsALinkToAFolderElsewhere() throws IOException {
    Path target = Files.createDirectories(temp.resolve("disk"));
    Files.setPosixFilePermissions(target, PosixFilePermissions.fromString("rwxr-xr-x"));
    Files.createSymbolicLink(folder.resolve(".ecluse"), target);
    open(Map.of());
    assertThat(rights(target)).isEqualTo("rwx------");
  }
}
