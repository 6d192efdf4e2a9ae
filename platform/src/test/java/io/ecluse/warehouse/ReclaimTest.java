package io.ecluse.warehouse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ecluse.disk.Disk;
import io.ecluse.error.EcluseException;
import io.ecluse.error.ErrorCode;
import io.ecluse.schema.Effect;
import io.ecluse.schema.TableName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Forgetting old states of tables, and deleting what nothing refers to. */
@Timeout(60)
class ReclaimTest extends NumbersLab {
  @Test
  void keepsTheLastStatesAndBoundsTheDisk() throws IOException {
    publish(9);
    warehouse.reclaim(all());
    long bytes = files().values().stream().mapToLong(Long::longValue).sum();
    assertThat(dataFiles()).isEqualTo(Retention.LEAST_STATES);
    long files = files().size();

    for (int i = 10; i <= 16; i++) {
      write("r" + i, i);
      warehouse.publish("r" + i);
    }
    Reclaimed reclaimed = warehouse.reclaim(all());

    assertThat(reclaimed.snapshots()).isEqualTo(7);
    assertThat(reclaimed.bytes()).isPositive();
    assertThat(dataFiles()).isEqualTo(Retention.LEAST_STATES);
    // metadata remembers its last 10 files
    assertThat((long) files().size()).isLessThanOrEqualTo(files + 10);
    assertThat(files().values().stream().mapToLong(Long::longValue).sum()).isLessThan(2 * bytes);
    assertThat(rows(ReadView.PUBLISHED)).isEqualTo(16);
    List<TableVersion> history = warehouse.history(NUMBERS);
    assertThat(history).extracting(TableVersion::rows).containsExactly(16L, 15L, 14L, 13L, 12L);
    for (TableVersion version : history) {
      assertThat(rows(new ReadView.AtSnapshot(version.snapshotId()))).isEqualTo(version.rows());
    }
    assertThat(warehouse.reclaim(all())).isEqualTo(new Reclaimed(0, 0, 0));
  }

  @Test
  void saysThatAStateHasExpired() {
    List<Instant> times = publish(7);
    long first = warehouse.history(NUMBERS).get(6).snapshotId();
    assertThat(rows(new ReadView.AsOf(times.get(0)))).isEqualTo(1);
    assertThat(rows(new ReadView.AtSnapshot(first))).isEqualTo(1);

    warehouse.reclaim(all());

    assertThatThrownBy(() -> rows(new ReadView.AsOf(times.get(0))))
        .hasMessageContaining("lab.numbers")
        .hasMessageContaining("has expired")
        .hasMessageContaining("warehouse.keep_snapshots")
        .extracting(e -> ((EcluseException) e).code())
        .isEqualTo(ErrorCode.NOT_FOUND);
    assertThatThrownBy(() -> rows(new ReadView.AtSnapshot(first)))
        .hasMessageContaining(String.valueOf(first))
        .hasMessageContaining("expired");
    assertThat(rows(new ReadView.AsOf(times.get(2)))).isEqualTo(3);
  }

  @Test
  void keepsWhatReadersSawAtTheHorizonHoweverOldItIs() {
    List<Instant> times = publish(9);
    Reclaimed reclaimed = warehouse.reclaim(retention(times.get(2), later, Effect.REMOVE));

    assertThat(reclaimed.snapshots()).isEqualTo(2);
    assertThat(rows(new ReadView.AsOf(times.get(2)))).isEqualTo(3);
    assertThat(rows(new ReadView.AsOf(times.get(3).minusNanos(1_000)))).isEqualTo(3);
    assertThatThrownBy(() -> rows(new ReadView.AsOf(times.get(1)))).hasMessageContaining("expired");
  }

