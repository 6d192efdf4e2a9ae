package io.ecluse.web;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.ecluse.access.Action;
import io.ecluse.access.Caller;
import io.ecluse.access.Subject;
import io.ecluse.engine.Cancellation;
import io.ecluse.error.ErrorCode;
import io.ecluse.query.QueryJobs;
import io.ecluse.query.ResultFiles;
import io.ecluse.warehouse.ReadView;
import jakarta.servlet.http.HttpServletRequest;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
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
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** SQL for people: submit, look page by page, cancel. */
@RestController
@RequestMapping("/api/v1/queries")
record QueryController(QueryJobs jobs) {
  private static final Duration WAIT = Duration.ofMillis(200);
  private static final int LARGEST_PAGE = 5_000;

  /**
   * @param at a moment or a snapshot, as of which to read
   * @param run a run, whose own state is read: what it has written over what is published
   */
  record Submission(@Nullable String sql, @Nullable String at, @Nullable String run) {
    ReadView view() {
      Optional<String> moment = Optional.ofNullable(at).filter(a -> !a.isBlank());
      Optional<String> ofRun = Optional.ofNullable(run).filter(r -> !r.isBlank());
      if (moment.isPresent() && ofRun.isPresent()) {
        throw ErrorCode.INVALID_USAGE.error(
            "A query reads as of a moment (at) or what a run has written (run), not both");
      }
      return ofRun
          .<ReadView>map(ReadView.OfRun::new)
          .or(() -> moment.map(a -> ReadView.parse(a, ZoneOffset.UTC)))
          .orElse(ReadView.PUBLISHED);
    }
  }

  record ColumnView(String name, String type) {
    static List<ColumnView> of(List<String> names, List<String> types) {
      List<ColumnView> columns = new ArrayList<>();
      for (int i = 0; i < names.size(); i++) {
        columns.add(new ColumnView(names.get(i), types.get(i)));
      }
      return columns;
    }
  }

  record QueryView(
      String id,
      String sql,
      String state,
      @JsonProperty("submitted_at") Instant submittedAt,
      List<ColumnView> columns,
      @Nullable Long rows,
      @JsonProperty("elapsed_ms") long elapsedMs,
      ErrorBody.@Nullable Error error,
      Map<String, String> snapshots,
      boolean truncated) {
    static QueryView of(QueryJobs.Status status) {
      Map<String, String> snapshots = new TreeMap<>();
      status.snapshots().forEach((t, s) -> snapshots.put(t.toString(), String.valueOf(s)));
      return new QueryView(
          status.query().id(),
          status.query().sql(),
          state(status.state()),
          status.query().submittedAt(),
          status.shape().map(s -> ColumnView.of(s.names(), s.types())).orElse(List.of()),
          status.shape().map(ResultFiles.Shape::rows).orElse(null),
          status.query().elapsed().toMillis(),
          status.error().map(ErrorBody::error).orElse(null),
          snapshots,
          status.truncated());
    }

    private static String state(QueryJobs.State state) {
      return state == QueryJobs.State.EXPIRED
          ? state.name() // it is no state of running
          : state.name().toLowerCase(Locale.ROOT);
    }
  }

  record RowsView(
      List<ColumnView> columns, List<List<@Nullable Object>> rows, long offset, long total) {}

  @PostMapping
  @ResponseStatus(HttpStatus.ACCEPTED)
  @Asks(value = Action.QUERY, of = Subject.Kind.QUERY)
  QueryView submit(@RequestBody Submission submission, Caller caller) {
    if (submission.sql() == null || submission.sql().isBlank()) {
      throw ErrorCode.SQL_INVALID.error("The query is empty");
    }
    return QueryView.of(jobs.submit(caller, submission.sql(), submission.view(), WAIT));
  }

  @GetMapping
  @Asks(value = Action.QUERY, of = Subject.Kind.QUERY)
  List<QueryView> history(Caller caller) {
    return jobs.history(caller).stream().map(QueryView::of).toList();
  }

  @GetMapping("/{id}")
  @Asks(value = Action.QUERY, of = Subject.Kind.QUERY, named = "id")
  QueryView show(@PathVariable String id, Caller caller) {
    return QueryView.of(jobs.find(caller, id));
  }

  @GetMapping("/{id}/rows")
  @Asks(value = Action.QUERY, of = Subject.Kind.QUERY, named = "id")
  RowsView rows(
      @PathVariable String id,
      @RequestParam(defaultValue = "0") long offset,
      @RequestParam(defaultValue = "500") int limit,
      Caller caller,
      HttpServletRequest request) {
    QueryJobs.Status status = jobs.find(caller, id);
    int most = Math.max(1, Math.min(limit, LARGEST_PAGE));
    Cancellation cancellation = new Cancellation();
    List<Object[]> page =
        Presence.of(request)
            .whileThere(
                cancellation, () -> jobs.page(caller, id, Math.max(0, offset), most, cancellation));
    ResultFiles.Shape shape = status.shape().orElseThrow();
    return new RowsView(
        ColumnView.of(shape.names(), shape.types()), JsonValues.rows(page), offset, shape.rows());
  }

  @PostMapping("/{id}/cancel")
  @ResponseStatus(HttpStatus.ACCEPTED)
  @Asks(value = Action.QUERY, of = Subject.Kind.QUERY, named = "id")
  QueryView cancel(@PathVariable String id, Caller caller) {
    jobs.cancel(caller, id);
    return QueryView.of(jobs.find(caller, id));
  }
}
