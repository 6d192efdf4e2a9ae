package io.ecluse.scheduler;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jdbi.v3.core.Handle;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which runs may begin, which must end, which are forgotten. Works in the transaction of its
 * handle.
 *
 * @param queues from which this process takes tasks; empty for all
 */
record RunQueue(String environment, Set<String> queues) {
  private static final Logger LOG = LoggerFactory.getLogger(RunQueue.class);
  private static final int FORGOTTEN_AT_ONCE = 100;

  private record Queued(String id, String dag, List<String> keys, Optional<String> waitsFor) {}

  /** Starts queued runs that nothing keeps. */
  void startRuns(Handle handle, Instant now, List<RunEvent> events) {
    List<Queued> queued =
        handle
            .createQuery(
                """
                SELECT id, dag_id, exclusive_keys, waits_for FROM run
                WHERE environment = :e AND state = 'queued'
                  AND NOT cancel_requested
                ORDER BY created_at, id LIMIT 200
                """)
            .bind("e", environment)
            .map(
                (rs, c) ->
                    new Queued(
                        rs.getString(1),
                        rs.getString(2),
                        List.of((String[]) rs.getArray(3).getArray()),
                        Optional.ofNullable(rs.getString(4))))
            .list();
    for (Queued run : queued) {
      Optional<String> obstacle = obstacle(handle, run);
      if (obstacle.isEmpty()) {
        begin(handle, run, now, events);
      } else if (!obstacle.equals(run.waitsFor())) {
        handle.execute("UPDATE run SET waits_for = ? WHERE id = ?", obstacle.get(), run.id());
        events.add(new RunEvent(run.id(), Optional.empty(), RunEvent.Kind.RUN));
      }
    }
  }

  private static void begin(Handle handle, Queued run, Instant now, List<RunEvent> events) {
    handle
        .createUpdate(
            """
            UPDATE run SET state = 'running', started_at = coalesce(started_at, :now), waits_for = NULL,
              deadline = CAST(:now AS timestamptz) + timeout_ms * interval '1 millisecond'
            WHERE id = :id AND state = 'queued'
            """)
        .bind("now", now)
        .bind("id", run.id())
        .execute();
    LOG.info("Run {} started", run.id());
    events.add(new RunEvent(run.id(), Optional.empty(), RunEvent.Kind.RUN));
    Transitions.endRuns(handle, List.of(run.id()), now, events); // a DAG may have no tasks
  }

  /**
   * What keeps a run; also an older one that waits, lest runs with few keys starve one with many.
   */
  private Optional<String> obstacle(Handle handle, Queued run) {
    return handle
        .createQuery(
            """
            SELECT o.id, o.dag_id = :dag FROM run o, run self
            WHERE self.id = :id AND o.environment = :e AND o.state IN ('queued', 'running') AND o.id <> :id
              AND (o.state = 'running' OR (o.created_at, o.id) < (self.created_at, self.id))
              AND (o.dag_id = :dag OR o.exclusive_keys && :keys::text[])
            ORDER BY o.state = 'running' DESC, o.created_at, o.id LIMIT 1
            """)
        .bind("e", environment)
        .bind("id", run.id())
        .bind("dag", run.dag())
        .bindArray("keys", String.class, run.keys().toArray())
        .map(
            (rs, c) ->
                rs.getBoolean(2)
                    ? "Waits for run " + rs.getString(1) + " of the same DAG"
                    : "Waits for run " + rs.getString(1) + ", which writes the same tables")
        .findOne();
  }

  /**
   * Ends, in the database, what nobody is to run any more. Returns the runs whose running tasks
   * must end, with the reason.
   */
  Map<String, String> cancelAndTimeOut(Handle handle, Instant now, List<RunEvent> events) {
    handle
        .createUpdate(
            """
            UPDATE run SET cancel_requested = true,
              error = 'The run took longer than its timeout of ' || timeout_ms / 1000 || ' s'
            WHERE environment = :e AND state IN ('queued', 'running') AND deadline < :now
              AND NOT cancel_requested
            """)
        .bind("e", environment)
        .bind("now", now)
        .execute();
    Map<String, String> cancelled = new LinkedHashMap<>();
    handle
        .createQuery(
            """
            SELECT id, coalesce(error, 'The run was cancelled') FROM run
            WHERE environment = :e AND state IN ('queued', 'running') AND cancel_requested
            """)
        .bind("e", environment)
        .map((rs, c) -> Map.entry(rs.getString(1), rs.getString(2)))
        .forEach(e -> cancelled.put(e.getKey(), e.getValue()));
    cancelled.keySet().forEach(run -> cancelWaiting(handle, run, now, events));
    Transitions.endRuns(handle, cancelled.keySet(), now, events);
    return cancelled;
  }

  /** What waits for work elsewhere is looked at once more, to tell that work so. */
  private static void cancelWaiting(Handle handle, String run, Instant now, List<RunEvent> events) {
    handle
        .createQuery(
            """
            UPDATE task_instance SET state = 'cancelled', ended_at = :now, handle = NULL, deadline = NULL
            WHERE run_id = :run AND state IN ('pending', 'retrying', 'waiting') AND handle IS NULL
            RETURNING task_id
            """)
        .bind("now", now)
        .bind("run", run)
        .mapTo(String.class)
        .forEach(t -> events.add(new RunEvent(run, Optional.of(t), RunEvent.Kind.TASK)));
    handle.execute(
        """
        UPDATE attempt a SET state = 'cancelled', ended_at = ?
        FROM task_instance t WHERE a.run_id = ? AND a.state = 'waiting' AND t.run_id = a.run_id
          AND t.task_id = a.task_id AND t.state = 'cancelled'
        """,
        now,
        run);
    handle.execute(
        "UPDATE task_instance SET next_at = ? WHERE run_id = ? AND state = 'waiting'", now, run);
  }

  /** Whether a run waits or runs. */
  boolean hasActive(Handle handle) {
    return handle
        .createQuery(
            "SELECT EXISTS (SELECT 1 FROM run WHERE environment = :e AND state IN ('queued', 'running'))")
        .bind("e", environment)
        .mapTo(Boolean.class)
        .one();
  }

  /** When the next task is due that is to be tried, or looked at, again. */
  Optional<Instant> nextRetry(Handle handle) {
    return handle
        .createQuery(
            """
            SELECT t.next_at FROM task_instance t JOIN run r ON r.id = t.run_id
            WHERE t.state IN ('retrying', 'waiting') AND r.environment = :e AND r.state = 'running'
              AND (:queues::text[] = '{}' OR t.queue = ANY(:queues::text[]))
            ORDER BY t.next_at LIMIT 1
            """)
        .bind("e", environment)
        .bindArray("queues", String.class, queues.toArray())
        .mapTo(Instant.class)
        .findOne();
  }

  /** Deletes some of the oldest ended runs beyond the newest of each DAG. Returns how many. */
  int forget(Handle handle, int keep, Instant now) {
    int forgotten = forget(handle, keep);
    Bundles.forget(handle, now);
    return forgotten;
  }

  private int forget(Handle handle, int keep) {
    return handle
        .createUpdate(
            """
            DELETE FROM run WHERE id IN (
              SELECT id FROM (
                SELECT id, created_at, row_number() OVER (PARTITION BY dag_id ORDER BY created_at DESC, id DESC) AS place
                FROM run WHERE environment = :e AND ended_at IS NOT NULL) aged
              WHERE place > :keep ORDER BY created_at LIMIT :most)
            """)
        .bind("e", environment)
        .bind("keep", keep)
        .bind("most", FORGOTTEN_AT_ONCE)
        .execute();
  }
}
