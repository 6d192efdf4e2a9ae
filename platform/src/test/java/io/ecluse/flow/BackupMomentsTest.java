package io.ecluse.flow;

import static io.ecluse.flow.LabFixture.assertRefused;
import static io.ecluse.flow.LabFixture.publish;
import static io.ecluse.flow.LabFixture.restore;
import static io.ecluse.flow.LabFixture.rows;
import static org.assertj.core.api.Assertions.assertThat;

import io.ecluse.Platform;
import io.ecluse.TemporaryFolders;
import io.ecluse.backup.Backups;
import io.ecluse.error.ErrorCode;
import io.ecluse.schema.Effect;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Many moments in one folder: which there are, how each is restored, how old ones go. */
@Timeout(180)
class BackupMomentsTest {
  /** What tests begin with that need no more than the backups. */
  @TempDir static Path made;

  private static final List<String> MOMENTS = new ArrayList<>();

  @TempDir Path folder;
  private Path backups;
  private final List<String> moments = new ArrayList<>();

  @BeforeAll
  static void make() throws IOException {
    MOMENTS.clear();
    MOMENTS.addAll(make(made));
  }

  /** Moment i has the table with i + 1 rows; what made the others so was rolled over. */
  private static List<String> make(Path where) throws IOException {
    List<String> moments = new ArrayList<>();
    Path project = LabFixture.project(where.resolve("p"), "");
    try (Platform platform = LabFixture.open(project)) {
      for (int n = 1; n <= 3; n++) {
        publish(platform, "r" + n, n);
        moments.add(platform.backup().into(new Backups(where.resolve("backups"))).moment());
      }
    }
    return moments;
  }

  @BeforeEach
  void copy() throws IOException {
    backups = folder.resolve("backups");
    moments.addAll(MOMENTS);
    Path from = made.resolve("backups");
    try (Stream<Path> all = Files.walk(from)) {
      for (Path each : all.toList()) {
        Files.copy(
            each,
            backups.resolve(from.relativize(each).toString()),
            StandardCopyOption.COPY_ATTRIBUTES);
      }
    }
  }

  /** The project of the backups, for the test alone. */
  private Path project() throws IOException {
    TemporaryFolders.delete(backups);
    moments.clear();
    moments.addAll(make(folder));
    return folder.resolve("p");
  }

  private String restored(String at) {
    Path target = folder.resolve("q" + System.nanoTime());
    restore(backups, Optional.of(at), target, Map.of());
    return rows(target);
  }

  private List<String> listed() {
    return new Backups(backups).list().stream().map(Backups.Kept::moment).toList();
  }

  private List<Path> shared() throws IOException {
    try (Stream<Path> files = Files.walk(backups.resolve("files"))) {
      return files.filter(Files::isRegularFile).toList();
    }
  }

  @Test
  void areListedAndEachIsRestored() {
    assertThat(listed()).isEqualTo(moments);
    for (int i = 0; i < moments.size(); i++) {
      assertThat(restored(moments.get(i))).isEqualTo(String.valueOf(i + 1));
    }
    assertThat(restored(moments.get(0).substring(0, 4))).as("the last of that year").isEqualTo("3");
    assertRefused(
        ErrorCode.NOT_FOUND, "moments there: 3, from " + moments.get(0), () -> restored("1999"));
  }

  @Test
  void removesOldOnesAndNothingThatTheOthersNeed() throws IOException {
    int before = shared().size();
    assertThat(new Backups(backups).keep(2)).isEqualTo(1);
    assertThat(listed()).isEqualTo(moments.subList(1, 3));
    assertThat(restored(moments.get(1))).isEqualTo("2");
    assertThat(new Backups(backups).keep(1)).isEqualTo(1);
    assertThat(shared().size()).as("files of the first alone are gone").isLessThanOrEqualTo(before);
    assertThat(restored(moments.get(2))).isEqualTo("3");
    assertThat(new Backups(backups).keep(1)).isZero();
    assertRefused(ErrorCode.INVALID_USAGE, "At least 1", () -> new Backups(backups).keep(0));
  }

  @Test
  void removesFilesThatNoMomentNeeds() throws IOException {
    try (Platform platform = LabFixture.open(project())) {
      platform.warehouse().rollBack("r3");
      platform.maintenance().run(Effect.REMOVE);
    }
    Path left = shared().get(0).resolveSibling("left.parquet");
    Files.writeString(left, "by a backup that was killed");
    Path draft = shared().get(0).resolveSibling("half.parquet.draft");
    Files.writeString(draft, "ha");
    new Backups(backups).keep(3);
    assertThat(left).doesNotExist();
    assertThat(draft).doesNotExist();
    assertThat(restored(moments.get(0))).isEqualTo("1");
  }

