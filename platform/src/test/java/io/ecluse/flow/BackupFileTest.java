package io.ecluse.flow;

import static io.ecluse.flow.LabFixture.assertRefused;
import static io.ecluse.flow.LabFixture.publish;
import static io.ecluse.flow.LabFixture.restore;
import static io.ecluse.flow.LabFixture.rows;
import static org.assertj.core.api.Assertions.assertThat;

import io.ecluse.Platform;
import io.ecluse.backup.Backup;
import io.ecluse.backup.Backups;
import io.ecluse.error.ErrorCode;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A backup in one file. */
@Timeout(180)
class BackupFileTest {
  @TempDir Path folder;
  private Path project;

  @BeforeEach
  void write() throws IOException {
    project = LabFixture.project(folder.resolve("p"), "");
    Files.createDirectories(project.resolve("notes"));
    Files.writeString(project.resolve("notes/é ü.txt"), "à lire\n");
    Files.createDirectories(project.resolve(".ecluse/secrets"));
    Files.writeString(project.resolve(".ecluse/secrets/erp"), "s3cret-word\n");
  }

  private Backup.Report backUp(Path file) {
    try (Platform platform = LabFixture.open(project)) {
      publish(platform, "r" + System.nanoTime(), 3);
      return platform.backup().into(new Backups(file));
    }
  }

  private List<String> names(Path where) throws IOException {
    try (Stream<Path> files = Files.list(where)) {
      return files.map(f -> f.getFileName().toString()).sorted().toList();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"b.zip", "b.tar"})
  void isRestoredFrom(String name) throws IOException {
    Path file = folder.resolve("new").resolve(name);
    Backup.Report report = backUp(file);

    assertThat(names(file.getParent())).containsExactly(name);
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
    assertThat(new Backups(file).list())
        .extracting(Backups.Kept::moment)
        .containsExactly(report.moment());
    restore(file, folder.resolve("q"));
    assertThat(rows(folder.resolve("q"))).isEqualTo("3");
    assertThat(folder.resolve("q/notes/é ü.txt")).hasContent("à lire");
    assertThat(folder.resolve("q/.ecluse/secrets/erp")).doesNotExist();
    assertRefused(ErrorCode.ALREADY_EXISTS, "choose another name", () -> backUp(file));
  }

  @Test
  void hasNoSecretInIt() throws IOException {
    Path file = folder.resolve("b.tar");
    backUp(file);
    assertThat(new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1))
        .contains("name: lab")
        .doesNotContain("s3cret-word");
  }

  @Test
  void isUnpackedIntoAFolderOfBackups() throws IOException {
    Path file = folder.resolve("b.zip");
    backUp(file);
    Path unpacked = folder.resolve("unpacked");
    try (ZipFile zip = new ZipFile(file.toFile())) {
      for (ZipEntry entry : zip.stream().toList()) {
        Path to = unpacked.resolve(entry.getName());
        Files.createDirectories(to.getParent());
        Files.copy(zip.getInputStream(entry), to);
      }
    }
    try (Platform platform = LabFixture.open(project)) {
      publish(platform, "later", 5);
      platform.backup().into(new Backups(unpacked));
    }
    restore(unpacked, folder.resolve("q"));
    assertThat(rows(folder.resolve("q"))).isEqualTo("5");
    assertThat(new Backups(unpacked).list()).hasSize(2);
  }

  @ParameterizedTest
  @ValueSource(strings = {"b.zip", "b.tar"})
  void isNoneWhenItIsCutOff(String name) throws IOException {
    Path file = folder.resolve(name);
    backUp(file);
    long size = Files.size(file);
    for (long left : new long[] {0, size / 3, size / 2}) {
      Path cut = folder.resolve("cut-" + left + "-" + name);
      Files.copy(file, cut);
      try (FileChannel channel = FileChannel.open(cut, StandardOpenOption.WRITE)) {
        channel.truncate(left);
      }
      assertRefused(ErrorCode.DATA_CORRUPT, "backup", () -> restore(cut, folder.resolve("q")));
      assertThat(folder.resolve("q")).as("nothing is left").doesNotExist();
    }
  }

  @Test
  void isNoneWhenAByteHasChanged() throws IOException {
    Path file = folder.resolve("b.tar");
    backUp(file);
    byte[] bytes = Files.readAllBytes(file);
    int at = new String(bytes, StandardCharsets.ISO_8859_1).indexOf("name: lab");
    bytes[at + 6] ^= 1;
    Files.write(file, bytes);
    assertRefused(
        ErrorCode.DATA_CORRUPT,
        "is not what was backed up",
        () -> restore(file, folder.resolve("q")));
    assertThat(folder.resolve("q")).doesNotExist();
  }

  @Test
  void writesNothingOutsideOfTheNewFolder() throws IOException {
    Path file = folder.resolve("evil.zip");
    try (OutputStream out = Files.newOutputStream(file);
        ZipOutputStream zip = new ZipOutputStream(out)) {
      zip.putNextEntry(new ZipEntry("moments/m/project/../../outside"));
      zip.write(1);
    }
    assertRefused(
        ErrorCode.DATA_CORRUPT,
        "cannot be that of a file",
        () -> restore(file, folder.resolve("q")));
    assertThat(folder.resolve("outside")).doesNotExist();
  }

  @Test
  void neverHoldsItselfOrOtherBackups() throws IOException {
    Path inside = project.resolve("b.zip");
    backUp(inside);
    Backup.Report first =
        new Backups(inside)
            .list().stream()
                .map(k -> new Backup.Report(k.moment(), k.files(), 0, 0))
                .findFirst()
                .orElseThrow();
    backUp(project.resolve("kept"));
    Path tar = project.resolve("b.tar");
    backUp(tar);
    restore(tar, folder.resolve("q"));
    assertThat(names(folder.resolve("q"))).containsExactly(".ecluse", "ecluse.yaml", "notes");
    assertThat(first.files()).isPositive();
  }

  @Test
  void hasItsNameOnlyWhenItIsWhole() throws IOException {
    Path file = folder.resolve("b.zip");
    Files.writeString(folder.resolve("b.zip.draft"), "what a killed one has left");
    Path unreadable = project.resolve("x".repeat(10) + "\n.txt");
    Files.writeString(unreadable, "its name cannot be listed");
    assertRefused(ErrorCode.DATA_CORRUPT, "cannot be that of a file", () -> backUp(file));
    assertThat(file).doesNotExist();
    assertThat(folder.resolve("b.zip.draft")).doesNotExist();

    Files.delete(unreadable);
    backUp(file);
    restore(file, folder.resolve("q"));
    assertThat(rows(folder.resolve("q"))).isEqualTo("3");
  }
}
