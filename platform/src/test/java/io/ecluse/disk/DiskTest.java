package io.ecluse.disk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ecluse.error.EcluseException;
import io.ecluse.error.ErrorCode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which files and folders are asked of the disk, and when. */
class DiskTest {
  @TempDir Path folder;
  private final List<String> asked = Collections.synchronizedList(new ArrayList<>());
  private final Disk disk = new Disk(path -> asked.add(path + (Files.exists(path) ? "" : "!")));

  private String name(String below) {
    return below.isEmpty() ? folder.toString() : folder.resolve(below).toString();
  }

  @Test
  void asksOnceForEachFileAndEachFolderUpToTheRoot() {
    disk.sync(List.of(folder), folder);
    asked.clear();

    disk.sync(
        List.of(
            folder.resolve("root/a/1"), folder.resolve("root/a/2"), folder.resolve("root/b/c/3")),
        folder.resolve("root"));
    assertThat(asked)
        .contains(name(""), folder.getParent().toString()) // the root may be new in it
        .contains(name("root/a/1") + "!", name("root/a/2") + "!", name("root/b/c/3") + "!")
        .contains(name("root") + "!", name("root/a") + "!", name("root/b") + "!")
        .doesNotHaveDuplicates();

    asked.clear();
    disk.sync(List.of(folder.resolve("root/a/4")), folder.resolve("root"));
    assertThat(asked)
        .containsExactlyInAnyOrder(
            name("root/a/4") + "!", name("root/a") + "!", name("root") + "!");
  }

  @Test
  void aFileIsWholeOnTheDiskBeforeItHasItsNameAndThenTheNameIsToo() throws IOException {
    Path file = folder.resolve("secret");
    Disk watching =
        new Disk(
            path -> {
              asked.add(
                  (path.equals(folder) ? "folder" : Files.readString(path))
                      + (Files.exists(file) ? " named" : ""));
            });

    watching.write(
        file,
        "hidden".getBytes(StandardCharsets.UTF_8),
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));

    assertThat(asked).containsExactly("hidden", "folder", "folder named");
    assertThat(file).hasContent("hidden");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
  }

  @Test
  void aFileThatTheDiskRefusesNeverAppears() throws IOException {
    Path file = Files.writeString(folder.resolve("kept"), "old");
    Disk full =
        new Disk(
            path -> {
              throw new IOException("No space left on device");
            });

    assertThatThrownBy(() -> full.write(file, new byte[] {1}))
        .extracting(e -> ((EcluseException) e).code())
        .isEqualTo(ErrorCode.DISK_FULL);
    assertThat(file).hasContent("old");
    try (Stream<Path> left = Files.list(folder)) {
      assertThat(left).containsExactly(file);
    }
  }

  @Test
  void bringsRealFilesAndFoldersToARealDisk() throws IOException {
    Path file = folder.resolve("a/b");
    Files.createDirectories(file.getParent());
    Files.writeString(file, "text");

    new Disk().sync(List.of(file), folder);

    assertThatThrownBy(() -> new Disk().sync(List.of(folder.resolve("none")), folder))
        .extracting(e -> ((EcluseException) e).code())
        .isEqualTo(ErrorCode.DISK_FAILED);
  }
}
