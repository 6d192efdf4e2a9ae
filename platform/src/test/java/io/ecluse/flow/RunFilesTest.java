package io.ecluse.flow;

import static org.assertj.core.api.Assertions.assertThat;

import io.ecluse.DemoFixture;
import io.ecluse.Platform;
import io.ecluse.Servers;
import io.ecluse.pipeline.Dag;
import io.ecluse.project.DagExpander;
import io.ecluse.project.Project;
import io.ecluse.scheduler.Run;
import io.ecluse.scheduler.RunRequest;
import io.ecluse.scheduler.RunState;
import io.ecluse.scheduler.TaskProgress;
import io.ecluse.scheduler.Trigger;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A run reads the project as it was when the run began. */
@Timeout(120)
class RunFilesTest {
  @TempDir Path temp;

  private void write(Path folder, String name, String text) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }

  private void project(Path folder, String word) throws IOException {
    write(folder, "ecluse.yaml", "name: words\n");
    write(
        folder,
        "models/marts/word.sql",
        "/* ecluse\ndescription: A word\n*/\nSELECT '" + word + "' AS word\n");
    write(
        folder,
        "tests/word_is_there.sql",
        "SELECT 1 FROM marts.word WHERE word <> '" + word + "'\n");
    write(
        folder,
        "dags/words.yaml",
        """
        retries: 0
        tasks:
          build: { build: marts.word }
          audit: { audit: word_is_there, after: [build] }
        """);
  }

  private static Platform platform(Path folder, String database, Platform.Workers who) {
    String url = Servers.url(database);
    return new Platform(
        new Platform.Opening(
            folder, Project.DEFAULT_ENVIRONMENT, who, 4, Map.of("ECLUSE_DATABASE_URL", url)));
  }

  private static String start(Platform platform) {
    Project project = platform.project().get();
    Dag dag = new DagExpander(project).expand(project.dag("words"));
    return platform
        .scheduler()
        .start(
            new RunRequest(dag, Trigger.MANUAL, Instant.now(), Writes.of(dag))
                .reading(project.bundle()));
  }

  private static String word(Platform platform) {
    return DemoFixture.rows(platform, "select word from marts.word").get(0).get(0);
  }

  @Test
  void aRunBuildsTheModelsThatItWasStartedWithOnAnotherMachineToo() throws IOException {
    String database = Servers.newMigratedDatabase();
    Path here = temp.resolve("here");
    project(here, "old");
    String run;
    try (Platform starts = platform(here, database, Platform.Workers.NONE)) {
      run = start(starts);
    }
    project(here, "new");
    Path there = temp.resolve("there");
    project(there, "other");
    try (Platform works = platform(there, database, Platform.Workers.HERE)) {
      Run ended = works.scheduler().awaitEnd(run);
      assertThat(ended.state()).as(String.valueOf(ended.error())).isEqualTo(RunState.SUCCESS);
      assertThat(word(works)).isEqualTo("old");

      works.scheduler().awaitEnd(start(works));
      assertThat(word(works)).isEqualTo("other");
    }
  }

  @Test
  void aRetryReadsWhatTheRunWasStartedWith() throws IOException {
    String database = Servers.newMigratedDatabase();
    Path folder = temp.resolve("here");
    project(folder, "old");
    write(folder, "tests/word_is_there.sql", "SELECT 1 FROM marts.word WHERE word = 'old'\n");
    try (Platform platform = platform(folder, database, Platform.Workers.HERE)) {
      String run = start(platform);
      assertThat(platform.scheduler().awaitEnd(run).state()).isEqualTo(RunState.FAILED);
      project(folder, "new");
      assertThat(platform.project().reload().errors()).isEmpty();

      Optional<String> build =
          platform.scheduler().tasks(run).stream()
              .filter(t -> t.kind().equals("build"))
              .map(t -> t.taskId())
              .findFirst();
      platform.scheduler().retry(run, build);
      assertThat(platform.scheduler().awaitEnd(run).state()).isEqualTo(RunState.FAILED);
      assertThat(platform.scheduler().tasks(run))
          .filteredOn(t -> t.kind().equals("audit"))
          .allMatch(t -> t.state() == TaskProgress.FAILED);

      assertThat(platform.scheduler().awaitEnd(start(platform)).state())
          .isEqualTo(RunState.SUCCESS);
      assertThat(word(platform)).isEqualTo("new");
    }
  }

  @Test
  void keepsOneCopyOfFilesThatManyRunsNameAndNoneThatNoRunNames() throws IOException, SQLException {
    String database = Servers.newMigratedDatabase();
    Path folder = temp.resolve("here");
    project(folder, "old");
    try (Platform platform = platform(folder, database, Platform.Workers.HERE)) {
      List.of(start(platform), start(platform), start(platform))
          .forEach(run -> platform.scheduler().awaitEnd(run));
      assertThat(count(database, "SELECT count(*) FROM ecluse.run_bundle")).isEqualTo(1);
      Servers.execute(database, "DELETE FROM ecluse.run");
      Servers.execute(
          database, "UPDATE ecluse.run_bundle SET used_at = now() - interval '2 hours'");
      platform.scheduler().forgetOldRuns();
      assertThat(count(database, "SELECT count(*) FROM ecluse.run_bundle")).isZero();
    }
  }

  private static long count(String database, String sql) throws SQLException {
    try (Connection connection = Servers.server().connect(database);
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      rows.next();
      return rows.getLong(1);
    }
  }
}
