package io.ecluse.staging;

import static org.assertj.core.api.Assertions.assertThat;

import io.ecluse.schema.Effect;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BatchExpiryTest {
  private static final Instant DAY_1 = Instant.parse("2026-01-01T03:00:00Z");
  private static final Instant FAR = Instant.parse("2100-01-01T00:00:00Z");

  @TempDir Path folder;
  private StagingArea staging;

  @BeforeEach
  void open() {
    staging = new StagingArea(folder.resolve("staging"));
  }

  /** The batch of a day, 100 bytes long, by the run of that day. */
  private void extract(String stream, int day) throws IOException {
    Path part = begin(stream, day);
    Instant ended = day(day);
    staging.commit(
        new BatchManifest(
            "erp",
            stream,
            "run" + day + ".1",
            "run" + day,
            "0/" + day,
            List.of(),
            List.of(staging.seal(part, 1)),
            ended,
            ended,
            "test",
            List.of(),
            Rejected.NONE,
            Optional.empty(),
            Optional.empty(),
            Optional.empty()));
  }

  private Path begin(String stream, int day) throws IOException {
    return Files.write(
        staging.begin("erp", stream, "run" + day + ".1").resolve("part-00000.parquet"),
        new byte[100]);
  }

  private static Instant day(int day) {
    return DAY_1.plus(Duration.ofDays(day - 1));
  }

  private List<String> runs(String stream) {
    return staging.list("erp", stream).stream().map(BatchManifest::runId).toList();
  }

  private static BatchExpiry before(int day, Set<String> active, Effect effect) {
    return new BatchExpiry(day(day), FAR, active, Set.of(), effect);
  }

  @Test
  void removesOldBatchesAndKeepsTheNewestOfEachStream() throws IOException {
    for (int day = 1; day <= 5; day++) {
      extract("students", day);
    }
    extract("campuses", 1);

    RemovedBatches removed = staging.expire(before(4, Set.of(), Effect.REMOVE));

    assertThat(removed).isEqualTo(new RemovedBatches(3, 300));
    assertThat(runs("students")).containsExactly("run5", "run4");
    assertThat(runs("campuses")).containsExactly("run1");
    staging.list("erp", "students").forEach(b -> assertThat(staging.reading().parts(b)).hasSize(1));
    assertThat(folder.resolve("staging/erp/students/run1.1")).doesNotExist();
    assertThat(staging.expire(before(4, Set.of(), Effect.REMOVE))).isEqualTo(RemovedBatches.NONE);
  }

  @Test
  void keepsBatchesOfRunsThatGoOn() throws IOException {
    extract("students", 1);
    extract("students", 2);
    extract("students", 3);

    staging.expire(before(9, Set.of("run1"), Effect.REMOVE));

    assertThat(runs("students")).containsExactly("run3", "run1");
  }

  @Test
  void keepsBatchesThatATableStillLacks() throws IOException {
    extract("students", 1);
    extract("students", 2);
    extract("students", 3);

    staging.expire(new BatchExpiry(day(9), FAR, Set.of(), Set.of("run2.1"), Effect.REMOVE));

    assertThat(runs("students")).containsExactly("run3", "run2");
  }

  @Test
  void removesWhatCutExtractsLeftUnlessTheirRunGoesOn() throws IOException {
    Path killed = begin("students", 1);
    Path live = begin("students", 2);

    BatchExpiry young = new BatchExpiry(FAR, DAY_1, Set.of("run2"), Set.of(), Effect.REMOVE);
    assertThat(staging.expire(young)).isEqualTo(RemovedBatches.NONE);

    assertThat(staging.expire(before(1, Set.of("run2"), Effect.REMOVE)))
        .isEqualTo(new RemovedBatches(1, 100));
    assertThat(killed.getParent()).doesNotExist();
    assertThat(live).exists();
  }

  @Test
  void tellsWhatItWouldRemoveAndTouchesNothing() throws IOException {
    extract("students", 1);
    extract("students", 2);
    Path killed = begin("students", 3);

    assertThat(staging.expire(before(9, Set.of(), Effect.TELL)))
        .isEqualTo(new RemovedBatches(2, 200));

    assertThat(runs("students")).containsExactly("run2", "run1");
    assertThat(killed).exists();
  }
}
