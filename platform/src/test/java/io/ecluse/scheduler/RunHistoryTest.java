package io.ecluse.scheduler;

import static io.ecluse.scheduler.QuickRuns.dag;
import static io.ecluse.scheduler.QuickRuns.request;
import static io.ecluse.scheduler.QuickRuns.task;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What is kept of runs, and how it is read page by page. */
@Timeout(15)
class RunHistoryTest {
  @RegisterExtension final Schedulers schedulers = new Schedulers();

  private Scheduler scheduler(int workers, TaskRunner runner) {
    return schedulers.working(workers, 3, runner);
  }

  @Test
  void keepsTheNewestRunsAndForgetsTheRest() {
    Scheduler scheduler = scheduler(2, c -> TaskResult.NOTHING);
    for (int i = 0; i < 5; i++) {
      scheduler.awaitEnd(scheduler.start(request(dag("d", 1, task("a")))));
    }

    scheduler.forgetOldRuns();

    assertThat(scheduler.list(Optional.of("d"), Optional.empty(), 10, Optional.empty())).hasSize(3);
  }

  @Test
  void keepsLogLinesByNumberAndPage() {
    Scheduler scheduler =
        scheduler(
            1,
            c -> {
              for (int i = 1; i <= 2_500; i++) {
                c.log(i == 7 ? "zero \0 character" : "line " + i);
              }
              c.progress(2, 5);
              return new TaskResult.Done(1, 2, Map.of("dag", c.params().get("word")));
            });
    String run =
        scheduler.start(
            new RunRequest(
                dag("d", 1, task("a")),
                Trigger.CLI,
                Instant.now(),
                Map.of("word", "bonjour"),
                Set.of()));
    assertThat(scheduler.awaitEnd(run).params()).containsEntry("word", "bonjour");

    List<LogLine> second = scheduler.log(run, "a", 1, 1_000, 1_000);

    assertThat(second).hasSize(1_000);
    assertThat(second.get(0))
        .extracting(LogLine::number, LogLine::text)
        .contains(1_001, "line 1001");
    assertThat(scheduler.log(run, "a", 1, 2_000, 1_000)).hasSize(500);
    assertThat(scheduler.log(run, "a", 1, 6, 1).get(0).text()).isEqualTo("zero \uFFFD character");
    assertThat(scheduler.task(run, "a").orElseThrow().facts()).containsEntry("dag", "bonjour");
  }

  @Test
  void listsRunsPageByPage() {
    Scheduler scheduler = scheduler(0, c -> TaskResult.NOTHING);
    List<String> started = new ArrayList<>();
    for (int i = 0; i < 7; i++) {
      started.add(0, scheduler.start(request(dag("d" + i % 2, 1, task("a")))));
    }
    List<String> listed = new ArrayList<>();
    Optional<String> before = Optional.empty();
    while (true) {
      List<Run> page = scheduler.list(Optional.empty(), Optional.of(RunState.QUEUED), 3, before);
      if (page.isEmpty()) {
        break;
      }
      page.forEach(r -> listed.add(r.id()));
      before = Optional.of(listed.get(listed.size() - 1));
    }

    assertThat(listed).isEqualTo(started);
    assertThat(scheduler.list(Optional.of("d1"), Optional.empty(), 10, Optional.empty()))
        .hasSize(3);
    assertThat(Scheduler.anyWorkerAlive(schedulers.metadata().jdbi(), "test")).isFalse();
  }
}
