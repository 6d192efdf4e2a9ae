package io.ecluse.web;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.ecluse.catalog.Runs;
import io.ecluse.project.Localized;
import io.ecluse.project.TaskForm;
import io.ecluse.project.Vocabulary;
import io.ecluse.scheduler.AttemptState;
import io.ecluse.scheduler.LogLine;
import io.ecluse.scheduler.Run;
import io.ecluse.scheduler.TaskState;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Runs and tasks as the API shows them. Times are UTC, durations milliseconds. */
final class Views {
  private Views() {}

  record RunView(
      String id,
      @JsonProperty("dag_id") String dagId,
      String state,
      String trigger,
      Map<String, String> params,
      @JsonProperty("logical_time") Instant logicalTime,
      @JsonProperty("created_at") Instant createdAt,
      @JsonProperty("started_at") @Nullable Instant startedAt,
      @JsonProperty("ended_at") @Nullable Instant endedAt,
      @JsonProperty("duration_ms") @Nullable Long durationMs,
      boolean published,
      @JsonProperty("rolled_back") boolean rolledBack,
      @JsonProperty("waits_for") @Nullable String waitsFor,
      @Nullable String error) {
    static RunView of(Runs.Entry entry) {
      Run run = entry.run();
      return new RunView(
          run.id(),
          run.dagId(),
          run.state().text(),
          run.trigger().text(),
          run.params(),
          run.logicalTime(),
          run.createdAt(),
          run.startedAt().orElse(null),
          run.endedAt().orElse(null),
          duration(run.startedAt(), run.endedAt()),
          entry.isPublished(),
          entry.publication() == Runs.Publication.ROLLED_BACK,
          run.waitsFor().orElse(null),
          run.error().orElse(null));
    }
  }

  record Progress(long done, long total) {}

  record TaskView(
      @JsonProperty("task_id") String taskId,
      String kind,
      @JsonProperty("kind_word") Localized kindWord,
      String state,
      int attempt,
      @JsonProperty("max_attempts") int maxAttempts,
      @JsonProperty("started_at") @Nullable Instant startedAt,
      @JsonProperty("ended_at") @Nullable Instant endedAt,
      @JsonProperty("next_attempt_at") @Nullable Instant nextAttemptAt,
      @JsonProperty("duration_ms") @Nullable Long durationMs,
      long rows,
      @JsonProperty("counts_rows") boolean countsRows,
      long bytes,
      @Nullable Progress progress,
      @Nullable String error,
      List<String> upstream,
      Map<String, String> facts) {
    static List<TaskView> of(List<TaskState> tasks, Vocabulary vocabulary) {
      return tasks.stream().map(task -> of(task, vocabulary)).toList();
    }

    static TaskView of(TaskState task, Vocabulary vocabulary) {
      return new TaskView(
          task.taskId(),
          task.kind(),
          vocabulary.word(task.kind()),
          task.state().text(),
          task.attempt(),
          task.maxAttempts(),
          task.startedAt().orElse(null),
          task.endedAt().orElse(null),
          task.nextAttemptAt().orElse(null),
          duration(task.startedAt(), task.endedAt()),
          task.rows(),
          vocabulary.task(task.kind()).map(TaskForm::countsRows).orElse(false),
          task.bytes(),
          task.progress().map(p -> new Progress(p.done(), p.total())).orElse(null),
          task.error().orElse(null),
          task.upstream(),
          task.facts());
    }
  }

  record RunDetail(
      @com.fasterxml.jackson.annotation.JsonUnwrapped RunView run, List<TaskView> tasks) {}

  record RunPage(List<RunView> runs, @Nullable String next) {}

  record AttemptView(
      int attempt,
      String state,
      @JsonProperty("started_at") Instant startedAt,
      @JsonProperty("ended_at") @Nullable Instant endedAt,
      @Nullable String error) {
    static AttemptView of(AttemptState attempt) {
      return new AttemptView(
          attempt.number(),
          attempt.state(),
          attempt.startedAt(),
          attempt.endedAt().orElse(null),
          attempt.error().orElse(null));
    }
  }

  record LineView(int n, Instant at, String level, String text) {
    static LineView of(LogLine line) {
      return new LineView(line.number(), line.at(), line.level(), line.text());
    }
  }

  record LogView(List<LineView> lines, int next, boolean complete) {}

  static @Nullable Long duration(Optional<Instant> from, Optional<Instant> to) {
    return from.map(f -> Duration.between(f, to.orElseGet(Instant::now)).toMillis()).orElse(null);
  }
}
