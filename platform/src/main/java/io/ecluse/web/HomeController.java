package io.ecluse.web;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.ecluse.Platform;
import io.ecluse.pipeline.Dag;
import io.ecluse.scheduler.RunState;
import io.ecluse.warehouse.PublishedTable;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** What happened lately, and how fresh everything is. */
@RestController
@RequestMapping("/api/v1")
final class HomeController {
  private static final int RUNS = 10;

  private final Platform platform;
  private final Publications publications;

  HomeController(Platform platform, Publications publications) {
    this.platform = platform;
    this.publications = publications;
  }

  record Freshness(
      String name,
      @Nullable Long rows,
      @JsonProperty("updated_at") Instant updatedAt,
      @JsonProperty("run_id") @Nullable String runId,
      @JsonProperty("age_seconds") long ageSeconds) {
    static Freshness of(PublishedTable table, Instant now) {
      return new Freshness(
          table.name().toString(),
          table.knownRows().orElse(null),
          table.updatedAt(),
          table.runId().orElse(null),
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
  Home home() {
    Instant now = Instant.now();
    List<Next> next = new ArrayList<>();
    for (Dag dag : platform.starts().dags().keySet()) {
      platform.scheduler().nextRun(dag.id()).ifPresent(at -> next.add(new Next(dag.id(), at)));
    }
    next.sort(Comparator.comparing(Next::at));
    return new Home(
        platform.project().get().name(),
        platform.environment(),
        platform.warehouse().tables().stream().map(t -> Freshness.of(t, now)).toList(),
        runs(Optional.empty()),
        runs(Optional.of(RunState.FAILED)),
        next);
  }

  private List<Views.RunView> runs(Optional<RunState> state) {
    return publications.views(
        platform.scheduler().list(Optional.empty(), state, RUNS, Optional.empty()));
  }
}
