package io.ecluse.flow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ecluse.DemoFixture;
import io.ecluse.Platform;
import io.ecluse.backup.Backup;
import io.ecluse.backup.Backups;
import io.ecluse.error.EcluseException;
import io.ecluse.error.ErrorCode;
import io.ecluse.scheduler.RunState;
import io.ecluse.schema.Effect;
import io.ecluse.warehouse.PublishedTable;
import io.ecluse.warehouse.ReadView;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Backups of a project that works, and what is made of them elsewhere. */
@Timeout(180)
class BackupTest {
  @TempDir Path folder;

  private Path project() throws IOException {
    return LabFixture.project(folder.resolve("p"), "");
  }

  @Test
  void everyTableOfAWholeFlowIsTheSameElsewhere() {
    Path backups = folder.resolve("backups");
    try (DemoFixture demo = DemoFixture.open(folder.resolve("demo"), 0.02)) {
      assertThat(demo.run().state()).isEqualTo(RunState.SUCCESS);
      demo.platform().backup().into(new Backups(backups));
      LabFixture.restore(backups, folder.resolve("q"));

      try (Platform restored = LabFixture.open(folder.resolve("q"))) {
        List<PublishedTable> tables = demo.platform().warehouse().tables();
        assertThat(restored.warehouse().tables()).isEqualTo(tables).isNotEmpty();
        for (PublishedTable table : tables) {
          if (table.kind() == PublishedTable.Kind.TABLE) {
            assertThat(restored.engine().sums(table.name(), ReadView.PUBLISHED))
                .as(table.name().toString())
                .isEqualTo(demo.platform().engine().sums(table.name(), ReadView.PUBLISHED));
          }
        }
        assertThat(
                restored.scheduler().list(Optional.empty(), Optional.empty(), 9, Optional.empty()))
            .hasSize(1);
        assertThat(restored.staging().sources()).containsExactly("erp");
        assertThat(restored.staging().reading()).isNotNull();
        restored.maintenance().run(Effect.REMOVE);
        LabFixture.publish(restored, "next", 5);
        assertThat(LabFixture.rows(restored)).isEqualTo("5");
      }
    }
  }

  @Test
  void theSecondTimeCopiesWhatIsNewAndTheLastMomentIsRestored() throws IOException {
    Path backups = folder.resolve("backups");
    try (Platform platform = LabFixture.open(project())) {
      LabFixture.publish(platform, "r1", 1);
      Backup.Report first = platform.backup().into(new Backups(backups));
      Backup.Report same = platform.backup().into(new Backups(backups));
      LabFixture.publish(platform, "r2", 2);
      LabFixture.publish(platform, "r3", 3);
      Backup.Report last = platform.backup().into(new Backups(backups));
      LabFixture.publish(platform, "r4", 4);

      assertThat(same.files()).isEqualTo(first.files());
      assertThat(same.copied()).isLessThan(first.copied());
      assertThat(last.files()).isGreaterThan(first.files());
      LabFixture.restore(backups, folder.resolve("q"));
      assertThat(LabFixture.rows(platform)).isEqualTo("4");
    }
    try (Platform restored = LabFixture.open(folder.resolve("q"))) {
      assertThat(LabFixture.rows(restored)).isEqualTo("3");
      restored.warehouse().rollBack("r3");
      assertThat(LabFixture.rows(restored)).isEqualTo("2");
    }
    assertThatThrownBy(() -> LabFixture.restore(backups, folder.resolve("q")))
        .extracting(e -> ((EcluseException) e).code())
        .isEqualTo(ErrorCode.ALREADY_EXISTS);
  }

  @Test
  void aFileOfABackupThatHasChangedIsNoticed() throws IOException {
    Path backups = folder.resolve("backups");
    try (Platform platform = LabFixture.open(project())) {
      LabFixture.publish(platform, "r1", 1);
      platform.backup().into(new Backups(backups));
    }
    try (Stream<Path> files = Files.walk(backups)) {
      Path data = files.filter(f -> f.toString().endsWith(".parquet")).findFirst().orElseThrow();
      byte[] bytes = Files.readAllBytes(data);
      bytes[bytes.length / 2] ^= 1;
      Files.write(data, bytes);
    }

    assertThatThrownBy(() -> LabFixture.restore(backups, folder.resolve("q")))
        .hasMessageContaining("is not what was backed up")
        .extracting(e -> ((EcluseException) e).code())
        .isEqualTo(ErrorCode.DATA_CORRUPT);
  }

