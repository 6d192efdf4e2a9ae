package io.ecluse.source.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import io.ecluse.source.Source;
import io.ecluse.source.SourceFixture;
import io.ecluse.source.StreamPlan;
import io.ecluse.staging.BatchManifest;
import io.ecluse.staging.Part;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What happens when the connections of an extract are lost. */
abstract class LossContract extends SourceFixture implements OnDatabase {
  abstract Source source(JdbcSettings settings);

  /** A select of numbers SEQ, from one. */
  abstract String numbers(int to);

  /** The name as the database has it. */
  String name(String stream) {
    return stream;
  }

  Source source() {
    return source(settings());
  }

  /**
   * A table BIG of so many ranges, of which the sessions are ended once more than one was read:
   * what had landed stays as it was, the rest is of after the changes.
   */
  @Test
  void goesOnAfterTheLastRangeThatLanded() throws Exception {
    int rows = 450_000;
    fill(
        "CREATE TABLE big (id INT PRIMARY KEY, mark VARCHAR(200))",
        "INSERT INTO big SELECT seq, concat('mark ', seq, repeat('x', 100)) FROM (%s) n"
            .formatted(numbers(rows)));
    Once cut =
        new Once(
            OptionalLong.of(rows / 3),
            () ->
                cutAfter(
                    "UPDATE big SET mark = 'later' WHERE id = 1 OR id = " + rows,
                    "DELETE FROM big WHERE id = " + (rows - 1)));

    BatchManifest batch = source().extract(request("x1", name("big")), cut).get(0);

    assertThat(rows(batch, "select count(*), count(distinct id), max(id) from %s"))
        .containsExactly(
            List.of(String.valueOf(rows - 1), String.valueOf(rows - 1), String.valueOf(rows)));
    assertThat(rows(batch, "select id from %s where mark = 'later'"))
        .containsExactly(List.of(String.valueOf(rows)));
    assertThat(batch.isOneMoment()).isFalse();
    assertThat(batch.position())
        .containsPattern("; [1-9] of \\d key ranges re-read because the snapshot was lost, in ");
    assertThat(cut.said).anyMatch(l -> l.contains("have landed and stay"));
    try (Stream<Path> files = Files.list(Path.of(staging().location(batch)))) {
      assertThat(files.map(f -> f.getFileName().toString()))
          .as("nothing that is not in the manifest")
          .containsExactlyInAnyOrderElementsOf(
              Stream.concat(Stream.of("manifest.json"), batch.parts().stream().map(Part::file))
                  .toList());
    }
  }

  private Source reading(String stream, StreamPlan.Mode mode, StreamPlan.Deletes deletes) {
    Optional<String> cursor =
        Optional.of(name("seen")).filter(c -> mode == StreamPlan.Mode.INCREMENTAL);
    StreamPlan plan = new StreamPlan(mode, cursor, Optional.empty(), List.of(), deletes);
    return source(Settings.reading(name(stream), plan, settings()));
  }

  @Test
  void readsAllThatThereIsWhenItBeginsAgainInALaterMoment() throws Exception {
    fill(
        "CREATE TABLE big (id INT PRIMARY KEY, seen INT)",
        "INSERT INTO big SELECT seq, seq FROM (%s) n".formatted(numbers(250_000)));
    Source source = reading("big", StreamPlan.Mode.INCREMENTAL, StreamPlan.Deletes.DETECT);
    Once cut =
        Once.after(
            150_000,
            () ->
                cutAfter(
                    "INSERT INTO big VALUES (-7, 1)",
                    "INSERT INTO big VALUES (900000, 900000)",
                    "DELETE FROM big WHERE id = 250000"));

    BatchManifest batch = source.extract(request("x1", name("big")), cut).get(0);

    assertThat(rows(batch, "select count(*), min(id), max(id) from %s"))
        .containsExactly(List.of("250001", "-7", "900000"));
    assertThat(batch.keys().orElseThrow().rows()).isEqualTo(250_001);
    assertThat(batch.isOneMoment()).isTrue();
  }

  @Test
  void appendsNoRowTwiceThatCameBeforeTheLaterMoment() throws Exception {
    fill(
        "CREATE TABLE events (id INT PRIMARY KEY, mark VARCHAR(200))",
        "INSERT INTO events SELECT seq, repeat('x', 100) FROM (%s) n".formatted(numbers(120_000)));
    Source source = reading("events", StreamPlan.Mode.APPEND, StreamPlan.Deletes.IGNORE);
    Once cut = Once.after(1, () -> cutAfter("INSERT INTO events VALUES (120001, 'new')"));

    BatchManifest first = source.extract(request("x1", name("events")), cut).get(0);
    BatchManifest second = extract(source, "x2", name("events"));

    assertThat(cut.said).anyMatch(l -> l.contains("the snapshot was lost"));
    assertThat(rows(first, "select count(*), max(id) from %s"))
        .containsExactly(List.of("120000", "120000"));
    assertThat(rows(second, "select min(id), max(id), count(*) from %s"))
        .as("those before again, each once, since they may have been committed late")
        .containsExactly(List.of("110000", "120001", "10002"));
  }

  @Test
  void isLostOnceMoreWhileItCountsInTheLaterMoment() throws Exception {
    fill(
        "CREATE TABLE big (id INT PRIMARY KEY, mark VARCHAR(200))",
        "INSERT INTO big SELECT seq, repeat('x', 100) FROM (%s) n".formatted(numbers(450_000)));
    AtomicInteger losses = new AtomicInteger();
    Lines lines =
        new Lines() {
          @Override
          public void log(String line) {
            super.log(line);
            if (line.contains("the snapshot was lost") && losses.get() < 3) {
              cut();
            }
          }

          @Override
          public void progress(long rows, long total) {
            if (rows > 150_000 && losses.get() == 0) {
              cut();
            }
          }

          private void cut() {
            losses.incrementAndGet();
            try {
              cutAfter();
            } catch (SQLException e) {
              throw new AssertionError(e);
            }
          }
        };

    BatchManifest batch = source().extract(request("x1", name("big")), lines).get(0);

    assertThat(losses).hasValue(3);
    assertThat(rows(batch, "select count(*), count(distinct id) from %s"))
        .containsExactly(List.of("450000", "450000"));
  }
}
