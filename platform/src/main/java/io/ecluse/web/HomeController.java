package io.ecluse.web;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.ecluse.Platform;
import io.ecluse.access.Action;
import io.ecluse.access.Caller;
import io.ecluse.access.Subject;
import io.ecluse.scheduler.RunState;
import io.ecluse.warehouse.PublishedTable;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** What happened lately, and how fresh everything is. */
@RestController
@RequestMapping("/api/v1")
record HomeController(Platform platform) {
  private static final int RUNS = 10;

  record Freshness(
      String name,
      Optional<Long> rows,
      @JsonProperty("updated_at") Instant updatedAt,
      @JsonProperty("run_id") Optional<String> runId,
      @JsonProperty("age_seconds") long ageSeconds) {
    static Freshness of(PublishedTable table, Instant now) {
      return new Freshness(
          table.name().toString(),
          table.knownRows(),
          table.updatedAt(),
          table.runId(),
          Duration.between(table.updatedAt(), now).toSeconds());
    }
  }

  record Next(@JsonProperty("dag_id") String dagId, Instant at) {}

  record Home(
      String project,
      String environment,
      List<Freshness> tables,
      @JsonProperty("recent_runs") List<Views.RunView> recentRuns,
      @JsonProperty("failed_runs") List<Views.RunView> failedRuns,
      @JsonProperty("next_runs") List<Next> nextRuns) {}

  @GetMapping("/home")
  @Asks(value = Action.SEE, of = Subject.Kind.PROJECT)
  Home home(Caller caller) {
    Instant now = Instant.now();
    List<Next> next = new ArrayList<>();
    for (var dag : platform.catalog().definitions().dags(caller)) {
      platform.scheduler().nextRun(dag.name()).ifPresent(at -> next.add(new Next(dag.name(), at)));
    }
    next.sort(Comparator.comparing(Next::at));
    return new Home(
        platform.project().get().name(),
        platform.environment(),
        platform.catalog().tables().all(caller).stream().map(t -> Freshness.of(t, now)).toList(),
        runs(caller, Optional.empty()),
        runs(caller, Optional.of(RunState.FAILED)),
        next);
  }

  private List<Views.RunView> runs(Caller caller, Optional<RunState> state) {
    return platform.catalog().runs().newest(caller, Optional.empty(), state, RUNS).stream()
        .map(Views.RunView::of)
        .toList();
  }
}
