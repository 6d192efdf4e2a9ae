package io.ecluse.web;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.ecluse.Platform;
import io.ecluse.flow.RunStarts;
import io.ecluse.pipeline.Dag;
import io.ecluse.pipeline.DagLayout;
import io.ecluse.pipeline.Task;
import io.ecluse.project.BrokenFile;
import io.ecluse.project.DagExpander;
import io.ecluse.project.Localized;
import io.ecluse.project.Project;
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
final class DagController {
  private static final int LAST_RUNS = 10;

  private final Platform platform;
  private final Publications publications;

  DagController(Platform platform, Publications publications) {
    this.platform = platform;
    this.publications = publications;
  }

  record DagLine(
      String id,
      String description,
      @Nullable String schedule,
      @Nullable String timezone,
      @JsonProperty("next_run_at") @Nullable Instant nextRunAt,
      @JsonProperty("task_count") int taskCount,
      @JsonProperty("last_runs") List<Views.RunView> lastRuns,
      @Nullable String broken) {}

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
      @Nullable String schedule,
      @Nullable String timezone,
      @JsonProperty("next_run_at") @Nullable Instant nextRunAt,
      Map<String, String> params,
      @JsonProperty("param_kinds") Map<String, String> paramKinds,
      List<TaskNode> tasks) {}

  record Start(@Nullable Map<String, String> params) {}

  @GetMapping
  List<DagLine> list() {
    List<DagLine> lines = new ArrayList<>();
    Project project = platform.project().get();
    DagExpander expander = new DagExpander(project);
    for (var file : project.dags().values()) {
      Dag dag = expander.expand(file);
      lines.add(
          new DagLine(
              dag.id(),
              dag.description(),
              dag.schedule().map(s -> s.cron()).orElse(null),
              dag.schedule().map(s -> s.zone().getId()).orElse(null),
              platform.scheduler().nextRun(dag.id()).orElse(null),
              dag.tasks().size(),
              lastRuns(dag.id()),
              null));
    }
    for (BrokenFile file : project.broken().of(BrokenFile.Kind.DAG).values()) {
      lines.add(
          new DagLine(file.name(), "", null, null, null, 0, lastRuns(file.name()), file.summary()));
    }
    return lines;
  }

  private List<Views.RunView> lastRuns(String dag) {
    return publications.views(
        platform.scheduler().list(Optional.of(dag), Optional.empty(), LAST_RUNS, Optional.empty()));
  }

  @GetMapping("/{id}")
  DagDetail show(@PathVariable String id) {
    Dag dag = dag(id);
    return new DagDetail(
        dag.id(),
        dag.description(),
        dag.schedule().map(s -> s.cron()).orElse(null),
        dag.schedule().map(s -> s.zone().getId()).orElse(null),
        platform.scheduler().nextRun(dag.id()).orElse(null),
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
    return publications.view(platform.scheduler().find(run).orElseThrow());
  }

  private Dag dag(String id) {
    Project project = platform.project().get();
    return new DagExpander(project).expand(project.dag(id));
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
