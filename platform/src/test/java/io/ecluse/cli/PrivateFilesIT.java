package io.ecluse.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
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
    List<Path> seen = new ArrayList<>();
    List<Path> open = new ArrayList<>();
    Files.walkFileTree(
        folder.resolve("demo"),
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path path, BasicFileAttributes attributes) {
            return look(path);
          }

          @Override
          public FileVisitResult visitFile(Path path, BasicFileAttributes attributes) {
            return look(path);
          }

          @Override
          public FileVisitResult visitFileFailed(Path path, IOException gone) {
            return FileVisitResult.CONTINUE; // the private PostgreSQL is just ending
          }

          private FileVisitResult look(Path path) {
            seen.add(path);
            try {
              if (!Files.isSymbolicLink(path)
                  && !OWNERS.containsAll(Files.getPosixFilePermissions(path))) {
                open.add(path);
              }
            } catch (IOException e) {
              return FileVisitResult.CONTINUE;
            }
            return FileVisitResult.CONTINUE;
          }
        });
    assertThat(seen).hasSizeGreaterThan(100);
    assertThat(open).isEmpty();
  }
}