  /** Tables and batches that a project keeps among its files are no files of the project. */
  @Test
  void whatLiesWithinTheProjectIsThereOnceAndIsRestoredWhereTheProjectSays() throws IOException {
    Path project =
        LabFixture.project(
            folder.resolve("p"),
            "warehouse: { location: data/lake }\nstaging: { location: landing }\nenvironments:\n  dev:\n  test: { warehouse: { location: lake } }\n");
    Path batch = project.resolve("landing/dev/erp/students/e1");
    Path ours = project.resolve("data/notes.txt");
    Path backups = folder.resolve("backups");
    try (Platform platform = LabFixture.open(project)) {
      LabFixture.publish(platform, "r1", 5);
      Files.createDirectories(batch);
      Files.writeString(batch.resolve("manifest.json"), "{}");
      Files.writeString(batch.resolveSibling("torn"), "half");
      Files.writeString(ours, "ours");
      Backup.Report report = platform.backup().into(new Backups(backups));
      assertThat(listed(backups))
          .hasSize((int) report.files())
          .contains("project/ecluse.yaml", "project/data/notes.txt")
          .contains("staging/dev/erp/students/e1/manifest.json")
          .noneMatch(name -> name.startsWith("project/data/lake"))
          .noneMatch(name -> name.startsWith("project/landing"));
    }

    Path copy = folder.resolve("q");
    LabFixture.restore(backups, copy);

    assertThat(copy.resolve("landing/dev/erp/students/e1/manifest.json")).hasContent("{}");
    assertThat(copy.resolve(".ecluse/warehouse/dev")).doesNotExist();
    assertThat(copy.resolve(".ecluse/staging/dev")).doesNotExist();
    try (Platform restored = LabFixture.open(copy)) {
      assertThat(restored.warehouse().location())
          .isEqualTo(copy.resolve("data/lake/dev").toString());
      assertThat(LabFixture.rows(restored)).isEqualTo("5");
      LabFixture.publish(restored, "r2", 6);
      restored.warehouse().rollBack("r2");
      assertThat(LabFixture.rows(restored)).isEqualTo("5");
    }
    assertThat(LabFixture.rows(project)).isEqualTo("5");
  }

  /** As one that was made when tables within the project were taken for its files, too. */
  @Test
  void aBackupThatHasTablesTwiceIsRestoredByThoseOfItsMoment() throws IOException {
    Path project = LabFixture.project(folder.resolve("p"), "warehouse: { location: elsewhere }\n");
    Path backups = folder.resolve("backups");
    try (Platform platform = LabFixture.open(project)) {
      LabFixture.publish(platform, "r1", 5);
      Path twice = Files.createDirectories(project.resolve("lake/dev/lab"));
      Files.copy(
          project.resolve("elsewhere/dev/.ecluse-warehouse"),
          project.resolve("lake/dev/.ecluse-warehouse"));
      Files.writeString(twice.resolve("torn.parquet"), "half");
      Files.writeString(
          project.resolve("ecluse.yaml"), "name: lab\nwarehouse: { location: lake }\n");
      platform.backup().into(new Backups(backups));
    }
    assertThat(listed(backups)).contains("project/lake/dev/lab/torn.parquet");

    LabFixture.restore(backups, folder.resolve("q"));

    assertThat(LabFixture.rows(folder.resolve("q"))).isEqualTo("5");
    assertThat(folder.resolve("q/lake/dev/lab/torn.parquet")).doesNotExist();
  }

  private static List<String> listed(Path backups) throws IOException {
    try (Stream<Path> moments = Files.list(backups.resolve("moments"))) {
      Path list = moments.findFirst().orElseThrow().resolve("files.txt");
      return Files.readAllLines(list).stream()
          .map(l -> l.replaceFirst("^\\S+ +\\d+ +", ""))
          .toList();
    }
  }

  @Test
  void nothingIsRemovedWhileABackupIsMade() throws IOException {
    try (Platform platform = LabFixture.open(project())) {
      LabFixture.publish(platform, "r1", 1);
      platform
          .warehouse()
          .whileFilesStay(
              () ->
                  assertThatThrownBy(
                          () ->
                              CompletableFuture.runAsync(
                                      () -> platform.maintenance().run(Effect.REMOVE))
                                  .join())
                      .hasMessageContaining("A backup is being made"));
      platform.maintenance().run(Effect.REMOVE);
    }
  }
}
