package io.ecluse.web;

import io.ecluse.Platform;
import io.ecluse.access.Action;
import io.ecluse.access.Caller;
import io.ecluse.access.Subject;
import io.ecluse.error.ErrorCode;
import io.ecluse.scheduler.LogLine;
import io.ecluse.scheduler.Run;
import io.ecluse.scheduler.RunState;
import io.ecluse.scheduler.TaskState;
import io.ecluse.warehouse.Publication;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** Runs: looking at them and acting on them. */
@RestController
@RequestMapping("/api/v1/runs")
record RunController(Platform platform) {
  private static final int LARGEST_PAGE = 500;
  static final int LOG_PAGE = 1_000;

  record Retry(@Nullable String from) {}

  record RolledBack(List<String> tables) {}

  @GetMapping
  @Asks(value = Action.SEE, of = Subject.Kind.RUN)
  Views.RunPage list(
      @RequestParam Optional<String> dag,
      @RequestParam Optional<String> state,
      @RequestParam(defaultValue = "50") int limit,
      @RequestParam Optional<String> before,
      Caller caller) {
    int size = Math.max(1, Math.min(limit, LARGEST_PAGE));
    List<Run> page =
        platform
            .scheduler()
            .list(
                dag.filter(d -> !d.isEmpty()),
                state.filter(s -> !s.isEmpty()).map(RunController::state),
                size,
                before.filter(b -> !b.isEmpty()));
    return new Views.RunPage(
        platform.catalog().runs().entries(caller, page).stream().map(Views.RunView::of).toList(),
        page.size() < size ? null : page.get(size - 1).id());
  }

  private static RunState state(String text) {
    return Arrays.stream(RunState.values())
        .filter(s -> s.text().equals(text.toLowerCase(Locale.ROOT)))
        .findFirst()
        .orElseThrow(
            () ->
                ErrorCode.INVALID_USAGE.error(
                    "state must be queued, running, success, failed or cancelled, but is '%s'"
                        .formatted(text)));
  }

  @GetMapping("/{id}")
  @Asks(value = Action.SEE, of = Subject.Kind.RUN, named = "id")
  Views.RunDetail show(@PathVariable String id) {
    return new Views.RunDetail(
        view(id),
        Views.TaskView.of(platform.scheduler().tasks(id), platform.project().get().vocabulary()));
  }

  /** The DAG as it was when the run began, for drawing. */
  @GetMapping("/{id}/graph")
  @Asks(value = Action.SEE, of = Subject.Kind.RUN, named = "id")
  List<DagController.TaskNode> graph(@PathVariable String id) {
    required(id);
    return DagController.nodes(
        platform.scheduler().dag(id).orElseThrow(), platform.project().get().vocabulary());
  }

  @PostMapping("/{id}/cancel")
  @ResponseStatus(HttpStatus.ACCEPTED)
  @Asks(value = Action.CANCEL_RUN, of = Subject.Kind.RUN, named = "id")
  Views.RunView cancel(@PathVariable String id) {
    platform.scheduler().cancel(id);
    return view(id);
  }

  @PostMapping("/{id}/retry")
  @ResponseStatus(HttpStatus.ACCEPTED)
  @Asks(value = Action.RETRY_RUN, of = Subject.Kind.RUN, named = "id")
  Views.RunView retry(
      @PathVariable String id, @RequestBody(required = false) @Nullable Retry retry) {
    platform
        .scheduler()
        .retry(id, Optional.ofNullable(retry).map(Retry::from).filter(f -> !f.isEmpty()));
    return view(id);
  }

  @PostMapping("/{id}/rollback")
  @Asks(value = Action.ROLL_BACK, of = Subject.Kind.RUN, named = "id")
  RolledBack rollBack(@PathVariable String id) {
    required(id);
    Publication undone = platform.warehouse().rollBack(id);
    return new RolledBack(undone.tables().stream().map(Object::toString).toList());
  }

  @GetMapping("/{id}/tasks/{task}/attempts")
  @Asks(value = Action.SEE, of = Subject.Kind.RUN, named = "id")
  List<Views.AttemptView> attempts(@PathVariable String id, @PathVariable String task) {
    requiredTask(id, task);
    return platform.scheduler().attempts(id, task).stream().map(Views.AttemptView::of).toList();
  }

  @GetMapping("/{id}/tasks/{task}/attempts/{attempt}/log")
  @Asks(value = Action.READ_LOG, of = Subject.Kind.RUN, named = "id")
  Views.LogView log(
      @PathVariable String id,
      @PathVariable String task,
      @PathVariable int attempt,
      @RequestParam(defaultValue = "0") int after) {
    requiredTask(id, task);
    boolean complete =
        platform.scheduler().attempts(id, task).stream()
            .anyMatch(a -> a.number() == attempt && a.endedAt().isPresent());
    List<LogLine> lines = platform.scheduler().log(id, task, attempt, after, LOG_PAGE);
    int next = lines.isEmpty() ? after : lines.get(lines.size() - 1).number();
    return new Views.LogView(
        lines.stream().map(Views.LineView::of).toList(), next, complete && lines.size() < LOG_PAGE);
  }

  private Views.RunView view(String id) {
    return Views.RunView.of(platform.catalog().runs().entry(required(id)));
  }

  private Run required(String id) {
    return platform
        .scheduler()
        .find(id)
        .orElseThrow(() -> ErrorCode.NOT_FOUND.error("There is no run " + id));
  }

  private TaskState requiredTask(String id, String task) {
    required(id);
    return platform
        .scheduler()
        .task(id, task)
        .orElseThrow(() -> ErrorCode.NOT_FOUND.error("Run %s has no task %s".formatted(id, task)));
  }
}
