package io.ecluse.flow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ecluse.DemoFixture;
import io.ecluse.Platform;
import io.ecluse.Servers;
import io.ecluse.engine.Cancellation;
import io.ecluse.engine.Rows;
import io.ecluse.error.EcluseException;
import io.ecluse.error.ErrorCode;
import io.ecluse.schema.Effect;
import io.ecluse.schema.TableName;
import io.ecluse.warehouse.ReadView;
import io.ecluse.warehouse.Reclaimed;
import io.ecluse.warehouse.Retention;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Projects that were moved or copied work on their own files, and on those alone. */
@Timeout(180)
class CopiedProjectTest {
  private static final TableName NUMBERS = new TableName("lab", "numbers");
  private static final String COUNT = "select count(*) from lab.numbers";

  @TempDir Path folder;
  private Path original;

  @BeforeEach
  void makeProject() throws IOException {
    original = Files.createDirectories(folder.resolve("p"));
    Files.writeString(original.resolve("ecluse.yaml"), "name: p\n");
  }

  private static String rows(Platform platform) {
    return DemoFixture.rows(platform, COUNT).get(0).get(0);
  }

  private static String rows(Platform platform, ReadView view) {
    Rows rows = new Rows();
    platform.engine().run(COUNT, view, new Cancellation(), rows);
    return String.valueOf(rows.all().get(0)[0]);
  }

  private static Reclaimed reclaim(Platform platform) {
    Instant later = Instant.now().plus(Duration.ofDays(3));
    return platform
        .warehouse()
        .reclaim(new Retention(later, later, Set.of(), Set.of(), Effect.REMOVE));
  }

  private Path copy(String name) throws Exception {
    Path copy = folder.resolve(name);
    Path server = original.resolve(".ecluse/postgres");
    while (Files.exists(server.resolve("guardian.pid"))
        || Files.exists(server.resolve("stopping"))) {
      Thread.sleep(20); // cp does not like files that go
    }
    Process cp =
        new ProcessBuilder("cp", "-a", original.toString(), copy.toString()).inheritIO().start();
    assertThat(cp.waitFor()).isZero();
    return copy;
  }

  private static Map<String, Long> files(Path project) throws IOException {
    Map<String, Long> files = new TreeMap<>();
    Path warehouse = project.resolve(".ecluse/warehouse");
    try (Stream<Path> walk = Files.walk(warehouse)) {
      for (Path file : walk.filter(Files::isRegularFile).toList()) {
        files.put(warehouse.relativize(file).toString(), Files.size(file));
      }
    }
    return files;
  }

  @Test
  void aCopyAndItsOriginalGoTheirOwnWays() throws Exception {
    try (Platform platform = LabFixture.open(original)) {
      LabFixture.publish(platform, "r1", 1);
      LabFixture.publish(platform, "r2", 2);
      LabFixture.publish(platform, "r3", 3);
    }
    Path q = copy("q");
    Map<String, Long> before = files(original);

    try (Platform copied = LabFixture.open(q)) {
      assertThat(rows(copied)).isEqualTo("3");
      copied.warehouse().rollBack("r3");
      assertThat(rows(copied)).isEqualTo("2");
      LabFixture.publish(copied, "q4", 40);
      for (int i = 5; i < 12; i++) {
        LabFixture.publish(copied, "q" + i, 10 * i);
      }
      assertThat(reclaim(copied).snapshots()).isPositive();
      assertThat(rows(copied)).isEqualTo("110");
    }
    assertThat(files(original)).isEqualTo(before);

    Files.move(original, folder.resolve("away")); // the copy needs nothing of it
    try (Platform copied = LabFixture.open(q)) {
      assertThat(rows(copied)).isEqualTo("110");
      long state = copied.warehouse().history(NUMBERS).get(4).snapshotId();
      assertThat(rows(copied, new ReadView.AtSnapshot(state))).isEqualTo("70");
    }
    try (Platform moved = LabFixture.open(folder.resolve("away"))) {
      assertThat(rows(moved)).isEqualTo("3");
      moved.warehouse().rollBack("r3");
      LabFixture.publish(moved, "r4", 4);
      assertThat(rows(moved)).isEqualTo("4");
      reclaim(moved);
      assertThat(rows(moved)).isEqualTo("4");
    }
    Files.move(folder.resolve("away"), original); // and back again
    try (Platform back = LabFixture.open(original)) {
      assertThat(rows(back)).isEqualTo("4");
      LabFixture.publish(back, "r5", 5);
      assertThat(rows(back)).isEqualTo("5");
    }
  }

  @Test
  void aProjectFromBeforeFoldersWereWrittenDownIsFoundToo() throws Exception {
    try (Platform platform = LabFixture.open(original)) {
      LabFixture.publish(platform, "r1", 1);
      platform.metadata().jdbi().useHandle(h -> h.execute("DELETE FROM warehouse_folder"));
    }
    Files.delete(original.resolve(".ecluse/warehouse/dev/.ecluse-warehouse"));
    Path q = copy("q");
    Map<String, Long> before = files(original);

    try (Platform copied = LabFixture.open(q)) {
      LabFixture.publish(copied, "r2", 2);
      reclaim(copied);
      assertThat(rows(copied)).isEqualTo("2");
    }
    assertThat(files(original)).isEqualTo(before);
    try (Platform platform = LabFixture.open(original)) {
      assertThat(rows(platform)).isEqualTo("1");
    }
  }

