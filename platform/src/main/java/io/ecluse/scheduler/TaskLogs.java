package io.ecluse.scheduler;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.PreparedBatch;

/** Log lines of attempts, written in batches. */
final class TaskLogs {
  /** A line that waits to be written. */
  record Pending(String runId, String taskId, int attempt, LogLine line) {}

  private final List<Pending> pending = new ArrayList<>();

  synchronized void add(Pending line) {
    pending.add(line);
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
    PreparedBatch batch =
        handle.prepareBatch(
            """
            INSERT INTO task_log (run_id, task_id, attempt, n, at, level, text)
            VALUES (:run, :task, :attempt, :n, :at, :level, :text) ON CONFLICT DO NOTHING
            """);
    for (Pending line : lines) {
      batch
          .bind("run", line.runId())
          .bind("task", line.taskId())
          .bind("attempt", line.attempt())
          .bind("n", line.line().number())
          .bind("at", line.line().at())
          .bind("level", line.line().level())
          .bind("text", line.line().text())
          .add();
    }
    if (!lines.isEmpty()) {
      batch.execute();
    }
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

  static Instant now(java.time.Clock clock) {
    return clock.instant().truncatedTo(java.time.temporal.ChronoUnit.MICROS);
  }
}
