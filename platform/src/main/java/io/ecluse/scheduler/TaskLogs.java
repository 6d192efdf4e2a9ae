package io.ecluse.scheduler;

import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import org.jdbi.v3.core.Handle;

/** Log lines of attempts, written in batches. */
final class TaskLogs {
  /** A line that waits to be written. */
  record Pending(String runId, String taskId, int attempt, LogLine line) {}

  private final List<Pending> pending = new ArrayList<>();

  synchronized void add(Pending line) {
    pending.add(line);
  }

  synchronized boolean isEmpty() {
    return pending.isEmpty();
  }

  synchronized List<Pending> take() {
    List<Pending> taken = new ArrayList<>(pending);
    pending.clear();
    return taken;
  }

  /** Lines that could not be written come first next time. */
  synchronized void giveBack(List<Pending> lines) {
    pending.addAll(0, lines);
  }

  static void write(Handle handle, List<Pending> lines) {
    if (lines.isEmpty()) {
      return;
    }
    handle
        .createUpdate(
            """
            INSERT INTO task_log (run_id, task_id, attempt, n, at, level, text)
            SELECT l.* FROM unnest(:runs, :tasks, :attempts, :numbers, :times::timestamptz[], :levels, :texts) AS l
              (run_id, task_id, attempt, n, at, level, text)
            WHERE EXISTS (SELECT 1 FROM run WHERE id = l.run_id)
            ON CONFLICT DO NOTHING
            """)
        .bindArray("runs", String.class, lines.stream().map(Pending::runId).toArray())
        .bindArray("tasks", String.class, lines.stream().map(Pending::taskId).toArray())
        .bindArray("attempts", Integer.class, lines.stream().map(Pending::attempt).toArray())
        .bindArray("numbers", Integer.class, lines.stream().map(l -> l.line().number()).toArray())
        .bindArray(
            "times", String.class, lines.stream().map(l -> l.line().at().toString()).toArray())
        .bindArray("levels", String.class, lines.stream().map(l -> l.line().level()).toArray())
        .bindArray("texts", String.class, lines.stream().map(l -> l.line().text()).toArray())
        .execute();
  }

  static List<LogLine> page(
      Handle handle, String runId, String taskId, int attempt, int after, int limit) {
    return handle
        .createQuery(
            """
            SELECT n, at, level, text FROM task_log
            WHERE run_id = :run AND task_id = :task AND attempt = :attempt AND n > :after
            ORDER BY n LIMIT :limit
            """)
        .bind("run", runId)
        .bind("task", taskId)
        .bind("attempt", attempt)
        .bind("after", after)
        .bind("limit", limit)
        .map(
            (rs, c) ->
                new LogLine(
                    rs.getInt(1), rs.getTimestamp(2).toInstant(), rs.getString(3), rs.getString(4)))
        .list();
  }

  /** As exact as the database keeps it. */
  static Instant now(Clock clock) {
    return clock.instant().truncatedTo(ChronoUnit.MICROS);
  }
}