  @Test
  void aCopyRunsBesideItsOriginalWithAServerOfItsOwn() throws Exception {
    try (Platform platform = LabFixture.open(original)) {
      LabFixture.publish(platform, "r1", 1);
    }
    Path q = copy("q");
    try (Platform platform = LabFixture.open(original)) {
      // as a copy that was made while the original runs
      Path left = original.resolve(".ecluse/postgres");
      Files.copy(
          left.resolve("data/postmaster.pid"), q.resolve(".ecluse/postgres/data/postmaster.pid"));
      for (Path user : Files.list(left.resolve("users")).toList()) {
        Files.copy(user, q.resolve(".ecluse/postgres/users").resolve(user.getFileName()));
      }
      try (Platform copied = LabFixture.open(q)) {
        LabFixture.publish(copied, "r2", 2);
        assertThat(rows(copied)).isEqualTo("2");
        assertThat(rows(platform)).isEqualTo("1");
      }
      assertThat(rows(platform)).isEqualTo("1");
      assertThat(q.resolve(".ecluse/postgres/data/postmaster.pid")).doesNotExist();
    }
  }

  @Test
  void aCopyOfTheProjectWithoutOneOfItsCatalogIsRefused() throws Exception {
    Map<String, String> database =
        Map.of(Platform.DATABASE_URL, Servers.url(Servers.newMigratedDatabase()));
    try (Platform platform = LabFixture.open(original, database)) {
      LabFixture.publish(platform, "r1", 1);
    }
    Path q = copy("q");
    Map<String, Long> before = files(q);

    assertThatThrownBy(() -> LabFixture.open(q, database).close())
        .hasMessageContaining("is a copy")
        .extracting(e -> ((EcluseException) e).code())
        .isEqualTo(ErrorCode.WAREHOUSE_MISMATCH);
    assertThat(files(q)).isEqualTo(before);

    Files.move(original, folder.resolve("away")); // moved, then: the only one left
    try (Platform moved = LabFixture.open(q, database)) {
      assertThat(rows(moved)).isEqualTo("1");
    }
  }

  @Test
  void aCopyThatSharesTheWarehousesFolderIsRefused() throws Exception {
    Files.writeString(
        original.resolve("ecluse.yaml"),
        "name: p\nwarehouse:\n  location: " + folder.resolve("tables") + "\n");
    try (Platform platform = LabFixture.open(original)) {
      LabFixture.publish(platform, "r1", 1);
    }
    Path q = copy("q");

    assertThatThrownBy(() -> LabFixture.open(q).close())
        .hasMessageContaining(original.toString())
        .hasMessageContaining("set warehouse.location of the copy")
        .extracting(e -> ((EcluseException) e).code())
        .isEqualTo(ErrorCode.WAREHOUSE_MISMATCH);

    Files.move(original, folder.resolve("away"));
    try (Platform moved = LabFixture.open(folder.resolve("away"))) {
      assertThat(rows(moved)).isEqualTo("1");
    }
  }

  @Test
  void nothingIsDeletedWhereTheCatalogIsAnother() throws Exception {
    try (Platform platform = LabFixture.open(original)) {
      LabFixture.publish(platform, "r1", 1);
      LabFixture.publish(platform, "r2", 2);
    }
    Files.move(original.resolve(".ecluse/postgres"), folder.resolve("lost"));
    Map<String, Long> before = files(original);

    try (Platform anew = LabFixture.open(original)) {
      LabFixture.publish(anew, "r1", 9);
      assertThatThrownBy(() -> reclaim(anew))
          .hasMessageContaining("has tables of another catalog")
          .hasMessageContaining("nothing was deleted")
          .extracting(e -> ((EcluseException) e).code())
          .isEqualTo(ErrorCode.WAREHOUSE_MISMATCH);
    }
    assertThat(files(original)).containsAllEntriesOf(before);
  }

  @Test
  void aWarehouseThatWasNotMovedAlongIsMissed() throws Exception {
    try (Platform platform = LabFixture.open(original)) {
      LabFixture.publish(platform, "r1", 1);
    }
    Files.writeString(
        original.resolve("ecluse.yaml"), "name: p\nwarehouse:\n  location: elsewhere\n");

    assertThatThrownBy(() -> LabFixture.open(original).close())
        .hasMessageContaining("1 of 1 are missing")
        .hasMessageContaining("move that folder there, or set warehouse.location back");

    Files.deleteIfExists(original.resolve("elsewhere/dev")); // empty
    Files.createDirectories(original.resolve("elsewhere"));
    Files.move(original.resolve(".ecluse/warehouse/dev"), original.resolve("elsewhere/dev"));
    try (Platform platform = LabFixture.open(original)) {
      assertThat(rows(platform)).isEqualTo("1");
    }
  }
}
