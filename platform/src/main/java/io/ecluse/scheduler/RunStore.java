package io.ecluse.scheduler;

import io.ecluse.pipeline.Bundle;
import io.ecluse.pipeline.Dag;
import io.ecluse.pipeline.DagJson;
import io.ecluse.pipeline.Task;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.PreparedBatch;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Rows of runs, tasks and attempts. Every method works in the transaction of its handle. */
record RunStore(String environment) {
  private static final String RUN_COLUMNS =
      "id, dag_id, environment, state, trigger, logical_time, created_at, started_at, ended_at, params, waits_for, error";
  private static final String TASK_COLUMNS =
      "run_id, task_id, kind, upstream, state, attempt, max_attempts, started_at, ended_at, next_at, rows, bytes, progress_done, progress_total, error, facts";

  /** False if a run of this scheduled time is there already. */
  boolean insert(Handle handle, String id, RunRequest request, Instant now) {
    Dag dag = request.dag();
    request.bundle().ifPresent(b -> Bundles.keep(handle, b, now));
    int inserted =
        handle
            .createUpdate(
                """
                INSERT INTO run (id, dag_id, environment, state, trigger, logical_time, created_at, dag,
                                 max_parallel, timeout_ms, exclusive_keys, params, bundle)
                VALUES (:id, :dagId, :environment, 'queued', :trigger, :logical, :now, :dag, :parallel,
                        :timeout, :keys, :params, :bundle)
                ON CONFLICT DO NOTHING
                """)
            .bind("id", id)
            .bind("dagId", dag.id())
            .bind("environment", environment)
            .bind("trigger", request.trigger().text())
            .bind("logical", request.logicalTime())
            .bind("now", now)
            .bind("dag", DagJson.write(dag))
            .bind("parallel", dag.limits().maxParallelTasks())
            .bind("timeout", dag.limits().timeout().toMillis())
            .bindArray("keys", String.class, request.exclusiveKeys().toArray())
            .bind("params", JsonMapper.shared().writeValueAsString(request.params()))
            .bindByType("bundle", request.bundle().map(Bundle::hash).orElse(null), String.class)
            .execute();
    if (inserted == 0) {
      return false;
    }
    PreparedBatch batch =
        handle.prepareBatch(
            """
            INSERT INTO task_instance
              (run_id, task_id, ordinal, kind, upstream, state, waiting_for, max_attempts, queue)
            VALUES (:run, :task, :ordinal, :kind, :upstream, 'pending', :waiting, :attempts, :queue)
            """);
    int ordinal = 0;
    for (Task task : dag.tasks()) {
      batch
          .bind("run", id)
          .bind("task", task.id())
          .bind("ordinal", ordinal++)
          .bind("kind", task.work().kind())
          .bindArray("upstream", String.class, task.upstream().toArray())
          .bind("waiting", task.upstream().size())
          .bind("attempts", task.retry().maxAttempts())
          .bind("queue", task.queue())
          .add();
    }
    if (!dag.tasks().isEmpty()) {
      batch.execute();
    }
    return true;
  }

  Optional<Run> find(Handle handle, String id) {
    return handle
        .createQuery("SELECT " + RUN_COLUMNS + " FROM run WHERE id = :id AND environment = :e")
        .bind("id", id)
        .bind("e", environment)
        .map((rs, c) -> run(rs))
        .findOne();
  }

  List<Run> list(
      Handle handle,
      Optional<String> dag,
      Optional<RunState> state,
      int limit,
      Optional<String> before) {
    return handle
        .createQuery(
            "SELECT "
                + RUN_COLUMNS
                + """
                 FROM run WHERE environment = :e
                  AND (:dag::text IS NULL OR dag_id = :dag)
                  AND (:state::text IS NULL OR state = :state)
                  AND (:before::text IS NULL OR (created_at, id) < (SELECT created_at, id FROM run WHERE id = :before))
                ORDER BY created_at DESC, id DESC LIMIT :limit
                """)
        .bind("e", environment)
        .bindByType("dag", dag.orElse(null), String.class)
        .bindByType("state", state.map(RunState::text).orElse(null), String.class)
        .bindByType("before", before.orElse(null), String.class)
        .bind("limit", limit)
        .map((rs, c) -> run(rs))
        .list();
  }

  /** The times after one for which a DAG's schedule has made runs already. */
  Set<Instant> scheduledAfter(Handle handle, String dag, Instant after) {
    return new HashSet<>(
        handle
            .createQuery(
                """
                SELECT logical_time FROM run WHERE environment = :e AND dag_id = :dag
                  AND trigger = 'schedule' AND logical_time > :after ORDER BY logical_time LIMIT 1000
                """)
            .bind("e", environment)
            .bind("dag", dag)
            .bind("after", after)
            .mapTo(Instant.class)
            .list());
  }

  Optional<Dag> dag(Handle handle, String runId) {
    return handle
        .createQuery("SELECT dag FROM run WHERE id = :id")
        .bind("id", runId)
        .mapTo(String.class)
        .findOne()
        .map(DagJson::read);
  }

  List<TaskState> tasks(Handle handle, String runId) {
    return handle
        .createQuery(
            "SELECT " + TASK_COLUMNS + " FROM task_instance WHERE run_id = :run ORDER BY ordinal")
        .bind("run", runId)
        .map((rs, c) -> task(rs))
        .list();
  }