  @Test
  void rollsBackToWhatIsKeptAndRefusesToGoBeyond() throws IOException {
    publish(8);
    warehouse.reclaim(all());

    for (int i = 8; i > 4; i--) {
      warehouse.rollBack("r" + i);
      assertThat(rows(ReadView.PUBLISHED)).isEqualTo(i - 1);
    }
    assertThatThrownBy(() -> warehouse.rollBack("r4"))
        .hasMessageContaining("What lab.numbers was before run r4 has expired")
        .extracting(e -> ((EcluseException) e).code())
        .isEqualTo(ErrorCode.CONFLICT);
    assertThat(rows(ReadView.PUBLISHED)).isEqualTo(4);

    // what was rolled back is old too now, and the last states of what stands remain
    warehouse.reclaim(all());
    assertThat(dataFiles()).isEqualTo(1);
    assertThat(rows(ReadView.PUBLISHED)).isEqualTo(4);
  }

  @Test
  void letsARunGoOnAcrossIt() throws IOException {
    publish(8);
    write("live", 100);

    warehouse.reclaim(all());

    assertThat(rows(new ReadView.OfRun("live"))).isEqualTo(100);
    assertThat(rows(ReadView.PUBLISHED)).isEqualTo(8);
    warehouse.publish("live");
    assertThat(rows(ReadView.PUBLISHED)).isEqualTo(100);
    assertThat(warehouse.history(NUMBERS))
        .extracting(TableVersion::rows)
        .containsExactly(100L, 8L, 7L, 6L, 5L, 4L);
    warehouse.rollBack("live");
    assertThat(rows(ReadView.PUBLISHED)).isEqualTo(8);
  }

  @Test
  void refusesARunWhoseTableWasPublishedByAnotherMeanwhile() {
    publish(8);
    write("slow", 100);
    write("fast", 50);
    warehouse.publish("fast");
    warehouse.reclaim(all());

    assertThatThrownBy(() -> warehouse.publish("slow"))
        .hasMessageContaining("was published by another run")
        .extracting(e -> ((EcluseException) e).code())
        .isEqualTo(ErrorCode.COMMIT_CONFLICT);
    assertThat(rows(ReadView.PUBLISHED)).isEqualTo(50);
  }

  @Test
  void touchesNoFileOfARunThatGoesOnAndRemovesThoseOfTheKilled() throws IOException {
    publish(1);
    Path live = warehouse.stage("live", NUMBERS, numbers()).dataFolder();
    Path killed = warehouse.stage("killed", NUMBERS, numbers()).dataFolder();
    Path never = warehouse.stage("killed", new TableName("lab", "never"), numbers()).dataFolder();
    for (Path data : List.of(live, killed, never)) {
      Files.writeString(data.resolve("half.parquet"), "half of a file");
    }

    Reclaimed young =
        warehouse.reclaim(new Retention(later, longAgo, Set.of("live"), Set.of(), Effect.REMOVE));
    assertThat(young).isEqualTo(new Reclaimed(0, 0, 0));

    Reclaimed old =
        warehouse.reclaim(new Retention(later, later, Set.of("live"), Set.of(), Effect.REMOVE));
    assertThat(live.resolve("half.parquet")).exists();
    assertThat(killed).doesNotExist();
    assertThat(never.getParent().getParent()).doesNotExist();
    assertThat(old.files()).isEqualTo(2);
    assertThat(rows(ReadView.PUBLISHED)).isEqualTo(1);
  }

  @Test
  void leavesOnlyRemainsWhenCutOffAndTheNextTimeRemovesThem() throws IOException {
    publish(9);
    // the pointer has moved, and no file is deleted yet: as after a crash between the two
    Reclaimed cut = warehouse.reclaim(retention(later, longAgo, Effect.REMOVE));
    assertThat(cut.snapshots()).isEqualTo(4);
    assertThat(cut.files()).isZero();
    assertThat(dataFiles()).isEqualTo(9);
    assertThat(rows(ReadView.PUBLISHED)).isEqualTo(9);

    Reclaimed rest = warehouse.reclaim(all());

    assertThat(rest.snapshots()).isZero();
    assertThat(rest.files()).isPositive();
    assertThat(dataFiles()).isEqualTo(Retention.LEAST_STATES);
    assertThat(rows(ReadView.PUBLISHED)).isEqualTo(9);
  }

