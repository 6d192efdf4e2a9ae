package io.ecluse.scheduler;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BiFunction;
import org.jdbi.v3.core.Handle;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.json.JsonMapper;

/**
 * What follows from the ends of attempts. Works in the transaction of its handle; the dispatcher
 * holds a lock there, so one process at a time decides for an environment. Everything is done for
 * all at once: a statement for a thousand tasks costs little more than one for one.
 */
record Transitions(String environment, BiFunction<Handle, String, RunGraph> graphs) {
  private static final Logger LOG = LoggerFactory.getLogger(Transitions.class);

  /**
   * One decider at a time, until the transaction ends. Plans that were made when a table was empty
   * would read all of it when it is big, and bitmap scans never clear an index of dead rows, so the
   * planner is left with nothing but index scans and nested loops, which all statements here want.
   */
  void lock(Handle handle) {
    handle
        .createQuery(
            """
            SELECT set_config('enable_seqscan', 'off', true), set_config('enable_bitmapscan', 'off', true),
              set_config('enable_hashjoin', 'off', true), set_config('enable_mergejoin', 'off', true),
              pg_advisory_xact_lock(hashtext('ecluse scheduler ' || :e))::text
            """)
        .bind("e", environment)
        .mapTo(String.class)
        .one();
  }

  /** Writes down how attempts ended, and what follows from it. */
  void end(Handle handle, List<Outcome> outcomes, Instant now, List<RunEvent> events) {
    if (outcomes.isEmpty()) {
      return;
    }
    List<Ending> endings = outcomes.stream().map(o -> Ending.of(o, now)).toList();
    List<Ending> ours = write(handle, endings, now);
    Map<String, Map<String, Integer>> fulfilled = new TreeMap<>();
    Set<String> touched = new TreeSet<>();
    for (Ending ending : ours) {
      RunningTask.Claim claim = ending.claim();
      events.add(new RunEvent(claim.runId(), Optional.of(claim.task().id()), RunEvent.Kind.TASK));
      ending.log();
      RunGraph graph = graphs.apply(handle, claim.runId());
      if (ending.state().isGood()) {
        Map<String, Integer> counts =
            fulfilled.computeIfAbsent(claim.runId(), k -> new TreeMap<>());
        graph.dependants(claim.task().id()).forEach(d -> counts.merge(d, 1, Integer::sum));
      } else if (ending.state() == TaskProgress.FAILED) {
        failDescendants(handle, claim, graph, events);
      }
      touched.add(claim.runId());
    }
    fulfil(handle, fulfilled);
    endRuns(handle, touched, now, events);
  }

  /** Returns those that were ours still; what was taken from us meanwhile is left alone. */
  private static List<Ending> write(Handle handle, List<Ending> endings, Instant now) {
    Map<List<Object>, Ending> open = new HashMap<>();
    endings.forEach(e -> open.put(e.claim().key(), e));
    List<Ending> ours = new ArrayList<>();
    handle
        .createQuery(
            """
            WITH done AS (
              SELECT * FROM unnest(:runs, :tasks, :attempts, :workers, :states, :tries, :nexts::timestamptz[],
                  :handles, :timeouts, :errors, :failures, :rows, :bytes, :facts)
                AS d (run, task, attempt, worker, state, try, next, handle, timeout, error, failures, rows, bytes, facts)
            ), changed AS (
              UPDATE task_instance t SET state = d.state, ended_at = :now, rows = d.rows,
                bytes = d.bytes, error = nullif(d.error, ''), facts = d.facts, failures = d.failures,
                worker_id = NULL, handle = d.handle, next_at = CASE WHEN d.state = 'waiting'
                  THEN least(d.next, coalesce(t.deadline, t.started_at + d.timeout * interval '1 millisecond'))
                  ELSE d.next END,
                deadline = CASE WHEN d.state = 'waiting'
                  THEN coalesce(t.deadline, t.started_at + d.timeout * interval '1 millisecond') END
              FROM done d
              WHERE t.run_id = d.run AND t.task_id = d.task AND t.state = 'running'
                AND t.attempt = d.attempt AND t.worker_id = d.worker
              RETURNING d.run, d.task, d.attempt, d.try, d.error
            )
            UPDATE attempt a SET state = c.try, ended_at = :now, error = nullif(c.error, '')
            FROM changed c
            WHERE a.run_id = c.run AND a.task_id = c.task AND a.attempt = c.attempt AND a.state = 'running'
            RETURNING a.run_id, a.task_id, a.attempt
            """)
        .bind("now", now)
        .bindArray("runs", String.class, endings.stream().map(e -> e.claim().runId()).toArray())
        .bindArray(
            "tasks", String.class, endings.stream().map(e -> e.claim().task().id()).toArray())
        .bindArray(
            "attempts", Integer.class, endings.stream().map(e -> e.claim().attempt()).toArray())
        .bindArray(
            "workers", Integer.class, endings.stream().map(e -> e.claim().workerId()).toArray())
        .bindArray("states", String.class, endings.stream().map(e -> e.state().text()).toArray())
        .bindArray("tries", String.class, endings.stream().map(Ending::attemptState).toArray())
        .bindArray(
            "nexts",
            String.class,
            endings.stream().map(e -> e.next().map(Instant::toString).orElse(null)).toArray())
        .bindArray(
            "handles", String.class, endings.stream().map(e -> e.handle().orElse(null)).toArray())
        .bindArray(
            "timeouts",
            Long.class,
            endings.stream().map(e -> e.claim().task().timeout().toMillis()).toArray())
        .bindArray("errors", String.class, endings.stream().map(Ending::error).toArray())
        .bindArray("failures", Integer.class, endings.stream().map(Ending::failures).toArray())
        .bindArray("rows", Long.class, endings.stream().map(e -> e.told().rows()).toArray())
        .bindArray("bytes", Long.class, endings.stream().map(e -> e.told().bytes()).toArray())
        .bindArray("facts", String.class, endings.stream().map(e -> json(e.told())).toArray())
        .map((rs, c) -> List.<Object>of(rs.getString(1), rs.getString(2), rs.getInt(3)))
        .forEach(key -> Optional.ofNullable(open.remove(key)).ifPresent(ours::add));
    for (Ending lost : open.values()) {
      LOG.warn(
          "Run {} task {} attempt {} ended here, but another attempt has taken its place; its outcome is dropped",
          lost.claim().runId(),
          lost.claim().task().id(),
          lost.claim().attempt());
    }
    return ours;
  }

