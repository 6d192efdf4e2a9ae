package io.ecluse.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class DagTest {
  @Test
  void refusesTwoTasksOfOneName() {
    assertThatThrownBy(() -> dag(task("a"), task("a"))).hasMessage("DAG d has two tasks named a");
  }

  @Test
  void refusesAnUpstreamThatIsNoTask() {
    assertThatThrownBy(() -> dag(task("a", "b")))
        .hasMessage("Task a of DAG d waits for b, which is not a task of it");
  }

  @Test
  void spellsTheCycleItRefuses() {
    assertThatThrownBy(() -> dag(task("a", "c"), task("b", "a"), task("c", "b"), task("x", "c")))
        .hasMessage("DAG d has a cycle: a → b → c → a");
    assertThatThrownBy(() -> dag(task("a", "a"))).hasMessage("DAG d has a cycle: a → a");
  }

  @Test
  void takesAChainOfAnyLength() {
    List<Task> tasks = new ArrayList<>(List.of(task("t0")));
    for (int i = 1; i < 20_000; i++) {
      tasks.add(task("t" + i, "t" + (i - 1)));
    }

    Dag dag = dag(tasks.toArray(Task[]::new));

    assertThat(DagLayout.of(dag).get("t19999")).isEqualTo(new DagLayout.Place(19_999, 0));
  }

  @Test
  void waitsLongerAfterEachFailureUpToALimit() {
    RetryPolicy retry = new RetryPolicy(9, Duration.ofSeconds(10), 2, Duration.ofMinutes(1));

    assertThat(List.of(1, 2, 3, 4, 1000).stream().map(retry::delayAfter))
        .containsExactly(
            Duration.ofSeconds(10),
            Duration.ofSeconds(20),
            Duration.ofSeconds(40),
            Duration.ofMinutes(1),
            Duration.ofMinutes(1));
  }

  @Test
  void keepsEverythingInItsJson() {
    Dag dag =
        new Dag(
            "d",
            "Descriptions may hold \"quotes\" and é",
            Optional.of(new Schedule("0 3 * * *", ZoneId.of("Europe/Paris"))),
            new RunLimits(3, Duration.ofMinutes(90)),
            List.of(
                Task.of(
                    "extract",
                    new Work("extract", Map.of("source", "erp")).with("streams", List.of("a", "b")),
                    Set.of()),
                new Task(
                    "load.a",
                    new Work("load", Map.of("source", "erp")).with("stream", "a"),
                    Set.of("extract"),
                    new RetryPolicy(0, Duration.ZERO, 1.5, Duration.ofMillis(1)),
                    Duration.ofMillis(1500)),
                Task.of(
                    "build",
                    new Work("build", Map.of("model", "marts.a")).writing("marts.a"),
                    Set.of("load.a")),
                Task.of("test", new Work("test", Map.of("model", "marts.a")), Set.of("build")),
                Task.of("audit", new Work("audit", Map.of("name", "x")), Set.of("build")),
                Task.of("gate", Work.EMPTY, Set.of("audit", "test")),
                Task.of("publish", Work.PUBLISH, Set.of("gate"))),
            Map.of());

    String text = DagJson.write(dag);

    assertThat(DagJson.read(text)).isEqualTo(dag);
    assertThat(DagJson.write(DagJson.read(text))).isEqualTo(text);
    assertThat(text)
        .startsWith("{\"id\":\"d\",\"description\":\"Descriptions")
        .contains(
            "{\"id\":\"load.a\",\"kind\":\"load\",\"source\":\"erp\",\"stream\":\"a\","
                + "\"upstream\":[\"extract\"],\"retries\":0,\"retry_delay_ms\":0,"
                + "\"retry_backoff\":1.5,\"retry_max_delay_ms\":1,\"timeout_ms\":1500}");
  }

  @Test
  void refusesJsonThatIsNoDag() {
    assertThatThrownBy(() -> DagJson.read("{\"id\":1}")).hasMessageContaining("JSON form of a DAG");
    assertThatThrownBy(() -> DagJson.read("[")).hasMessageContaining("JSON form of a DAG");
    assertThatThrownBy(() -> DagJson.read("null")).hasMessageContaining("JSON form of a DAG");
  }

  @Test
  void laysOutByLongestPathWithoutNeedlessCrossings() {
    Map<String, DagLayout.Place> places =
        DagLayout.of(
            dag(
                task("a"),
                task("b"),
                task("b2", "b"),
                task("a2", "a"),
                task("end", "a2", "b2"),
                task("late", "a", "end")));

    assertThat(places.get("a2").y() < places.get("b2").y())
        .isEqualTo(places.get("a").y() < places.get("b").y());
    assertThat(places.get("end")).isEqualTo(new DagLayout.Place(2, 0));
    assertThat(places.get("late").x()).isEqualTo(3);
  }

  @Test
  void drawsFiveHundredTasksWithoutTwoInOnePlace() {
    List<Task> tasks = new ArrayList<>();
    for (int i = 0; i < 500; i++) {
      tasks.add(i < 50 ? task("t" + i) : task("t" + i, "t" + (i * 7 % i), "t" + (i / 2)));
    }

    Map<String, DagLayout.Place> places = DagLayout.of(dag(tasks.toArray(Task[]::new)));

    assertThat(new HashSet<>(places.values())).hasSize(500);
  }

  private static Dag dag(Task... tasks) {
    return new Dag("d", "", Optional.empty(), RunLimits.DEFAULT, List.of(tasks), Map.of());
  }

  private static Task task(String id, String... upstream) {
    return Task.of(id, Work.EMPTY, Set.of(upstream));
  }
}
