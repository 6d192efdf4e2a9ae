package io.ecluse.source.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ecluse.Servers;
import io.ecluse.error.EcluseException;
import io.ecluse.error.ErrorCode;
import io.ecluse.schema.RowsWanted;
import io.ecluse.source.ExtractRequest;
import io.ecluse.source.ImpactLimits;
import io.ecluse.source.Landing;
import io.ecluse.source.SilentListener;
import io.ecluse.source.StagedWarehouse;
import io.ecluse.source.Terms;
import io.ecluse.staging.BatchManifest;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** How long the moment lives in which tables are read, and what happens when it does not. */
@Timeout(120)
class SnapshotTest {
  private static final int ROWS = 60_000;
  private static final long PAGES = 64;

  @TempDir Path folder;
  private final String erp = Servers.newDatabase();
  private final ConcurrentLinkedQueue<String> log = new ConcurrentLinkedQueue<>();
  private StagedWarehouse stage;

  @BeforeEach
  void open() {
    stage = new StagedWarehouse(folder);
    Servers.execute(
        erp,
        """
        CREATE TABLE grades (id int PRIMARY KEY, note text, version int) WITH (fillfactor = 70);
        INSERT INTO grades SELECT i, repeat(md5(i::text), 3), 0 FROM generate_series(1, %d) t(i);
        ANALYZE grades;
        """
            .formatted(ROWS));
  }

  @AfterEach
  void close() {
    stage.close();
  }

  private PostgresSource source(int connections, Duration life) {
    return new PostgresSource(
        settings(connections, life),
        new Landing.Stage(stage.staging(), stage.engine().parts(), Clock.systemUTC()));
  }

  private PostgresSourceSettings settings(int connections, Duration life) {
    return LocalErp.settings(
        LocalErp.server(erp),
        connections,
        new ImpactLimits(Optional.empty(), Optional.empty(), life),
        0,
        new LocalErp.Ranges(PAGES, Terms.Compare.COUNTS));
  }

  /** Reads everything; each action is done once, when so many rows have been read. */
  private List<BatchManifest> extract(PostgresSource source, Map<Integer, Runnable> after) {
    AtomicInteger done = new AtomicInteger(-1);
    return source.extract(
        new ExtractRequest("x1", "run1", List.of(), RowsWanted.AS_PLANNED),
        new SilentListener() {
          @Override
          public void log(String line) {
            log.add(line);
          }

          @Override
          public void progress(long rows, long total) {
            after.forEach(
                (at, action) -> {
                  if (rows >= at && done.getAndUpdate(d -> Math.max(d, at)) < at) {
                    action.run();
                  }
                });
          }
        });
  }

  private static final String SUM =
      "count(*) || ' ' || sum(id::bigint) || ' ' || sum(version::bigint)";

  private String inSource() {
    try (Connection connection = Servers.server().connect(erp);
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("SELECT " + SUM + " FROM grades")) {
      rows.next();
      return rows.getString(1);
    } catch (SQLException e) {
      throw new AssertionError(e);
    }
  }

  /** Ends connections that see the moment, and waits until they are gone. */
  private void terminate(String which) {
    Servers.execute(
        erp,
        "SELECT pg_terminate_backend(pid, 30000) FROM pg_stat_activity WHERE application_name LIKE 'ecluse extract%' AND backend_xmin IS NOT NULL AND datname = current_database() AND "
            + which);
  }

  @Test
  void livesOnWhenTheConnectionThatTookItIsLost() {
    String before = inSource();
    String first =
        "backend_start = (SELECT min(backend_start) FROM pg_stat_activity WHERE application_name LIKE 'ecluse extract%' AND backend_xmin IS NOT NULL AND datname = current_database())";

    List<BatchManifest> batches =
        extract(
            source(1, Duration.ofMinutes(5)),
            Map.of(
                1,
                () -> {
                  Servers.execute(
                      erp, "UPDATE grades SET version = 1; DELETE FROM grades WHERE id < 100");
                  terminate(first);
                }));

    stage.load("run1", batches);
    assertThat(stage.value("SELECT " + SUM + " FROM erp.grades")).isEqualTo(before);
    assertThat(batches.get(0).isOneMoment()).isTrue();
    assertThat(batches.get(0).parts()).hasSizeGreaterThan(5);
  }

  @Test
  void isLostWithTheLastConnectionAndSaysSo() {
    assertThatThrownBy(
            () -> extract(source(1, Duration.ofMinutes(5)), Map.of(1, () -> terminate("true"))))
        .isInstanceOf(EcluseException.class)
        .extracting(e -> ((EcluseException) e).code())
        .isEqualTo(ErrorCode.SOURCE_LOST);
    assertThat(stage.staging().newest("erp", "grades")).isEmpty();

    extract(source(1, Duration.ofMinutes(5)), Map.of());
    assertThat(log).isNotEmpty();
  }

