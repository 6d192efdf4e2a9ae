package io.ecluse.source.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.ecluse.error.EcluseException;
import io.ecluse.error.ErrorCode;
import io.ecluse.source.Source;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** How an extract ends before it is done: because somebody wants it, or something stands still. */
@Timeout(120)
class MariaDbEndTest extends MariaDbFixture {
  private EcluseException failure(Source source, Lines lines) {
    return catchThrowableOfType(EcluseException.class, () -> source.extract(request("x1"), lines));
  }

  @Test
  void isCancelledWhileRowsAreCounted() throws Exception {
    fill("CREATE VIEW endless AS SELECT a.seq FROM seq_1_to_1000000 a JOIN seq_1_to_1000000 b");
    Ending ending = new Ending();
    CompletableFuture<Void> end =
        CompletableFuture.runAsync(
            () -> {
              await(
                  "SELECT count(*) FROM information_schema.processlist WHERE info LIKE '%COUNT(*) FROM%endless%' AND id <> connection_id()");
              ending.end();
            });

    EcluseException e = failure(source(settings()), ending);

    end.get(60, TimeUnit.SECONDS);
    assertThat(e.code()).isEqualTo(ErrorCode.CANCELLED);
  }

  private void await(String sql) {
    try {
      while (database().number(sql, 1) == 0) {
        Thread.sleep(20);
      }
    } catch (SQLException | InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void isCancelledWhileTheServerAnswersNothing() throws Exception {
    fill(
        "CREATE TABLE big (id INT, mark VARCHAR(1000))",
        "INSERT INTO big SELECT seq, repeat('x', 1000) FROM seq_1_to_50000");
    Ending ending =
        new Ending() {
          @Override
          public void progress(long rows, long total) {
            if (rows > 0 && rows < 50_000) {
              freeze();
            }
          }
        };
    EcluseException e;
    try (AutoCloseable thawed = ending) {
      e = failure(source(impatient(Duration.ofSeconds(2))), ending);
    }

    assertThat(e.code()).isEqualTo(ErrorCode.CANCELLED);
  }

  private JdbcSettings impatient(Duration timeout) {
    return Settings.within(timeout, settings());
  }

  @Test
  void endsWithItsReadersWhenItsThreadIsInterrupted() throws Exception {
    fill(
        "CREATE TABLE big (id INT PRIMARY KEY, mark VARCHAR(1000))",
        "INSERT INTO big SELECT seq, repeat('x', 200) FROM seq_1_to_450000");
    Thread extracting = Thread.currentThread();
    Once interrupt = Once.after(1, extracting::interrupt);

    EcluseException e = failure(wide(MariaDbServer.HOLDER), interrupt);

    assertThat(Thread.interrupted()).isTrue();
    assertThat(e.code()).isEqualTo(ErrorCode.CANCELLED);
    assertThat(staging().list("school", "big")).isEmpty();
  }

  @Test
  void saysWhatToDoWhenAStatementTakesTooLong() throws Exception {
    fill("CREATE TABLE one (id INT)", "INSERT INTO one VALUES (1)");
    try (Connection other = connect();
        Statement lock = other.createStatement()) {
      lock.execute("LOCK TABLES one WRITE");

      EcluseException e = failure(source(impatient(Duration.ofSeconds(1))), new Lines());

      assertThat(e.code()).isEqualTo(ErrorCode.TIMED_OUT);
      assertThat(e).hasMessageContaining("raise extract.statement_timeout");
    }
  }

  @Test
  void saysWhoIsInTheWayWhenATableIsLocked() throws Exception {
    fill("CREATE TABLE one (id INT)", "INSERT INTO one VALUES (1)");
    database().administer("SET GLOBAL lock_wait_timeout = 1");
    try (Connection other = connect();
        Statement lock = other.createStatement()) {
      lock.execute("LOCK TABLES one WRITE");

      EcluseException e = failure(source(settings()), new Lines());

      assertThat(e.code()).isEqualTo(ErrorCode.SOURCE_LOST);
      assertThat(e)
          .hasMessageContaining("looking at table one waited too long for a lock")
          .hasMessageContaining("SHOW FULL PROCESSLIST");
    } finally {
      database().administer("SET GLOBAL lock_wait_timeout = 86400");
    }
  }

  /** Can be cancelled, and can have the server stand still. */
  private class Ending extends Lines implements AutoCloseable {
    private volatile Optional<Runnable> cancel = Optional.empty();
    private Optional<AutoCloseable> frozen = Optional.empty();

    @Override
    public void onCancel(Runnable action) {
      cancel = Optional.of(action);
    }

    void end() {
      cancel.orElseThrow().run();
    }

    /** Cancels from another thread once the server says nothing more. */
    synchronized void freeze() {
      if (frozen.isEmpty()) {
        try {
          frozen = Optional.of(database().frozen());
        } catch (java.io.IOException e) {
          throw new AssertionError(e);
        }
        new Thread(this::end, "cancels").start();
      }
    }

    @Override
    public synchronized void close() throws Exception {
      if (frozen.isPresent()) {
        frozen.get().close();
      }
    }
  }
}
