package io.ecluse.scheduler;

import io.ecluse.error.EcluseException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;
import org.jdbi.v3.core.Handle;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Gives tasks that can run to this process. */
record Claims(String environment, Set<String> queues, BiFunction<Handle, String, RunGraph> graphs) {
  private static final Logger LOG = LoggerFactory.getLogger(Claims.class);

  private record Row(
      String run,
      String task,
      int attempt,
      int failures,
      Instant logical,
      String params,
      Optional<String> bundle,
      RunningTask.Leg leg) {}

  /** Takes up to {@code slots} tasks, those of the oldest run first, in the order of their DAG. */
  List<RunningTask.Claim> take(
      Handle handle, int slots, int workerId, Instant now, List<RunEvent> events) {
    List<RunningTask.Claim> claims = new ArrayList<>();
    for (Row row : rows(handle, slots, workerId, now)) {
      events.add(new RunEvent(row.run(), Optional.of(row.task()), RunEvent.Kind.TASK));
      try {
        claims.add(
            new RunningTask.Claim(
                row.run(),
                environment,
                row.logical(),
                RunStore.facts(row.params()),
                graphs.apply(handle, row.run()).task(row.task()),
                row.attempt(),
                workerId,
                row.failures(),
                row.bundle(),
                row.leg()));
      } catch (EcluseException e) {
        refuse(handle, row, e, now);
      }
    }
    return claims;
  }

  private List<Row> rows(Handle handle, int slots, int workerId, Instant now) {
    return handle
        .createQuery(
            """
            WITH active AS MATERIALIZED (
              SELECT r.id, r.created_at, r.logical_time, r.params, r.bundle,
                CASE WHEN r.cancel_requested THEN coalesce(r.error, 'The run was cancelled') END AS cancelled, r.max_parallel -
                (SELECT count(*) FROM task_instance o WHERE o.run_id = r.id AND o.state = 'running') AS free
              FROM run r
              WHERE r.environment = :e AND r.state = 'running'
            ), taken AS MATERIALIZED (
              SELECT r.id, r.logical_time, r.params, r.bundle, r.cancelled, t.task_id
              FROM active r CROSS JOIN LATERAL (
                SELECT task_id, ordinal FROM task_instance
                WHERE run_id = r.id AND waiting_for = 0 AND state IN ('pending', 'retrying', 'waiting')
                  AND (next_at IS NULL OR next_at <= :now) AND (r.cancelled IS NULL OR handle IS NOT NULL)
                  AND (:queues::text[] = '{}' OR queue = ANY(:queues::text[]))
                ORDER BY ordinal LIMIT greatest(0, least(r.free, :slots))) t
              ORDER BY r.created_at, r.id, t.ordinal LIMIT :slots
            ), changed AS (
              UPDATE task_instance t SET state = 'running', worker_id = :worker,
                attempt = t.attempt + CASE WHEN t.deadline IS NULL THEN 1 ELSE 0 END,
                started_at = CASE WHEN t.deadline IS NULL THEN :now ELSE t.started_at END,
                ended_at = NULL, next_at = NULL, error = NULL, progress_done = NULL
              FROM taken WHERE t.run_id = taken.id AND t.task_id = taken.task_id
              RETURNING t.run_id, t.task_id, t.attempt, t.failures, taken.logical_time, taken.params, taken.bundle,
                t.handle, t.deadline, taken.cancelled
            ), opened AS (
              INSERT INTO attempt (run_id, task_id, attempt, state, worker_id, started_at)
              SELECT run_id, task_id, attempt, 'running', :worker, :now FROM changed WHERE deadline IS NULL
            ), opened_again AS (
              UPDATE attempt a SET state = 'running', worker_id = :worker, ended_at = NULL
              FROM changed c WHERE c.deadline IS NOT NULL
                AND a.run_id = c.run_id AND a.task_id = c.task_id AND a.attempt = c.attempt
            )
            SELECT run_id, task_id, attempt, failures, logical_time, params, bundle, handle, deadline,
              CASE WHEN deadline IS NULL THEN 0 ELSE (
                SELECT coalesce(max(l.n), 0) FROM task_log l
                WHERE l.run_id = changed.run_id AND l.task_id = changed.task_id AND l.attempt = changed.attempt)
              END, cancelled
            FROM changed
            """)
        .bind("e", environment)
        .bindArray("queues", String.class, queues.toArray())
        .bind("now", now)
        .bind("slots", slots)
        .bind("worker", workerId)
        .map(
            (rs, c) ->
                new Row(
                    rs.getString(1),
                    rs.getString(2),
                    rs.getInt(3),
                    rs.getInt(4),
                    rs.getTimestamp(5).toInstant(),
                    rs.getString(6),
                    Optional.ofNullable(rs.getString(7)),
                    new RunningTask.Leg(
                        Optional.ofNullable(rs.getString(8)),
                        Optional.ofNullable(rs.getTimestamp(9)).map(t -> left(now, t.toInstant())),
                        rs.getInt(10),
                        Optional.ofNullable(rs.getString(11)))))
        .list();
  }

  private static Duration left(Instant now, Instant deadline) {
    return now.isBefore(deadline) ? Duration.between(now, deadline) : Duration.ZERO;
  }

  /** A run that this version cannot read must not keep the others from running. */
  private static void refuse(Handle handle, Row row, EcluseException reason, Instant now) {
    LOG.warn("Run {} cannot be read and is ended", row.run(), reason);
    String error = RunningTask.storable("The run cannot be read: " + reason.getMessage());
    handle.execute(
        "UPDATE run SET cancel_requested = true, error = ? WHERE id = ?", error, row.run());
    handle.execute(
        "UPDATE task_instance SET state = 'cancelled', worker_id = NULL WHERE run_id = ? AND task_id = ?",
        row.run(),
        row.task());
    handle
        .createUpdate(
            """
            UPDATE attempt SET state = 'failed', ended_at = :now, error = :error
            WHERE run_id = :run AND task_id = :task AND attempt = :attempt
            """)
        .bind("now", now)
        .bind("error", error)
        .bind("run", row.run())
        .bind("task", row.task())
        .bind("attempt", row.attempt())
        .execute();
  }
}
