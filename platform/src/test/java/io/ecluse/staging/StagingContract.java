package io.ecluse.staging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ecluse.error.EcluseException;
import io.ecluse.error.ErrorCode;
import io.ecluse.schema.Column;
import io.ecluse.schema.DataType;
import io.ecluse.schema.Effect;
import io.ecluse.storage.LocalCopies;
import io.ecluse.storage.Places;
import io.ecluse.storage.Storage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What staging does wherever it is. */
abstract class StagingContract {
  private static final Instant DAY_1 = Instant.parse("2026-01-01T03:00:00Z");
  private static final Instant FAR = Instant.parse("2100-01-01T00:00:00Z");
  private static final long CACHE = 250_000;
  private static final int PART = 100_000;

  @TempDir Path folder;
  private StagingArea staging;

  /** A storage on a folder that is the same for all of a test. */
  abstract Storage storage();

  /** The same as it really is, where what it tells may not be. */
  Storage actual() {
    return storage();
  }

  @BeforeEach
  void begin() {
    staging = open("here");
  }

  @AfterEach
  void end() {
    staging.close();
  }

  /** Staging as a machine of this name sees it. */
  private StagingArea open(String machine) {
    Path own = folder.resolve(machine);
    return new StagingArea(
        new Places(
            storage(),
            own.resolve("work"),
            new LocalCopies(own.resolve("copies"), CACHE, Clock.systemUTC())),
        PartFormat.PARQUET);
  }

  private Part part(String extract, int number) throws IOException {
    byte[] bytes = new byte[PART];
    new Random(extract.hashCode() + number).nextBytes(bytes);
    Path file =
        staging.begin("erp", "students", extract).resolve(staging.format().file("part", number));
    return staging.seal(Files.write(file, bytes), 10);
  }

  private BatchManifest extract(int day, int parts) throws IOException {
    String extract = "run" + day + ".1";
    List<Part> all = new java.util.ArrayList<>();
    for (int i = 0; i < parts; i++) {
      all.add(part(extract, i));
    }
    return manifest(day, all);
  }

  private static BatchManifest manifest(int day, List<Part> parts) {
    Instant ended = DAY_1.plus(Duration.ofDays(day - 1));
    return new BatchManifest(
        "erp",
        "students",
        "run" + day + ".1",
        "run" + day,
        "0/" + day,
        List.of(new StagedColumn(new Column("id", DataType.INTEGER), "integer")),
        parts,
        ended,
        ended,
        "test",
        List.of(),
        Rejected.NONE,
        Optional.empty(),
        Optional.empty(),
        Optional.empty());
  }

  final BatchManifest committed(int day, int parts) throws IOException {
    BatchManifest batch = extract(day, parts);
    staging.commit(batch);
    return batch;
  }

  final long filesIn(String below) throws IOException {
    Path path = folder.resolve(below);
    if (!Files.exists(path)) {
      return 0;
    }
    try (Stream<Path> files = Files.walk(path)) {
      return files
          .filter(Files::isRegularFile)
          .filter(f -> !f.toString().endsWith(".lock"))
          .count();
    }
  }

  @Test
  final void theNewestBatchIsTheOneThatEndedLastWhateverTheClockSays() throws IOException {
    BatchManifest ahead = committed(9, 1);
    Instant setBack = ahead.endedAt().minus(Duration.ofHours(2));

    Instant end = staging.end("erp", "students", setBack);

    assertThat(end).isAfter(ahead.endedAt());
    assertThat(staging.end("erp", "students", end.plusSeconds(1))).isEqualTo(end.plusSeconds(1));
    assertThat(staging.end("erp", "others", setBack)).isEqualTo(setBack);
  }

  @Test
  void aBatchIsThereForEverybodyWhenItIsWholeAndNotBefore() throws IOException {
    BatchManifest batch = extract(1, 2);
    try (StagingArea elsewhere = open("elsewhere")) {
      assertThat(elsewhere.list("erp", "students")).isEmpty();
      assertThat(elsewhere.find("erp", "students", "run1.1")).isEmpty();

      staging.commit(batch);

      assertThat(elsewhere.sources()).containsExactly("erp");
      assertThat(elsewhere.streams("erp")).containsExactly("students");
      assertThat(elsewhere.find("erp", "students", "run1.1")).hasValue(batch);
      assertThat(elsewhere.newest("erp", "students")).hasValue(batch);
      try (Reading reading = elsewhere.reading()) {
        assertThat(reading.parts(batch)).hasSize(2).allSatisfy(f -> assertThat(f).hasSize(PART));
        assertThat(reading.keys(batch)).isEmpty();
      }
    }
  }

  @Test
  void findsBatchesByAgeAndRun() throws IOException {
    committed(2, 1);
    BatchManifest last = committed(3, 1);
    BatchManifest first = committed(1, 1);

    assertThat(staging.list("erp", "students"))
        .extracting(BatchManifest::runId)
        .containsExactly("run3", "run2", "run1");
    assertThat(staging.newest("erp", "students")).hasValue(last);
    assertThat(staging.ofRunOrNewest("erp", "students", "run1")).hasValue(first);
    assertThat(staging.ofRunOrNewest("erp", "students", "run4")).hasValue(last);
    assertThat(staging.ofRunOrNewest("erp", "campuses", "run1")).isEmpty();
    assertThat(staging.list("erp", "campuses")).isEmpty();
  }