  @Test
  void keepsWhyItsLastConnectionWasLostAndMakesUpNoCause() {
    PostgresSourceSettings settings = settings(1, Duration.ofMinutes(5));
    PostgresErrors errors = new PostgresErrors(settings);
    EcluseException why = errors.reading("reading table grades", new SQLException("cut", "08006"));
    try (SharedSnapshot snapshot =
        new SharedSnapshot(new PostgresConnections(settings, errors), errors)) {
      snapshot.leave(snapshot.first(), why);
      assertThatThrownBy(snapshot::join)
          .hasMessageContaining("no connection is left that sees the snapshot")
          .hasCause(why);
    }
    try (SharedSnapshot snapshot =
        new SharedSnapshot(new PostgresConnections(settings, errors), errors)) {
      snapshot.leave(snapshot.first());
      assertThatThrownBy(snapshot::join).hasNoCause();
    }
  }

  @Test
  void isGivenUpWhenItIsOldAndWhatChangedMeanwhileIsReadAgain() {
    AtomicInteger round = new AtomicInteger();
    Runnable change =
        () -> {
          int version = round.incrementAndGet();
          Servers.execute(
              erp,
              "UPDATE grades SET version = %d WHERE id %% 10 = %d"
                  .formatted(version, version % 10));
          Servers.execute(erp, "VACUUM grades");
        };

    List<BatchManifest> batches =
        extract(
            source(2, Duration.ofMillis(1)),
            Map.of(1, change, 10_000, change, 20_000, change, 30_000, change, 50_000, change));

    BatchManifest batch = batches.get(0);
    assertThat(round.get()).isEqualTo(5);
    assertThat(batch.isOneMoment()).isFalse();
    assertThat(log)
        .anyMatch(l -> l.contains("extract.snapshot_life"))
        .anyMatch(l -> l.contains("grades is not one moment"));
    stage.load("run1", batches);
    assertThat(stage.value("SELECT " + SUM + " FROM erp.grades"))
        .as("each row once and as it is at the end")
        .isEqualTo(inSource());
  }

  @Test
  void isHeldOnForATableWhoseRowsNoKeyTellsApart() {
    Servers.execute(erp, "ALTER TABLE grades DROP CONSTRAINT grades_pkey");
    String before = inSource();
    List<BatchManifest> batches =
        extract(
            source(2, Duration.ofMillis(1)),
            Map.of(1, () -> Servers.execute(erp, "UPDATE grades SET version = 1")));

    assertThat(batches.get(0).isOneMoment()).isTrue();
    stage.load("run1", batches);
    assertThat(stage.value("SELECT " + SUM + " FROM erp.grades")).isEqualTo(before);
  }

  @Test
  void isHeldOnForTheLastRangeTooWhichMayHaveToBeReadAgain() {
    Servers.execute(erp, "ALTER TABLE grades DROP CONSTRAINT grades_pkey");
    String before = inSource();
    List<BatchManifest> batches =
        extract(
            source(1, Duration.ofMillis(1)),
            Map.of(
                ROWS - 100,
                () -> {
                  pause(); // no range waits any more
                  Servers.execute(erp, "UPDATE grades SET version = 1");
                  terminate("query LIKE 'COPY%'");
                }));

    assertThat(log).anyMatch(l -> l.contains("A connection was lost"));
    assertThat(batches.get(0).isOneMoment()).isTrue();
    stage.load("run1", batches);
    assertThat(stage.value("SELECT " + SUM + " FROM erp.grades")).isEqualTo(before);
  }

  @Test
  void isNotMissedByWhoWasAboutToJoinItWhenItWasGivenUp() {
    PostgresSourceSettings settings = settings(1, Duration.ofMinutes(5));
    PostgresErrors errors = new PostgresErrors(settings);
    try (SharedSnapshot snapshot =
        new SharedSnapshot(new PostgresConnections(settings, errors), errors)) {
      Connection reader = snapshot.join().orElseThrow();
      snapshot.giveUp();
      assertThat(snapshot.join()).as("somebody still sees it").isPresent();
      snapshot.close();
      assertThat(snapshot.join()).isEmpty();
      assertThatThrownBy(reader::createStatement).isInstanceOf(SQLException.class);
    }
  }

  private static void pause() {
    try {
      Thread.sleep(300);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void noticesThatATableWasRewrittenWhileNobodyHeldIt() {
    AtomicReference<Optional<String>> rewritten = new AtomicReference<>(Optional.empty());
    Runnable rewrite =
        () -> {
          terminate("query LIKE 'COPY%'");
          Servers.execute(erp, "DELETE FROM grades WHERE id % 2 = 0");
          Servers.execute(erp, "VACUUM FULL grades");
          rewritten.set(Optional.of("yes"));
        };
    assertThatThrownBy(() -> extract(source(1, Duration.ofMillis(1)), Map.of(20_000, rewrite)))
        .isInstanceOf(EcluseException.class)
        .hasMessageContaining("table grades was rewritten")
        .extracting(e -> ((EcluseException) e).code())
        .isEqualTo(ErrorCode.SOURCE_CHANGED);
    assertThat(rewritten.get()).isPresent();
  }
}