  @Test
  void tellsWhatItWouldRemoveAndTouchesNothing() throws IOException {
    publish(9);
    Map<String, Long> before = files();
    Reclaimed told = warehouse.reclaim(retention(later, later, Effect.TELL));

    assertThat(files()).isEqualTo(before);
    assertThat(warehouse.history(NUMBERS)).hasSize(9);
    assertThat(told.snapshots()).isEqualTo(4);
    Reclaimed done = warehouse.reclaim(all());
    assertThat(done.snapshots()).isEqualTo(told.snapshots());
    assertThat(done.files()).isEqualTo(told.files());
    assertThat(done.bytes()).isEqualTo(told.bytes());
  }

  @Test
  void endsForGoodWhatARunThatIsOverHadWritten() throws IOException {
    publish(1);
    write("over", 100);
    long files = dataFiles();

    warehouse.reclaim(new Retention(later, later, Set.of(), Set.of("over"), Effect.REMOVE));

    assertThat(dataFiles()).isEqualTo(files - 1);
    assertThat(warehouse.stagingRuns()).isEmpty();
    assertThatThrownBy(() -> warehouse.publish("over")).hasMessageContaining("start a new run");
    assertThatThrownBy(() -> write("over", 3)).hasMessageContaining("start a new run");
    assertThat(rows(ReadView.PUBLISHED)).isEqualTo(1);
  }

  @Test
  void deletesNothingWhenItCannotReadWhatATableIsMadeOf() throws IOException {
    publish(9);
    Path list =
        files().keySet().stream()
            .filter(f -> f.contains("snap-" + warehouse.history(NUMBERS).get(1).snapshotId()))
            .map(folder::resolve)
            .findFirst()
            .orElseThrow();
    byte[] content = Files.readAllBytes(list);
    Files.delete(list);

    assertThatThrownBy(() -> warehouse.reclaim(all()))
        .hasMessageContaining("no file is deleted")
        .extracting(e -> ((EcluseException) e).code())
        .isEqualTo(ErrorCode.DATA_CORRUPT);
    assertThat(dataFiles()).isEqualTo(9);

    Files.write(list, content);
    warehouse.reclaim(all());
    assertThat(dataFiles()).isEqualTo(Retention.LEAST_STATES);
  }

  @Test
  void worksWhereTheWarehouseIsReachedByAnotherName() throws IOException {
    publish(7);
    Path link = Files.createSymbolicLink(folder.resolve("link"), folder.resolve("warehouse"));
    Warehouse linked = new Warehouse(metadata.jdbi(), "test", link, new Disk());

    linked.reclaim(all());

    assertThat(dataFiles()).isEqualTo(Retention.LEAST_STATES);
    assertThat(rows(ReadView.PUBLISHED)).isEqualTo(7);
  }

  @Test
  void runsBesidePublicationsWithoutBreakingThem() throws Exception {
    ExecutorService other = Executors.newSingleThreadExecutor();
    try {
      Future<List<Instant>> publishing = other.submit(() -> publish(12));
      while (!publishing.isDone()) {
        // files of the runs that go on are young
        warehouse.reclaim(retention(later, longAgo, Effect.REMOVE));
      }
      assertThat(publishing.get()).hasSize(12);
    } finally {
      other.shutdown();
    }
    warehouse.reclaim(all());
    assertThat(rows(ReadView.PUBLISHED)).isEqualTo(12);
    assertThat(dataFiles()).isEqualTo(Retention.LEAST_STATES);
  }

  @Test
  void isClaimedByOneProcessAtATime() {
    Instant now = Instant.now();
    assertThat(warehouse.claimMaintenance(now, now.minusSeconds(3600))).isTrue();
    assertThat(warehouse.claimMaintenance(now.plusSeconds(60), now.minusSeconds(3540))).isFalse();
    assertThat(warehouse.claimMaintenance(now.plusSeconds(3600), now)).isTrue();
  }
}
