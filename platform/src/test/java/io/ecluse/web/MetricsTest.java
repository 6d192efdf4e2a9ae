package io.ecluse.web;

import static io.ecluse.web.BlankServer.request;
import static io.ecluse.web.BlankServer.send;
import static org.assertj.core.api.Assertions.assertThat;

import io.ecluse.Measures;
import io.ecluse.Platform;
import io.ecluse.Servers;
import io.ecluse.cli.Program;
import io.ecluse.pipeline.Dag;
import io.ecluse.postgres.PostgresServer;
import io.ecluse.postgres.PostgresSettings;
import io.ecluse.project.DagExpander;
import io.ecluse.scheduler.Run;
import io.ecluse.scheduler.RunRequest;
import io.ecluse.scheduler.Trigger;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * What a server tells those who watch, and what the dashboard and the alerts that we give make of
 * it.
 */
@Timeout(180)
class MetricsTest {
  private static final Path WATCH = Program.repository().resolve("deploy/watch");
  private static final Pattern LINE =
      Pattern.compile("([a-z_]+)(\\{[a-z]+=\"[^\"]*\"(,[a-z]+=\"[^\"]*\")*})? (-?[0-9.E+]+)");
  private static final Pattern NAME = Pattern.compile("\\b(?:ecluse|process|jvm)_[a-z_]+\\b");

  @TempDir static Path temp;
  private static Platform platform;
  private static WebServer server;
  private static String token;

  @BeforeAll
  static void serve() throws IOException {
    Files.createDirectories(temp.resolve("models/marts"));
    Files.createDirectories(temp.resolve("dags"));
    Files.writeString(temp.resolve("ecluse.yaml"), "name: watched\n");
    Files.writeString(
        temp.resolve("models/marts/one.sql"), "/* ecluse\ndescription: x\n*/\nSELECT 1 AS one\n");
    Files.writeString(
        temp.resolve("models/marts/none.sql"),
        "/* ecluse\ndescription: x\n*/\nSELECT error('no')::INT AS one\n");
    Files.writeString(
        temp.resolve("dags/good.yaml"), "retries: 0\ntasks: { a: { build: marts.one } }\n");
    Files.writeString(
        temp.resolve("dags/bad.yaml"), "retries: 0\ntasks: { a: { build: marts.none } }\n");
    platform =
        new Platform(
            new Platform.Opening(
                temp,
                "dev",
                Platform.Workers.HERE,
                3,
                Map.of(Platform.DATABASE_URL, Servers.url(Servers.newMigratedDatabase()))));
    server = WebServer.start(platform, new WebSettings("127.0.0.1", 0));
    token = platform.tokens().newBearer("prometheus");
    run("good");
    run("bad");
  }

  @AfterAll
  static void stop() {
    server.close();
    platform.close();
  }

  private static Run run(String id) {
    var project = platform.project().get();
    Dag dag = new DagExpander(project).expand(project.dag(id));
    return platform
        .scheduler()
        .awaitEnd(
            platform
                .scheduler()
                .start(new RunRequest(dag, Trigger.MANUAL, Instant.now(), Set.of())));
  }

  private static HttpResponse<String> metrics() {
    return send(request(server, "/metrics").header("Authorization", "Bearer " + token));
  }

  private static double value(String line) {
    return metrics()
        .body()
        .lines()
        .filter(l -> l.startsWith(line + " "))
        .mapToDouble(l -> Double.parseDouble(l.substring(line.length() + 1)))
        .findFirst()
        .orElseThrow(() -> new AssertionError(line + " is not in\n" + metrics().body()));
  }

  @Test
  void tellsNothingToWhoIsNotSignedIn() {
    HttpResponse<String> answer = send(request(server, "/metrics"));
    assertThat(answer.statusCode()).isEqualTo(401);
    assertThat(answer.body()).doesNotContain("ecluse_");
  }

