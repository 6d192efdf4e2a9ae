package io.ecluse.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What the program leaves on the disk, as another user of the machine would find it. */
@Timeout(180)
class PrivateFilesIT {
  private static final Set<PosixFilePermission> OWNERS =
      Set.of(
          PosixFilePermission.OWNER_READ,
          PosixFilePermission.OWNER_WRITE,
          PosixFilePermission.OWNER_EXECUTE);

  @TempDir Path folder;

  @Test
  void writesNothingThatOthersMayRead() throws IOException {
    Program demo =
        Program.startCommand(
            folder,
            List.of(
                "sh",
                "-c",
                "umask 022; exec "
                    + Program.repository().resolve("ecluse")
                    + " demo --once --scale 0.05 --dir demo"));
    assertThat(demo.exitCode()).as(demo.output()).isZero();
    try (Stream<Path> files = Files.walk(folder.resolve("demo"))) {
      assertThat(files.filter(f -> !Files.isSymbolicLink(f)))
          .isNotEmpty()
          .allSatisfy(
              f ->
                  assertThat(OWNERS)
                      .containsAll(Files.getPosixFilePermissions(f, LinkOption.NOFOLLOW_LINKS)));
    }
  }
}
