package io.ecluse.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.ecluse.pipeline.CronSchedule;
import io.ecluse.pipeline.Schedule;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What the program tells of when a DAG runs. */
@Timeout(120)
class ShowDagTest {
  @TempDir Path folder;

  private String show(String... more) {
    PrintStream before = System.out;
    ByteArrayOutputStream printed = new ByteArrayOutputStream();
    System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
    try {
      String[] arguments = new String[5 + more.length];
      System.arraycopy(
          new String[] {"show", "dag", "days", "--dir", folder.toString()}, 0, arguments, 0, 5);
      System.arraycopy(more, 0, arguments, 5, more.length);
      assertThat(Main.run(arguments)).isZero();
    } finally {
      System.setOut(before);
    }
    return printed.toString(StandardCharsets.UTF_8);
  }

  @Test
  void tellsScheduleAndNextRun() throws IOException {
    Files.createDirectories(folder.resolve("models/marts"));
    Files.createDirectories(folder.resolve("dags"));
    Files.writeString(folder.resolve("ecluse.yaml"), "name: days\n");
    Files.writeString(
        folder.resolve("models/marts/days.sql"),
        "/* ecluse\ndescription: Days\n*/\nSELECT 1 AS day\n");
    Files.writeString(
        folder.resolve("dags/days.yaml"),
        "schedule: \"0 3 29 2 *\"\ntimezone: Europe/Paris\ntasks:\n  build: { build: marts.days }\n");

    JsonNode dag = JsonMapper.shared().readTree(show("--format", "json"));
    assertThat(dag.path("schedule").asString("")).isEqualTo("0 3 29 2 *");
    assertThat(dag.path("timezone").asString("")).isEqualTo("Europe/Paris");
    Instant next =
        new CronSchedule(new Schedule("0 3 29 2 *", ZoneId.of("Europe/Paris")))
            .next(Instant.now())
            .orElseThrow();
    assertThat(Instant.parse(dag.path("next_run_at").asString(""))).isEqualTo(next);
    assertThat(show()).contains("schedule: 0 3 29 2 * (Europe/Paris), next run: ");

    Files.writeString(folder.resolve("dags/days.yaml"), "tasks:\n  build: { build: marts.days }\n");
    assertThat(show()).contains("schedule: none");
  }
}