  @Test
  void finishesARemovalThatWasKilled() throws IOException {
    // as far as it had come: the list is gone, the rest is there
    Files.delete(backups.resolve("moments").resolve(moments.get(0)).resolve("files.txt"));
    assertThat(listed()).isEqualTo(moments.subList(1, 3));
    assertThat(restored(moments.get(1))).isEqualTo("2");
    new Backups(backups).keep(2);
    assertThat(backups.resolve("moments").resolve(moments.get(0))).doesNotExist();
    assertThat(restored(moments.get(1))).isEqualTo("2");
  }

  @Test
  void keepsAllWhenAListCannotBeRead() throws IOException {
    Path list = backups.resolve("moments").resolve(moments.get(2)).resolve("files.txt");
    String text = Files.readString(list);
    Files.writeString(list, text.substring(0, text.length() / 2).replaceFirst(" \\d+ ", " "));
    assertRefused(ErrorCode.DATA_CORRUPT, "", () -> new Backups(backups).keep(1));
    Files.writeString(list, text);
    assertThat(restored(moments.get(0))).isEqualTo("1");
  }

  @Test
  void goOnAfterABackupThatWasKilled() throws IOException {
    Path project = project();
    // a later moment that has no list, and a shared file that was half written
    Path broken = backups.resolve("moments/99991231T000000.000/catalog");
    Files.createDirectories(broken);
    Files.writeString(broken.resolve("run"), "half");
    Path data =
        shared().stream().filter(f -> f.toString().endsWith(".parquet")).findFirst().orElseThrow();
    Files.writeString(data.resolveSibling(data.getFileName() + ".draft"), "half");
    assertThat(restored("")).isEqualTo("3");
    try (Platform platform = LabFixture.open(project)) {
      publish(platform, "r4", 4);
      platform.backup().into(new Backups(backups));
    }
    assertThat(restored("")).isEqualTo("4");
    assertThat(backups.resolve("moments/99991231T000000.000")).doesNotExist();
  }

  @Test
  void aSharedFileOfAnOlderMomentIsNeverWrittenOver() throws IOException {
    Path project = project();
    // the newest moment does not have the files of the first: they are known all the same
    Path list = backups.resolve("moments").resolve(moments.get(2)).resolve("files.txt");
    List<String> own =
        Files.readAllLines(list).stream().filter(l -> !l.contains(" warehouse/")).toList();
    Files.write(list, own);
    Map<Path, Object> before = inodes(moments.get(1));
    try (Platform platform = LabFixture.open(project)) {
      platform.backup().into(new Backups(backups));
    }
    assertThat(inodes(moments.get(1))).isEqualTo(before).isNotEmpty();
  }

  private Map<Path, Object> inodes(String moment) throws IOException {
    Map<Path, Object> inodes = new HashMap<>();
    for (String line :
        Files.readAllLines(backups.resolve("moments").resolve(moment).resolve("files.txt"))) {
      Path file = backups.resolve("files").resolve(line.split(" ", 3)[2]);
      if (Files.exists(file)) {
        inodes.put(file, Files.getAttribute(file, "unix:ino"));
      }
    }
    return inodes;
  }

  @Test
  void theNewestIsTheNewestAlsoWhenTheClockHasGoneBack() throws IOException {
    Path project = project();
    Path last = backups.resolve("moments").resolve(moments.get(2));
    Files.move(last, last.resolveSibling("29991231T235959.000"));
    try (Platform platform = LabFixture.open(project)) {
      publish(platform, "r4", 4);
      String moment = platform.backup().into(new Backups(backups)).moment();
      assertThat(listed()).last().isEqualTo(moment);
    }
    assertThat(restored("")).isEqualTo("4");
  }

  @Test
  void areForTheOwnerAlone() throws IOException {
    try (Stream<Path> all = Files.walk(backups)) {
      for (Path each : all.filter(p -> !p.equals(backups)).toList()) {
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(each)))
            .as(each.toString())
            .isEqualTo(Files.isDirectory(each) ? "rwx------" : "rw-------");
      }
    }
  }

  @Test
  void twoAreNeverWrittenAtOnce() throws IOException {
    Path project = project();
    try (FileChannel other = FileChannel.open(backups.resolve(".lock"), StandardOpenOption.WRITE);
        Platform platform = LabFixture.open(project)) {
      other.lock();
      assertRefused(
          ErrorCode.CONFLICT, "Another backup", () -> platform.backup().into(new Backups(backups)));
      assertRefused(ErrorCode.CONFLICT, "Another backup", () -> new Backups(backups).keep(1));
    }
    assertThat(listed()).isEqualTo(moments);
  }
}