  /** The last of each program of each DAG whose run succeeded. */
  List<LastProgram> programs(Handle handle) {
    return handle
        .createQuery(
            """
            SELECT DISTINCT ON (r.dag_id, t.task_id) r.dag_id, t.task_id, t.run_id, t.facts
            FROM task_instance t JOIN run r ON r.id = t.run_id
            WHERE t.kind = 'spark' AND t.state = 'success' AND r.state = 'success' AND r.environment = :environment
            ORDER BY r.dag_id, t.task_id, r.created_at DESC
            """)
        .bind("environment", environment)
        .map(
            (rs, c) ->
                new LastProgram(
                    rs.getString(1), rs.getString(2), rs.getString(3), facts(rs.getString(4))))
        .list();
  }

  Optional<TaskState> task(Handle handle, String runId, String taskId) {
    return handle
        .createQuery(
            "SELECT "
                + TASK_COLUMNS
                + " FROM task_instance WHERE run_id = :run AND task_id = :task")
        .bind("run", runId)
        .bind("task", taskId)
        .map((rs, c) -> task(rs))
        .findOne();
  }

  List<AttemptState> attempts(Handle handle, String runId, String taskId) {
    return attempts(handle, runId).getOrDefault(taskId, List.of());
  }

  /** All of a run, by task. */
  Map<String, List<AttemptState>> attempts(Handle handle, String runId) {
    Map<String, List<AttemptState>> attempts = new LinkedHashMap<>();
    handle
        .createQuery(
            """
            SELECT task_id, attempt, state, started_at, ended_at, error FROM attempt
            WHERE run_id = :run ORDER BY task_id, attempt
            """)
        .bind("run", runId)
        .map(
            (rs, c) ->
                Map.entry(
                    rs.getString(1),
                    new AttemptState(
                        rs.getInt(2),
                        rs.getString(3),
                        rs.getTimestamp(4).toInstant(),
                        time(rs, "ended_at"),
                        Optional.ofNullable(rs.getString(6)))))
        .forEach(
            found ->
                attempts
                    .computeIfAbsent(found.getKey(), task -> new ArrayList<>())
                    .add(found.getValue()));
    return attempts;
  }

  /** Nobody else changes the run's row until the transaction ends. */
  void lock(Handle handle, String runId) {
    handle.execute("SELECT 1 FROM run WHERE id = ? FOR UPDATE", runId);
  }

  /** Makes tasks wait again, and the run with them; never one that runs. */
  void reset(Handle handle, String runId, Dag dag, List<String> tasks) {
    Map<String, Task> byId = new LinkedHashMap<>();
    dag.tasks().forEach(t -> byId.put(t.id(), t));
    List<String> waiting = new ArrayList<>(tasks);
    for (String id : tasks) {
      Task task = byId.get(id);
      long upstream = task == null ? 0 : task.upstream().stream().filter(waiting::contains).count();
      handle
          .createUpdate(
              """
              UPDATE task_instance SET state = 'pending', failures = 0, waiting_for = :waiting,
                next_at = NULL, worker_id = NULL, error = NULL, started_at = NULL, ended_at = NULL,
                handle = NULL, deadline = NULL,
                progress_done = NULL, progress_total = NULL
              WHERE run_id = :run AND task_id = :task AND state <> 'running'
              """)
          .bind("waiting", upstream)
          .bind("run", runId)
          .bind("task", id)
          .execute();
    }
    handle.execute(
        "UPDATE run SET state = 'queued', ended_at = NULL, deadline = NULL, error = NULL, cancel_requested = false WHERE id = ?",
        runId);
  }

  private static Run run(ResultSet rs) throws SQLException {
    return new Run(
        rs.getString("id"),
        rs.getString("dag_id"),
        rs.getString("environment"),
        RunState.of(rs.getString("state")),
        Trigger.of(rs.getString("trigger")),
        rs.getTimestamp("logical_time").toInstant(),
        rs.getTimestamp("created_at").toInstant(),
        time(rs, "started_at"),
        time(rs, "ended_at"),
        facts(rs.getString("params")),
        Optional.ofNullable(rs.getString("waits_for")),
        Optional.ofNullable(rs.getString("error")));
  }

  private static TaskState task(ResultSet rs) throws SQLException {
    long done = rs.getLong("progress_done");
    Optional<TaskState.Progress> progress =
        rs.wasNull()
            ? Optional.empty()
            : Optional.of(new TaskState.Progress(done, rs.getLong("progress_total")));
    return new TaskState(
        rs.getString("run_id"),
        rs.getString("task_id"),
        rs.getString("kind"),
        List.of((String[]) rs.getArray("upstream").getArray()),
        TaskProgress.of(rs.getString("state")),
        rs.getInt("attempt"),
        rs.getInt("max_attempts"),
        time(rs, "started_at"),
        time(rs, "ended_at"),
        time(rs, "next_at"),
        rs.getLong("rows"),
        rs.getLong("bytes"),
        progress,
        Optional.ofNullable(rs.getString("error")),
        facts(rs.getString("facts")));
  }

  static Map<String, String> facts(String text) {
    Map<String, String> facts = new LinkedHashMap<>();
    for (Map.Entry<String, JsonNode> fact : JsonMapper.shared().readTree(text).properties()) {
      facts.put(fact.getKey(), fact.getValue().asString());
    }
    return facts;
  }

  private static Optional<Instant> time(ResultSet rs, String column) throws SQLException {
    Timestamp time = rs.getTimestamp(column);
    return Optional.ofNullable(time).map(Timestamp::toInstant);
  }
}
