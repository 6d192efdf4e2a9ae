package io.ecluse.flow;

import static org.assertj.core.api.Assertions.assertThat;

import io.ecluse.Platform;
import io.ecluse.Registrations;
import io.ecluse.Servers;
import io.ecluse.pipeline.Dag;
import io.ecluse.project.DagExpander;
import io.ecluse.project.Problem;
import io.ecluse.project.Project;
import io.ecluse.project.ProjectReader;
import io.ecluse.scheduler.Run;
import io.ecluse.scheduler.RunRequest;
import io.ecluse.scheduler.RunState;
import io.ecluse.scheduler.Trigger;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Ranges of days and times, from the header of a model to the rows that break them. */
@Timeout(120)
class DateRangeTest {
  @TempDir Path folder;

  private void model(String bounds) throws IOException {
    Files.createDirectories(folder.resolve("models/marts"));
    Files.writeString(folder.resolve("ecluse.yaml"), "name: days\n");
    Files.writeString(
        folder.resolve("models/marts/days.sql"),
        """
        /* ecluse
        description: Days
        columns:
          day: { description: A day, tests: [{ range: { %1$s } }] }
          at: { description: A time, tests: [{ range: { %1$s } }] }
        */
        SELECT DATE '2026-01-01' AS day, TIMESTAMP '2026-01-01 00:00:00' AS at
        UNION ALL SELECT DATE '2026-12-31', TIMESTAMP '2026-12-31 23:30:00'
        """
            .formatted(bounds));
  }

  private Run build() {
    String url = Servers.url(Servers.newMigratedDatabase());
    try (Platform platform =
        new Platform(
            new Platform.Opening(
                folder,
                Project.DEFAULT_ENVIRONMENT,
                Platform.Workers.HERE,
                2,
                Map.of("ECLUSE_DATABASE_URL", url)))) {
      Project project = platform.project().get();
      Dag dag = new DagExpander(project).build("marts.days");
      return platform
          .scheduler()
          .awaitEnd(
              platform
                  .scheduler()
                  .start(new RunRequest(dag, Trigger.CLI, Instant.now(), Writes.of(dag))));
    }
  }

  @Test
  void takesADayWithAllOfIt() throws IOException {
    model("min: 2026-01-01, max: 2026-12-31");
    Run run = build();
    assertThat(run.state()).as(String.valueOf(run.error())).isEqualTo(RunState.SUCCESS);
  }

  @Test
  void findsRowsOutside() throws IOException {
    model("min: 2026-01-01, max: \"2026-12-31 08:00:00\"");
    Run run = build();
    assertThat(run.state()).isEqualTo(RunState.FAILED);
    assertThat(run.error().orElseThrow()).contains("at", "range");
  }

  private List<String> errors() {
    return new ProjectReader(
            new io.ecluse.duckdb.EngineParser(), Registrations.builtIn().vocabulary())
        .read(folder).errors().stream().map(Problem::message).distinct().toList();
  }

  @Test
  void refusesBoundsThatMeanNothing() throws IOException {
    model("min: 2026-02-30");
    assertThat(errors()).singleElement().asString().contains("2026-02-30");
    model("min: 2026-12-31, max: 2026-01-01");
    assertThat(errors()).containsExactly("No value lies between 2026-12-31 and 2026-01-01");
    model("min: 1, max: 2026-01-01");
    assertThat(errors()).containsExactly("A number and a date are no bounds of one range");
    model("min: 2026-01-01, max: 2026-01-01");
    assertThat(errors()).isEmpty();
  }

  @Test
  void refusesADateThatNeverComes() throws IOException {
    model("min: 2026-01-01");
    Files.createDirectories(folder.resolve("dags"));
    for (String never : List.of("0 3 30 2 *", "0 3 31 4,6,9,11 *")) {
      Files.writeString(
          folder.resolve("dags/never.yaml"),
          "schedule: \"" + never + "\"\ntasks:\n  build: { build: marts.days }\n");
      assertThat(errors()).singleElement().asString().contains("'" + never + "' never comes");
    }
    Files.writeString(
        folder.resolve("dags/never.yaml"),
        "schedule: \"0 3 29 2 *\"\ntasks:\n  build: { build: marts.days }\n");
    assertThat(errors()).isEmpty();
  }
}
