package io.ecluse.scheduler;

import io.ecluse.error.EcluseException;
import io.ecluse.error.ErrorCode;
import io.ecluse.pipeline.RetryPolicy;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BiFunction;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.PreparedBatch;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.json.JsonMapper;

/**
 * Every change of state that running tasks brings about. Works in the transaction of its handle;
 * the dispatcher holds a lock there, so one process at a time decides for an environment.
 */
final class Transitions {
  private static final Logger LOG = LoggerFactory.getLogger(Transitions.class);

  private final String environment;
  private final BiFunction<Handle, String, RunGraph> graphs;

  Transitions(String environment, BiFunction<Handle, String, RunGraph> graphs) {
    this.environment = environment;
    this.graphs = graphs;
  }

  /** One decider at a time, until the transaction ends. */
  void lock(Handle handle) {
    handle.execute("SELECT pg_advisory_xact_lock(hashtext('ecluse scheduler ' || ?))", environment);
  }

  /** Writes down how attempts ended, and what follows from it. */
  void end(Handle handle, List<Outcome> outcomes, Instant now, List<RunEvent> events) {
    if (outcomes.isEmpty()) {
      return;
    }
    List<Outcome> ours = closeAttempts(handle, outcomes, now);
    Map<String, Map<String, Integer>> fulfilled = new TreeMap<>();
    Set<String> touched = new LinkedHashSet<>();
    PreparedBatch tasks =
        handle.prepareBatch(
            """
            UPDATE task_instance SET state = :state, ended_at = :ended, next_at = :next, rows = :rows,
              bytes = :bytes, error = :error, facts = :facts, failures = :failures, worker_id = NULL,
              progress_done = CASE WHEN :state = 'success' THEN NULL ELSE progress_done END
            WHERE run_id = :run AND task_id = :task
            """);
    for (Outcome outcome : ours) {
      RunningTask.Claim claim = outcome.task().claim();
      touched.add(claim.runId());
      Ending ending = ending(outcome, now);
      tasks
          .bind("state", ending.state().text())
          .bind("ended", now)
          .bindByType("next", ending.next().orElse(null), Instant.class)
          .bind("rows", outcome.result().rows())
          .bind("bytes", outcome.result().bytes())
          .bindByType("error", ending.error().orElse(null), String.class)
          .bind("facts", JsonMapper.shared().writeValueAsString(facts(outcome)))
          .bind("failures", ending.failures())
          .bind("run", claim.runId())
          .bind("task", claim.task().id())
          .add();
      events.add(new RunEvent(claim.runId(), Optional.of(claim.task().id()), RunEvent.Kind.TASK));
      RunGraph graph = graphs.apply(handle, claim.runId());
      if (ending.state() == TaskProgress.SUCCESS) {
        Map<String, Integer> counts =
            fulfilled.computeIfAbsent(claim.runId(), k -> new TreeMap<>());
        graph.dependants(claim.task().id()).forEach(d -> counts.merge(d, 1, Integer::sum));
      } else if (ending.state() == TaskProgress.FAILED) {
        failDescendants(handle, claim, graph, events);
      }
    }
    if (!ours.isEmpty()) {
      tasks.execute();
    }
    fulfil(handle, fulfilled);
    touched.forEach(run -> endRun(handle, run, now, events));
  }

  /** What a failed task tells beside its message: the code, for programs. */
  private static Map<String, String> facts(Outcome outcome) {
    return outcome
        .error()
        .map(e -> Map.of(TaskState.ERROR_CODE, e.code().name()))
        .orElse(outcome.result().facts());
  }

  private record Ending(
      TaskProgress state, Optional<Instant> next, Optional<String> error, int failures) {}