  @Test
  void committingTwiceIsCommittingOnce() throws IOException {
    BatchManifest batch = committed(1, 1);
    staging.commit(batch);

    assertThat(staging.list("erp", "students")).containsExactly(batch);
  }

  @Test
  void partsAreTakenOverAndLiveOn() throws IOException {
    BatchManifest first = committed(1, 2);
    Path next = staging.begin("erp", "students", "run2.1");

    Part linked = staging.link(first, first.parts().get(1), next, 0);
    BatchManifest second = manifest(2, List.of(linked));
    staging.commit(second);
    staging.delete(first);

    assertThat(linked.file()).isEqualTo("part-00000.parquet");
    assertThat(staging.list("erp", "students")).containsExactly(second);
    try (StagingArea elsewhere = open("elsewhere");
        Reading reading = elsewhere.reading()) {
      assertThat(reading.parts(second)).hasSize(1);
    }
  }

  @Test
  void removesWhatUnfinishedExtractsLeft() throws IOException {
    BatchManifest whole = committed(1, 1);
    part("run2.1", 0);
    part("run3.1", 0);
    Files.write(
        staging.begin("erp", "students", "run4.1").resolve("part-00000.parquet"), new byte[9]);

    staging.discardUnfinished("erp", "students", "run3.1");

    assertThat(storedFolders()).containsExactly("run1.1", "run3.1");
    staging.discardUnfinished("erp", "students", "none");
    assertThat(storedFolders()).containsExactly("run1.1");
    assertThat(staging.list("erp", "students")).containsExactly(whole);
    assertThat(filesIn("here/work")).isZero();
  }

  private List<String> storedFolders() {
    try (Storage storage = actual()) {
      return storage.folders("erp/students");
    }
  }

  @Test
  void forgetsOldBatchesAndLeftovers() throws IOException {
    for (int day = 1; day <= 3; day++) {
      committed(day, 2);
    }
    part("run4.1", 0);
    part("run5.1", 0);
    BatchExpiry expiry =
        new BatchExpiry(DAY_1.plus(Duration.ofDays(9)), FAR, Set.of("run5"), Set.of(), Effect.TELL);

    RemovedBatches told = staging.expire(expiry);
    assertThat(told).isEqualTo(new RemovedBatches(3, 5L * PART));
    assertThat(storedFolders()).hasSize(5);

    RemovedBatches removed =
        staging.expire(
            new BatchExpiry(expiry.endedBefore(), FAR, Set.of("run5"), Set.of(), Effect.REMOVE));

    assertThat(removed).isEqualTo(told);
    assertThat(storedFolders()).containsExactly("run3.1", "run5.1");
    assertThat(staging.list("erp", "students")).hasSize(1);
  }

  @Test
  void noticesPartsThatAreMissingOrChanged() throws IOException {
    BatchManifest batch = committed(1, 2);
    BatchManifest other = committed(2, 1);
    try (Storage storage = storage()) {
      storage.write("erp/students/run1.1/part-00001.parquet", new byte[PART]);
      storage.delete(List.of("erp/students/run2.1/part-00000.parquet"));
    }
    try (StagingArea elsewhere = open("elsewhere");
        Reading reading = elsewhere.reading()) {
      assertCorrupt(reading, batch, "part-00001.parquet", "checksum");
      assertCorrupt(reading, other, "part-00000.parquet", "missing");
    }
  }

  private static void assertCorrupt(Reading reading, BatchManifest batch, String... words) {
    assertThatThrownBy(() -> reading.parts(batch))
        .isInstanceOf(EcluseException.class)
        .hasMessageContainingAll(words)
        .extracting(e -> ((EcluseException) e).code())
        .isEqualTo(ErrorCode.DATA_CORRUPT);
  }

  final StagingArea staging() {
    return staging;
  }

  /** What staging does when it is on another machine. */
  abstract static class Remote extends StagingContract {
    @Test
    void theDiskHereHoldsNoMoreThanItMay() throws IOException {
      BatchManifest batch = committed(1, 6);

      assertThat(filesIn("here/work")).isZero();
      assertThat(filesIn("here/copies")).isLessThanOrEqualTo(CACHE / PART);
      try (Reading reading = staging().reading()) {
        assertThat(reading.parts(batch)).hasSize(6).allSatisfy(f -> assertThat(f).exists());
      }
      assertThat(filesIn("here/copies/leased")).isZero();
      assertThat(filesIn("here/copies")).isLessThanOrEqualTo(CACHE / PART);
    }

    @Test
    void whatIsHereIsNotFetchedAgainUnlessItIsBroken() throws IOException {
      BatchManifest batch = committed(1, 1);
      Path copy = folder.resolve("here/copies/kept").resolve(batch.parts().get(0).sha256());
      try (Storage storage = storage()) {
        byte[] stored = storage.read("erp/students/run1.1/part-00000.parquet").orElseThrow();
        storage.delete(List.of("erp/students/run1.1/part-00000.parquet"));
        try (Reading reading = staging().reading()) {
          assertThat(reading.parts(batch)).hasSize(1);
        }
        storage.write("erp/students/run1.1/part-00000.parquet", stored);
      }
      Files.write(copy, new byte[PART]);

      try (Reading reading = staging().reading()) {
        assertThat(reading.parts(batch)).hasSize(1);
      }
      assertThat(copy).exists().isNotEmptyFile();
    }
  }
}
