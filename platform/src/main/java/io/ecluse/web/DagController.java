package io.ecluse.web;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.ecluse.Platform;
import io.ecluse.access.Action;
import io.ecluse.access.Caller;
import io.ecluse.access.Subject;
import io.ecluse.flow.RunStarts;
import io.ecluse.pipeline.Dag;
import io.ecluse.pipeline.DagLayout;
import io.ecluse.pipeline.Task;
import io.ecluse.project.BrokenFile;
import io.ecluse.project.DagExpander;
import io.ecluse.project.Localized;
import io.ecluse.project.RunParams;
import io.ecluse.project.TaskForm;
import io.ecluse.project.Vocabulary;
import io.ecluse.scheduler.Trigger;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** The project's DAGs, and starting them. */
@RestController
@RequestMapping("/api/v1/dags")
record DagController(Platform platform) {
  private static final int LAST_RUNS = 10;

  record DagLine(
      String id,
      String description,
      Optional<String> schedule,
      Optional<String> timezone,
      @JsonProperty("next_run_at") Optional<Instant> nextRunAt,
      @JsonProperty("task_count") int taskCount,
      @JsonProperty("last_runs") List<Views.RunView> lastRuns,
      Optional<String> broken) {}

  record TaskNode(
      String id,
      String kind,
      @JsonProperty("kind_word") Localized kindWord,
      String label,
      List<String> upstream,
      int x,
      int y,
      TaskForm.@Nullable Target target) {}

  record DagDetail(
      String id,
      String description,
      Optional<String> schedule,
      Optional<String> timezone,
      @JsonProperty("next_run_at") Optional<Instant> nextRunAt,
      Map<String, String> params,
      @JsonProperty("param_kinds") Map<String, String> paramKinds,
      List<TaskNode> tasks) {}

  record Start(@Nullable Map<String, String> params) {}

  @GetMapping
  @Asks(value = Action.SEE, of = Subject.Kind.DAG)
  List<DagLine> list(Caller caller) {
    return platform.catalog().definitions().dags(caller).stream()
        .map(
            definition ->
                new DagLine(
                    definition.name(),
                    definition.made().map(Dag::description).orElse(""),
                    definition.made().flatMap(DagController::cron),
                    definition.made().flatMap(DagController::zone),
                    definition.made().flatMap(d -> platform.scheduler().nextRun(d.id())),
                    definition.made().map(d -> d.tasks().size()).orElse(0),
                    lastRuns(caller, definition.name()),
                    definition.broken().map(BrokenFile::summary)))
        .toList();
  }

  private static Optional<String> cron(Dag dag) {
    return dag.schedule().map(s -> s.cron());
  }

  private static Optional<String> zone(Dag dag) {
    return dag.schedule().map(s -> s.zone().getId());
  }

  private List<Views.RunView> lastRuns(Caller caller, String dag) {
    return platform
        .catalog()
        .runs()
        .newest(caller, Optional.of(dag), Optional.empty(), LAST_RUNS)
        .stream()
        .map(Views.RunView::of)
        .toList();
  }

  @GetMapping("/{id}")
  @Asks(value = Action.SEE, of = Subject.Kind.DAG, named = "id")
  DagDetail show(@PathVariable String id) {
    Dag dag = platform.catalog().definitions().dag(id);
    return new DagDetail(
        dag.id(),
        dag.description(),
        cron(dag),
        zone(dag),
        platform.scheduler().nextRun(dag.id()),
        dag.params(),
        kinds(dag),
        nodes(dag, platform.project().get().vocabulary()));
  }

  private Map<String, String> kinds(Dag dag) {
    Map<String, String> kinds = new TreeMap<>();
    new RunParams(platform.project().get())
        .kinds(dag)
        .forEach((name, kind) -> kinds.put(name, kind.text()));
    return kinds;
  }

  /**
   * Begins a run; it waits if another run of the DAG, or one that writes the same tables, is not
   * done.
   */
  @PostMapping("/{id}/runs")
  @ResponseStatus(HttpStatus.CREATED)
  @Asks(value = Action.START_RUN, of = Subject.Kind.DAG, named = "id")
  Views.RunView start(
      @PathVariable String id, @RequestBody(required = false) @Nullable Start start) {
    Map<String, String> given = start == null ? null : start.params();
    String run =
        platform
            .starts()
            .start(
                new RunStarts.Wish(
                    project -> new DagExpander(project).expand(project.dag(id)),
                    given == null ? Map.of() : given,
                    Trigger.MANUAL));
    return Views.RunView.of(
        platform.catalog().runs().entry(platform.scheduler().find(run).orElseThrow()));
  }

  /** The tasks with their places for drawing. */
  static List<TaskNode> nodes(Dag dag, Vocabulary vocabulary) {
    Map<String, DagLayout.Place> places = DagLayout.of(dag);
    List<TaskNode> nodes = new ArrayList<>();
    for (Task task : dag.tasks()) {
      DagLayout.Place place = places.get(task.id());
      nodes.add(
          new TaskNode(
              task.id(),
              task.work().kind(),
              vocabulary.word(task.work().kind()),
              task.work().label(),
              List.copyOf(task.upstream()),
              place == null ? 0 : place.x(),
              place == null ? 0 : place.y(),
              vocabulary
                  .task(task.work().kind())
                  .flatMap(kind -> kind.target(task.work()))
                  .orElse(null)));
    }
    return nodes;
  }
}
