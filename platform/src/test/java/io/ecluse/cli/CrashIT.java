package io.ecluse.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.ecluse.DemoFixture;
import io.ecluse.Platform;
import io.ecluse.Registrations;
import io.ecluse.demo.DemoErp;
import io.ecluse.demo.DemoProject;
import io.ecluse.demo.ErpFill;
import io.ecluse.duckdb.EngineParser;
import io.ecluse.project.ProjectReader;
import io.ecluse.scheduler.Run;
import io.ecluse.scheduler.RunState;
import io.ecluse.scheduler.TaskProgress;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A server that is killed with SIGKILL in the middle of each kind of work, and started again. */
@Timeout(180)
class CrashIT {
  private static final int TRIES = 8;

  @TempDir static Path temp;
  private static Path folder;
  private static DemoErp erp;

  @BeforeAll
  static void fill() {
    folder = temp.resolve("supinfo");
    erp =
        DemoErp.start(
            folder, new ErpFill.Generated(ErpFill.Generated.DEFAULT_SEED, 1), (table, rows) -> {});
    DemoProject.write(
        folder,
        erp.port(),
        new ProjectReader(new EngineParser(), Registrations.builtIn().vocabulary()));
  }

  @AfterAll
  static void stop() {
    erp.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"extract", "load", "build", "publish"})
  void endsTheRunWellAfterTheServerWasKilledInTheMiddleOf(String kind) throws Exception {
    try (Platform observer = DemoFixture.platform(folder, Platform.Workers.NONE)) {
      int tries = 0;
      while (!killHits(observer, kind)) {
        tries++;
        assertThat(tries).as("kills that came when no %s was running", kind).isLessThan(TRIES);
      }
    }
  }

  /** Kills the server of a run. Returns whether a task of the kind was lost with it. */
  private static boolean killHits(Platform observer, String kind) throws Exception {
    String run;
    try (Program first = Program.start(folder, "server", "--port", "0")) {
      first.awaitOutput("Ctrl-C ends it.");
      run = DemoFixture.start(observer);
      awaitRunning(observer, run, kind);
      first.kill();
    }
    try (Program second = Program.start(folder, "server", "--port", "0")) {
      Run ended = observer.scheduler().awaitEnd(run);
      assertThat(ended.state()).as(second.output()).isEqualTo(RunState.SUCCESS);
    }
    assertThat(observer.warehouse().isPublished(run)).isTrue();
    for (String table : List.of("students", "attendances", "grades", "audiences", "lessons")) {
      assertThat(DemoFixture.rows(observer, "select count(*) from erp." + table))
          .as(table)
          .isEqualTo(List.of(List.of(inErp(table))));
    }
    assertThat(
            DemoFixture.rows(
                observer, "select count(*), count(distinct student_id) from marts.students"))
        .isEqualTo(List.of(List.of(inErp("students"), inErp("students"))));
    return observer.scheduler().tasks(run).stream()
        .filter(t -> t.kind().equals(kind))
        .flatMap(t -> observer.scheduler().attempts(run, t.taskId()).stream())
        .anyMatch(attempt -> attempt.state().equals("lost"));
  }

  /** Returns the moment a task of this kind is running; or, if it was too quick, has just ended. */
  private static void awaitRunning(Platform observer, String run, String kind)
      throws InterruptedException {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    while (System.nanoTime() < end) {
      boolean met =
          observer.scheduler().tasks(run).stream()
              .anyMatch(t -> t.kind().equals(kind) && t.state() != TaskProgress.PENDING);
      if (met) {
        return;
      }
      Thread.sleep(1);
    }
    throw new AssertionError("No task of kind " + kind + " ever ran");
  }

  private static String inErp(String table) throws Exception {
    try (Connection connection = erp.connect();
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("SELECT count(*) FROM " + table)) {
      rows.next();
      return rows.getString(1);
    }
  }
}