  private static Ending ending(Outcome outcome, Instant now) {
    RunningTask.Claim claim = outcome.task().claim();
    if (outcome.error().isEmpty()) {
      return new Ending(TaskProgress.SUCCESS, Optional.empty(), Optional.empty(), claim.failures());
    }
    EcluseException error = outcome.error().get();
    String text = error.getMessage();
    int failures = claim.failures() + 1;
    if (error.code() == ErrorCode.CANCELLED) {
      return new Ending(
          TaskProgress.CANCELLED, Optional.empty(), Optional.of(text), claim.failures());
    }
    RetryPolicy retry = claim.task().retry();
    if (error.code().retryable() && failures < retry.maxAttempts()) {
      Instant next = now.plus(retry.delayAfter(failures));
      LOG.info(
          "Run {} task {} failed ({}), retrying at {}",
          claim.runId(),
          claim.task().id(),
          error.code(),
          next);
      return new Ending(TaskProgress.RETRYING, Optional.of(next), Optional.of(text), failures);
    }
    LOG.info("Run {} task {} failed ({})", claim.runId(), claim.task().id(), error.code());
    return new Ending(TaskProgress.FAILED, Optional.empty(), Optional.of(text), failures);
  }

  /** Closes the attempts that are ours still; what was taken from us meanwhile is left alone. */
  private List<Outcome> closeAttempts(Handle handle, List<Outcome> outcomes, Instant now) {
    PreparedBatch batch =
        handle.prepareBatch(
            """
            UPDATE attempt a SET state = :state, ended_at = :now, error = :error
            FROM task_instance t
            WHERE a.run_id = :run AND a.task_id = :task AND a.attempt = :attempt AND a.state = 'running'
              AND t.run_id = a.run_id AND t.task_id = a.task_id AND t.state = 'running'
              AND t.attempt = a.attempt AND t.worker_id = :worker
            """);
    for (Outcome outcome : outcomes) {
      RunningTask.Claim claim = outcome.task().claim();
      batch
          .bind("state", attemptState(outcome))
          .bind("now", now)
          .bindByType(
              "error", outcome.error().map(Throwable::getMessage).orElse(null), String.class)
          .bind("run", claim.runId())
          .bind("task", claim.task().id())
          .bind("attempt", claim.attempt())
          .bind("worker", claim.workerId())
          .add();
    }
    int[] closed = batch.execute();
    List<Outcome> ours = new ArrayList<>();
    for (int i = 0; i < closed.length; i++) {
      if (closed[i] > 0) {
        ours.add(outcomes.get(i));
      } else {
        RunningTask.Claim claim = outcomes.get(i).task().claim();
        LOG.warn(
            "Run {} task {} attempt {} ended here, but was taken over by another attempt; its outcome is dropped",
            claim.runId(),
            claim.task().id(),
            claim.attempt());
      }
    }
    return ours;
  }

  private static String attemptState(Outcome outcome) {
    return outcome
        .error()
        .map(e -> e.code() == ErrorCode.CANCELLED ? "cancelled" : "failed")
        .orElse("success");
  }

  private static void fulfil(Handle handle, Map<String, Map<String, Integer>> fulfilled) {
    PreparedBatch batch =
        handle.prepareBatch(
            """
            UPDATE task_instance SET waiting_for = waiting_for - :n
            WHERE run_id = :run AND task_id = :task AND state = 'pending'
            """);
    fulfilled.forEach(
        (run, counts) ->
            counts.forEach(
                (task, n) -> batch.bind("n", n).bind("run", run).bind("task", task).add()));
    if (batch.size() > 0) {
      batch.execute();
    }
  }

  private static void failDescendants(
      Handle handle, RunningTask.Claim claim, RunGraph graph, List<RunEvent> events) {
    Set<String> descendants = graph.descendants(claim.task().id());
    handle
        .createUpdate(
            """
            UPDATE task_instance SET state = 'upstream_failed', error = :error
            WHERE run_id = :run AND task_id = ANY (:tasks) AND state = 'pending'
            """)
        .bind("error", "Not run: task " + claim.task().id() + " failed")
        .bind("run", claim.runId())
        .bindArray("tasks", String.class, descendants.toArray())
        .execute();
    descendants.forEach(
        d -> events.add(new RunEvent(claim.runId(), Optional.of(d), RunEvent.Kind.TASK)));
  }

