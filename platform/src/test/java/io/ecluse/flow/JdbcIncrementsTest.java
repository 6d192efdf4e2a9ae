package io.ecluse.flow;

import static org.assertj.core.api.Assertions.assertThat;

import io.ecluse.DemoFixture;
import io.ecluse.Platform;
import io.ecluse.Servers;
import io.ecluse.project.DagExpander;
import io.ecluse.project.Project;
import io.ecluse.scheduler.Run;
import io.ecluse.scheduler.RunRequest;
import io.ecluse.scheduler.RunState;
import io.ecluse.scheduler.Trigger;
import io.ecluse.schema.RowsWanted;
import io.ecluse.staging.BatchManifest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Increments of a database that JDBC reaches, through the load, into real tables. */
@Timeout(60)
class JdbcIncrementsTest {
  @TempDir Path folder;

  private void execute(String... statements) throws SQLException {
    try (Connection connection = DriverManager.getConnection(url(), "reader", "word");
        Statement statement = connection.createStatement()) {
      for (String sql : statements) {
        statement.execute(sql);
      }
    }
  }

  private String url() {
    return "jdbc:h2:file:" + folder.resolve("library");
  }

  private void write(String name, String text) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }

  private Platform platform() throws IOException {
    write(
        "dags/library.yaml",
        """
        retries: 0
        tasks:
          read: { extract: library }
          load: { load: library, after: [read] }
        """);
    String metadata = Servers.url(Servers.newMigratedDatabase());
    return new Platform(
        new Platform.Opening(
            folder,
            Project.DEFAULT_ENVIRONMENT,
            Platform.Workers.HERE,
            2,
            Map.of("ECLUSE_DATABASE_URL", metadata, "ECLUSE_SECRET_LIBRARY", "word")));
  }

  private static void run(Platform platform) {
    Project project = platform.project().get();
    var dag = new DagExpander(project).expand(project.dag("library"));
    String id =
        platform
            .scheduler()
            .start(new RunRequest(dag, Trigger.MANUAL, Instant.now(), Writes.of(dag)));
    Run run = platform.scheduler().awaitEnd(id);
    assertThat(run.state()).as(String.valueOf(run.error())).isEqualTo(RunState.SUCCESS);
  }

  @Test
  void changesAddsAndDeletesReachTheTableAndItsHistory() throws Exception {
    execute(
        "CREATE TABLE books (id INT PRIMARY KEY, title VARCHAR(30), changed TIMESTAMP NOT NULL)",
        "INSERT INTO books SELECT x, 'old', TIMESTAMP '2026-01-01 00:00:00' FROM system_range(1, 100)");
    write("ecluse.yaml", "name: school\n");
    write(
        "sources/library.yaml",
        """
        type: jdbc
        connection: { url: "%s", user: reader, password: "${secret:library}" }
        streams:
          books: { mode: incremental, cursor: CHANGED, deletes: detect, history: true }
        """
            .formatted(url()));
    try (Platform platform = platform()) {
      run(platform);
      execute(
          "UPDATE books SET title = 'new', changed = TIMESTAMP '2026-01-02 00:00:00' WHERE id = 7",
          "INSERT INTO books VALUES (200, 'added', TIMESTAMP '2026-01-02 00:00:00')",
          "DELETE FROM books WHERE id <= 5");
      run(platform);

      assertThat(
              DemoFixture.rows(
                  platform,
                  "select title, count(*), count(valid_to) from library.books group by title order by title"))
          .containsExactly(
              List.of("added", "1", "0"), List.of("new", "1", "0"), List.of("old", "100", "6"));
    }
  }

  @Test
  void rowsThatCouldNotLandComeOnceTheyAreMended() throws Exception {
    execute(
        "CREATE TABLE books (id INT PRIMARY KEY, lent TIMESTAMP(9))",
        "INSERT INTO books SELECT x, TIMESTAMP '2026-01-01 00:00:00' FROM system_range(1, 9)",
        "UPDATE books SET lent = TIMESTAMP '2026-01-01 00:00:00.000000001' WHERE id = 4");
    write("ecluse.yaml", "name: school\n");
    write(
        "sources/library.yaml",
        """
        type: jdbc
        connection: { url: "%s", user: reader, password: "${secret:library}" }
        extract: { max_rejected: 1 }
        streams:
          books: { mode: append }
        """
            .formatted(url()));
    try (Platform platform = platform()) {
      run(platform);
      assertThat(DemoFixture.rows(platform, "select count(*), sum(id) from library.books"))
          .containsExactly(List.of("8", "41"));
      execute("UPDATE books SET lent = NULL WHERE id = 4");

      var again =
          new DagExpander(platform.project().get())
              .extract("library", List.of(), RowsWanted.REJECTED);
      String id =
          platform
              .scheduler()
              .start(new RunRequest(again, Trigger.MANUAL, Instant.now(), Writes.of(again)));
      assertThat(platform.scheduler().awaitEnd(id).state()).isEqualTo(RunState.SUCCESS);
      run(platform);

      assertThat(DemoFixture.rows(platform, "select count(*), sum(id) from library.books"))
          .containsExactly(List.of("9", "45"));
    }
  }

  /** Ends the sessions of an extract once it has begun with the second range of a table. */
  private void cutInTheMiddle() {
    try (Connection connection = DriverManager.getConnection(url(), "reader", "word");
        Statement statement = connection.createStatement()) {
      while (!isThere("part-00001.parquet")) {
        TimeUnit.MILLISECONDS.sleep(5);
      }
      statement.execute("UPDATE books SET title = 'later' WHERE id IN (1, 300000)");
      statement.execute(
          "SELECT ABORT_SESSION(SESSION_ID) FROM INFORMATION_SCHEMA.SESSIONS WHERE SESSION_ID <> SESSION_ID()");
    } catch (SQLException | IOException | InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private boolean isThere(String part) throws IOException {
    try (Stream<Path> files = Files.walk(folder.resolve(".ecluse"))) {
      return files.anyMatch(f -> f.endsWith(part));
    } catch (UncheckedIOException e) {
      return false; // a file that came and went
    }
  }

  @Test
  void aBatchOfSeveralMomentsReachesTheTableEachRowOnce() throws Exception {
    execute(
        "CREATE TABLE books (id INT PRIMARY KEY, title VARCHAR(30))",
        "INSERT INTO books SELECT x, 'old' FROM system_range(1, 300000)");
    write("ecluse.yaml", "name: school\n");
    write(
        "sources/library.yaml",
        """
        type: jdbc
        connection: { url: "%s", user: reader, password: "${secret:library}" }
        extract: { max_rate: 4MB }
        streams: { books: {} }
        """
            .formatted(url()));
    Files.createDirectories(folder.resolve(".ecluse"));
    try (Platform platform = platform()) {
      Thread cutting = new Thread(this::cutInTheMiddle, "cutting");
      cutting.start();
      run(platform);
      cutting.join();

      BatchManifest batch = platform.staging().newest("library", "books").orElseThrow();
      assertThat(batch.isOneMoment()).isFalse();
      assertThat(batch.position()).contains("re-read because the snapshot was lost");
      assertThat(
              DemoFixture.rows(
                  platform, "select count(*), count(distinct id), max(id) from library.books"))
          .containsExactly(List.of("300000", "300000", "300000"));
      assertThat(DemoFixture.rows(platform, "select id from library.books where title = 'later'"))
          .as("what had landed stays as it was")
          .containsExactly(List.of("300000"));
    }
  }
}