  @Test
  void isTextThatPrometheusReads() {
    HttpResponse<String> answer = metrics();
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.headers().firstValue("Content-Type").orElse(""))
        .startsWith("text/plain")
        .contains("version=0.0.4");
    assertThat(answer.headers().allValues("Cache-Control")).containsExactly("no-store");
    Set<String> typed = new TreeSet<>();
    for (String line : answer.body().lines().toList()) {
      if (line.startsWith("# TYPE ")) {
        assertThat(typed.add(line.split(" ")[2])).as(line).isTrue();
      } else if (!line.startsWith("#")) {
        Matcher matcher = LINE.matcher(line);
        assertThat(matcher.matches()).as(line).isTrue();
        assertThat(typed).as(line).contains(matcher.group(1));
      }
    }
  }

  @Test
  void tellsRunsTasksPlacesDatabaseAndMemory() {
    assertThat(value("ecluse_database_up")).isEqualTo(1);
    assertThat(value("ecluse_runs{state=\"success\"}")).isEqualTo(1);
    assertThat(value("ecluse_runs{state=\"failed\"}")).isEqualTo(1);
    assertThat(value("ecluse_tasks_ready{queue=\"default\"}")).isZero();
    assertThat(value("ecluse_runs{state=\"queued\"}")).isZero();
    assertThat(value("ecluse_tasks{state=\"running\"}")).isZero();
    assertThat(value("ecluse_oldest_queued_run_seconds")).isZero();
    assertThat(value("ecluse_workers")).isEqualTo(1);
    assertThat(value("ecluse_worker_places")).isEqualTo(3);
    assertThat(value("ecluse_dag_last_run_succeeded{dag=\"good\"}")).isEqualTo(1);
    assertThat(value("ecluse_dag_last_run_succeeded{dag=\"bad\"}")).isZero();
    assertThat(value("ecluse_dag_last_success_timestamp_seconds{dag=\"good\"}"))
        .isBetween(Instant.now().getEpochSecond() - 600.0, Instant.now().getEpochSecond() + 1.0);
    assertThat(metrics().body())
        .doesNotContain("ecluse_dag_last_success_timestamp_seconds{dag=\"bad\"}");
    assertThat(value("process_resident_memory_bytes")).isGreaterThan(10e6);
    assertThat(value("ecluse_state_free_bytes")).isPositive();
  }

  @Test
  void saysThatTheDatabaseIsAwayAndWhatIsKnownWithoutIt(@TempDir Path other) throws IOException {
    Files.writeString(other.resolve("ecluse.yaml"), "name: away\n");
    PostgresServer database =
        PostgresServer.open(new PostgresSettings(other.resolve("database"), 0, Map.of()));
    database.ensureDatabase("ecluse");
    String url =
        "postgresql://%s:%s@127.0.0.1:%d/ecluse"
            .formatted(database.user(), database.password(), database.port());
    try (Platform away =
        new Platform(
            new Platform.Opening(
                other, "dev", Platform.Workers.NONE, 0, Map.of(Platform.DATABASE_URL, url)))) {
      database.close();
      assertThat(new Measures(away).text(dag -> true))
          .contains("\necluse_database_up 0\n")
          .contains("\nprocess_resident_memory_bytes ")
          .doesNotContain("ecluse_runs");
    }
  }

  @Test
  void hasEachNumberThatTheDashboardAndTheAlertsAskFor() throws IOException {
    Set<String> there =
        metrics()
            .body()
            .lines()
            .filter(l -> l.startsWith("# TYPE "))
            .map(l -> l.split(" ")[2])
            .collect(Collectors.toSet());
    JsonNode dashboard =
        JsonMapper.shared().readTree(Files.readString(WATCH.resolve("grafana.json")));
    List<String> asked = dashboard.findValuesAsString("expr");
    assertThat(asked).hasSizeGreaterThan(8);
    List<String> rules = rules();
    assertThat(rules).hasSizeGreaterThan(6);
    for (String expression :
        java.util.stream.Stream.concat(asked.stream(), rules.stream()).toList()) {
      Matcher names = NAME.matcher(expression);
      while (names.find()) {
        assertThat(there).as(expression).contains(names.group());
      }
    }
    assertThat(there).as("the check itself").doesNotContain("ecluse_mistyped");
  }

  private static List<String> rules() throws IOException {
    Map<?, ?> file =
        (Map<?, ?>)
            new Load(LoadSettings.builder().build())
                .loadFromString(Files.readString(WATCH.resolve("alerts.yaml")));
    return ((List<?>) file.get("groups"))
        .stream()
            .flatMap(g -> ((List<?>) ((Map<?, ?>) g).get("rules")).stream())
            .map(r -> (Map<?, ?>) r)
            .map(
                rule -> {
                  assertThat(rule.get("alert")).as("%s", rule).isNotNull();
                  assertThat(String.valueOf(rule.get("annotations")))
                      .contains("docs/deploy/watching.md");
                  return String.valueOf(rule.get("expr"));
                })
            .toList();
  }
}