  private static String json(TaskResult.Done result) {
    return JsonMapper.shared().writeValueAsString(result.facts());
  }

  /**
   * An array in the condition, not a join: it is looked up in the index whatever the planner knows.
   */
  private static void fulfil(Handle handle, Map<String, Map<String, Integer>> fulfilled) {
    record Group(String run, int count) {}
    Map<Group, List<String>> groups = new LinkedHashMap<>();
    fulfilled.forEach(
        (run, counts) ->
            counts.forEach(
                (task, count) ->
                    groups
                        .computeIfAbsent(new Group(run, count), k -> new ArrayList<>())
                        .add(task)));
    groups.forEach(
        (group, tasks) ->
            handle
                .createUpdate(
                    """
                    UPDATE task_instance SET waiting_for = waiting_for - :n
                    WHERE run_id = :run AND task_id = ANY (:tasks) AND state = 'pending'
                    """)
                .bind("n", group.count())
                .bind("run", group.run())
                .bindArray("tasks", String.class, tasks.toArray())
                .execute());
  }

  private static void failDescendants(
      Handle handle, RunningTask.Claim claim, RunGraph graph, List<RunEvent> events) {
    handle
        .createQuery(
            """
            UPDATE task_instance SET state = 'upstream_failed', error = :error
            WHERE run_id = :run AND task_id = ANY (:tasks) AND state = 'pending' RETURNING task_id
            """)
        .bind("error", "Not run: task " + claim.task().id() + " failed")
        .bind("run", claim.runId())
        .bindArray("tasks", String.class, graph.descendants(claim.task().id()).toArray())
        .mapTo(String.class)
        .forEach(d -> events.add(new RunEvent(claim.runId(), Optional.of(d), RunEvent.Kind.TASK)));
  }

  /** Ends those of the runs whose tasks have all ended. */
  static void endRuns(
      Handle handle, Collection<String> runIds, Instant now, List<RunEvent> events) {
    List<String> over =
        runIds.isEmpty()
            ? List.of()
            : handle
                .createQuery(
                    """
                    SELECT r.id FROM unnest(:runs) AS r (id) WHERE NOT EXISTS (
                      SELECT 1 FROM task_instance t
                      WHERE t.run_id = r.id AND t.state IN ('pending', 'running', 'retrying', 'waiting'))
                    """)
                .bindArray("runs", String.class, new HashSet<>(runIds).toArray())
                .mapTo(String.class)
                .list();
    over.forEach(run -> endRun(handle, run, now, events));
  }

  private static void endRun(Handle handle, String runId, Instant now, List<RunEvent> events) {
    handle
        .createQuery(
            """
            UPDATE run r SET ended_at = :now, waits_for = NULL,
              state = CASE WHEN t.failed = 0 AND t.cancelled = 0 THEN 'success'
                           WHEN r.error IS NULL AND r.cancel_requested THEN 'cancelled'
                           ELSE 'failed' END,
              error = CASE WHEN t.failed = 0 AND t.cancelled = 0 THEN NULL ELSE coalesce(r.error, t.error) END
            FROM (SELECT count(*) FILTER (WHERE state IN ('failed', 'upstream_failed')) AS failed,
                         count(*) FILTER (WHERE state = 'cancelled') AS cancelled,
                         (array_agg(task_id || ': ' || error ORDER BY ended_at)
                           FILTER (WHERE state = 'failed'))[1] AS error
                  FROM task_instance WHERE run_id = :run) t
            WHERE r.id = :run AND r.state IN ('queued', 'running') RETURNING r.state
            """)
        .bind("now", now)
        .bind("run", runId)
        .mapTo(String.class)
        .forEach(
            state -> {
              LOG.info("Run {} ended: {}", runId, state);
              events.add(new RunEvent(runId, Optional.empty(), RunEvent.Kind.RUN));
            });
  }
}
