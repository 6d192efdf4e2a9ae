package io.ecluse.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What the program tells of a run that has ended. */
@Timeout(120)
class ShowRunTest {
  @TempDir Path folder;
  private int exitCode;

  private String run(String... arguments) {
    PrintStream before = System.out;
    ByteArrayOutputStream printed = new ByteArrayOutputStream();
    System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
    try {
      exitCode = Main.run(arguments);
    } finally {
      System.setOut(before);
    }
    return printed.toString(StandardCharsets.UTF_8);
  }

  private void requireTime(JsonNode of, String key) {
    assertThat(Instant.parse(of.path(key).asString("none")))
        .isBetween(Instant.now().minusSeconds(600), Instant.now().plusSeconds(1));
  }

  @Test
  void tellsBeginAndEndOfTasksAndOfEachAttempt() throws IOException {
    Files.createDirectories(folder.resolve("models/marts"));
    Files.createDirectories(folder.resolve("dags"));
    Files.writeString(folder.resolve("ecluse.yaml"), "name: days\n");
    Files.writeString(
        folder.resolve("models/marts/days.sql"),
        "/* ecluse\ndescription: Days\n*/\nSELECT CAST('no day' AS date) AS day\n");
    Files.writeString(folder.resolve("dags/days.yaml"), "tasks:\n  build: { build: marts.days }\n");
    String dir = folder.toString();
    JsonNode failed =
        JsonMapper.shared().readTree(run("run", "days", "--dir", dir, "--format", "json"));
    assertThat(exitCode).isEqualTo(Main.FAILED);

    JsonNode shown =
        JsonMapper.shared()
            .readTree(
                run(
                    "show",
                    "run",
                    failed.path("id").asString(""),
                    "--dir",
                    dir,
                    "--format",
                    "json"));
    assertThat(shown).isEqualTo(failed);
    JsonNode build = shown.path("tasks").get(0);
    requireTime(build, "started_at");
    requireTime(build, "ended_at");
    assertThat(build.path("attempts")).isNotEmpty();
    for (JsonNode attempt : build.path("attempts")) {
      requireTime(attempt, "started_at");
      requireTime(attempt, "ended_at");
      assertThat(attempt.path("state").asString("")).isEqualTo("failed");
      assertThat(attempt.path("error").asString("")).contains("cannot be converted");
    }
    for (JsonNode task : shown.path("tasks")) {
      assertThat(task.has("started_at") && task.has("attempts")).isTrue();
    }
  }
}