  /** Ends a run whose tasks have all ended. */
  void endRun(Handle handle, String runId, Instant now, List<RunEvent> events) {
    int ended =
        handle
            .createUpdate(
                """
                UPDATE run r SET ended_at = :now,
                  state = CASE WHEN t.failed > 0 OR r.error IS NOT NULL THEN 'failed'
                               WHEN r.cancel_requested OR t.cancelled > 0 THEN 'cancelled'
                               ELSE 'success' END,
                  error = coalesce(r.error, t.error)
                FROM (SELECT count(*) FILTER (WHERE state IN ('failed', 'upstream_failed')) AS failed,
                             count(*) FILTER (WHERE state = 'cancelled') AS cancelled,
                             count(*) FILTER (WHERE state IN ('pending', 'running', 'retrying')) AS open,
                             (array_agg(task_id || ': ' || error ORDER BY ended_at)
                               FILTER (WHERE state = 'failed'))[1] AS error
                      FROM task_instance WHERE run_id = :run) t
                WHERE r.id = :run AND r.state = 'running' AND t.open = 0
                """)
            .bind("now", now)
            .bind("run", runId)
            .execute();
    if (ended > 0) {
      events.add(new RunEvent(runId, Optional.empty(), RunEvent.Kind.RUN));
    }
  }

  /** Starts queued runs that nothing keeps. */
  void startRuns(Handle handle, Instant now, List<RunEvent> events) {
    record Queued(String id, String dag, List<String> keys, Optional<String> waitsFor) {}
    List<Queued> queued =
        handle
            .createQuery(
                """
                SELECT id, dag_id, exclusive_keys, waits_for FROM run
                WHERE environment = :e AND state = 'queued' AND NOT cancel_requested
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
      Optional<String> obstacle = obstacle(handle, run.id(), run.dag(), run.keys());
      if (obstacle.isEmpty()) {
        handle
            .createUpdate(
                "UPDATE run SET state = 'running', started_at = coalesce(started_at, :now), waits_for = NULL WHERE id = :id AND state = 'queued'")
            .bind("now", now)
            .bind("id", run.id())
            .execute();
        events.add(new RunEvent(run.id(), Optional.empty(), RunEvent.Kind.RUN));
        endRun(handle, run.id(), now, events); // a DAG without tasks has nothing to wait for
      } else if (!obstacle.equals(run.waitsFor())) {
        handle.execute("UPDATE run SET waits_for = ? WHERE id = ?", obstacle.get(), run.id());
        events.add(new RunEvent(run.id(), Optional.empty(), RunEvent.Kind.RUN));
      }
    }
  }

  private Optional<String> obstacle(Handle handle, String id, String dag, List<String> keys) {
    return handle
        .createQuery(
            """
            SELECT id, dag_id = :dag FROM run
            WHERE environment = :e AND state = 'running' AND id <> :id
              AND (dag_id = :dag OR exclusive_keys && :keys::text[])
            ORDER BY created_at LIMIT 1
            """)
        .bind("e", environment)
        .bind("id", id)
        .bind("dag", dag)
        .bindArray("keys", String.class, keys.toArray())
        .map(
            (rs, c) ->
                rs.getBoolean(2)
                    ? "Waits for run " + rs.getString(1) + " of the same DAG"
                    : "Waits for run " + rs.getString(1) + ", which writes the same tables")
        .findOne();
  }

  /** Takes up to {@code slots} tasks that can run now. */
  List<RunningTask.Claim> claim(
      Handle handle, int slots, int workerId, Instant now, List<RunEvent> events) {
    record Row(String run, String task, int attempt, int failures, Instant logical) {}
    List<Row> rows =
        handle
            .createQuery(
                """
                WITH ready AS (
                  SELECT t.run_id, t.task_id, r.created_at, r.logical_time, t.ordinal,
                    r.max_parallel - (SELECT count(*) FROM task_instance o
                                      WHERE o.run_id = r.id AND o.state = 'running') AS free,
                    row_number() OVER (PARTITION BY t.run_id ORDER BY t.ordinal) AS place
                  FROM run r JOIN task_instance t ON t.run_id = r.id
                  WHERE r.environment = :e AND r.state = 'running' AND NOT r.cancel_requested
                    AND t.waiting_for = 0
                    AND (t.state = 'pending' OR t.state = 'retrying' AND t.next_at <= :now)
                ), taken AS (
                  SELECT * FROM ready WHERE place <= free ORDER BY created_at, run_id, ordinal LIMIT :slots
                ), changed AS (
                  UPDATE task_instance t SET state = 'running', attempt = t.attempt + 1, worker_id = :worker,
                    started_at = :now, ended_at = NULL, next_at = NULL, error = NULL, progress_done = NULL
                  FROM taken WHERE t.run_id = taken.run_id AND t.task_id = taken.task_id
                  RETURNING t.run_id, t.task_id, t.attempt, t.failures, taken.logical_time
                ), opened AS (
                  INSERT INTO attempt (run_id, task_id, attempt, state, worker_id, started_at)
                  SELECT run_id, task_id, attempt, 'running', :worker, :now FROM changed
                )
                SELECT run_id, task_id, attempt, failures, logical_time FROM changed
                """)
            .bind("e", environment)
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
                        rs.getTimestamp(5).toInstant()))
            .list();
    List<RunningTask.Claim> claims = new ArrayList<>();
    for (Row row : rows) {
      claims.add(
          new RunningTask.Claim(
              row.run(),
              environment,
              row.logical(),
              graphs.apply(handle, row.run()).task(row.task()),
              row.attempt(),
              workerId,
              row.failures()));
      events.add(new RunEvent(row.run(), Optional.of(row.task()), RunEvent.Kind.TASK));
    }
    return claims;
  }

  /**
   * Ends, in the database, what nobody is to run any more. Returns runs whose running tasks must
   * end.
   */
  Map<String, String> cancelAndTimeOut(Handle handle, Instant now, List<RunEvent> events) {
    handle
        .createUpdate(
            """
            UPDATE run SET cancel_requested = true,
              error = 'The run took longer than its timeout of ' || timeout_ms / 1000 || ' s'
            WHERE environment = :e AND state = 'running' AND NOT cancel_requested
              AND started_at + timeout_ms * interval '1 millisecond' < :now
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
    for (String run : cancelled.keySet()) {
      int changed =
          handle
              .createUpdate(
                  """
                  UPDATE task_instance SET state = 'cancelled', ended_at = :now
                  WHERE run_id = :run AND state IN ('pending', 'retrying')
                  """)
              .bind("now", now)
              .bind("run", run)
              .execute();
      handle.execute("UPDATE run SET state = 'running' WHERE id = ? AND state = 'queued'", run);
      if (changed > 0) {
        events.add(new RunEvent(run, Optional.empty(), RunEvent.Kind.RUN));
      }
      endRun(handle, run, now, events);
    }
    return cancelled;
  }

  /** When the next retry is due. */
  Optional<Instant> nextRetry(Handle handle) {
    return handle
        .createQuery(
            """
            SELECT min(t.next_at) FROM task_instance t JOIN run r ON r.id = t.run_id
            WHERE r.environment = :e AND r.state = 'running' AND t.state = 'retrying'
            """)
        .bind("e", environment)
        .mapTo(Instant.class)
        .findOne();
  }

  /** Keeps the newest ended runs of each DAG. */
  void forgetOldRuns(Handle handle, int keep) {
    handle
        .createUpdate(
            """
            DELETE FROM run WHERE id IN (
              SELECT id FROM (
                SELECT id, row_number() OVER (PARTITION BY dag_id ORDER BY created_at DESC) AS place
                FROM run WHERE environment = :e AND ended_at IS NOT NULL) aged
              WHERE place > :keep)
            """)
        .bind("e", environment)
        .bind("keep", keep)
        .execute();
  }
}
