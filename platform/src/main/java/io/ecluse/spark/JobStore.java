package io.ecluse.spark;

import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.mapper.RowMapper;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The jobs of one environment, in the metadata database: what any process that comes later needs to
 * go on with them. Every change names the state that it expects. Safe for use by several threads.
 */
final class JobStore {
  /** Where a request has snapshot properties for what the job commits. */
  static final String MARKS = "snapshot";

  private static final JsonMapper JSON = JsonMapper.shared();
  private static final int KEPT_DAYS = 30;
  private static final RowMapper<SparkJob> JOB =
      (row, context) ->
          new SparkJob(
              row.getString("id"),
              row.getString("cluster"),
              new SparkJob.Work(
                  row.getString("run_id"), row.getString("task_id"), row.getInt("attempt")),
              JSON.readTree(row.getString("request")).path("sql").asString(""),
              facts(Optional.of(JSON.readTree(row.getString("request")).path(MARKS))),
              SparkJob.State.valueOf(row.getString("state").toUpperCase(Locale.ROOT)),
              row.getBoolean("cancel_requested"),
              row.getInt("tries"),
              progress(json(row.getString("progress"))),
              Duration.between(row.getTimestamp("created_at").toInstant(), Instant.now()),
              facts(json(row.getString("facts"))),
              json(row.getString("result")));

  private final Jdbi jdbi;
  private final String environment;

  JobStore(Jdbi jdbi, String environment) {
    this.jdbi = jdbi;
    this.environment = environment;
  }

  private static Optional<JsonNode> json(String text) {
    return Optional.ofNullable(text).map(JSON::readTree);
  }

  private static SparkJob.Progress progress(Optional<JsonNode> told) {
    return told.map(
            p ->
                p.path("tasks").asLong(0) > 0
                    ? new SparkJob.Progress(
                        p.path("tasksDone").asLong(0), p.path("tasks").asLong(0))
                    : new SparkJob.Progress(
                        p.path("stagesDone").asLong(0), p.path("stages").asLong(0)))
        .orElse(new SparkJob.Progress(0, 0));
  }

  private static Map<String, String> facts(Optional<JsonNode> told) {
    Map<String, String> facts = new LinkedHashMap<>();
    told.ifPresent(
        all -> all.properties().forEach(e -> facts.put(e.getKey(), e.getValue().asString(""))));
    return facts;
  }

  /** Leaves a job for whichever application takes it. */
  void queue(String id, String cluster, SparkJob.Work work, JsonNode request) {
    jdbi.useHandle(
        h -> {
          h.createUpdate(
                  """
                  INSERT INTO engine_job (id, environment, cluster, run_id, task_id, attempt, request, state)
                  VALUES (:id, :e, :cluster, :run, :task, :attempt, :request::jsonb, 'queued')
                  """)
              .bind("id", id)
              .bind("e", environment)
              .bind("cluster", cluster)
              .bind("run", work.runId())
              .bind("task", work.taskId())
              .bind("attempt", work.attempt())
              .bind("request", request.toString())
              .execute();
          h.execute(
              "DELETE FROM engine_job WHERE environment = ? AND created_at < now() - make_interval(days => ?)",
              environment,
              KEPT_DAYS);
          h.execute(
              "DELETE FROM engine_job_moment m USING engine_job j WHERE j.id = m.job AND j.state NOT IN ('queued', 'running')");
        });
  }

  /** Ends what earlier attempts of a task have left: nobody waits for it, and it writes no more. */
  void supersede(String runId, String taskId) {
    jdbi.useHandle(
        h ->
            h.execute(
                """
                UPDATE engine_job SET state = 'cancelled', cancel_requested = true
                WHERE run_id = ? AND task_id = ? AND state IN ('queued', 'running')
                """,
                runId,
                taskId));
  }

  /**
   * What is left of the very same work of a task: it goes on, or is over and only this attempt, if
   * any, has heard of it.
   */
  Optional<SparkJob> left(SparkJob.Work work, JsonNode request) {
    return jdbi.withHandle(
        h ->
            h.createQuery(
                    """
                    SELECT * FROM engine_job WHERE environment = :e AND run_id = :run AND task_id = :task
                      AND NOT cancel_requested AND (state IN ('queued', 'running')
                        OR state = 'done' AND NOT heard OR state IN ('done', 'failed') AND attempt = :attempt)
                      AND request = :request::jsonb
                    ORDER BY created_at DESC LIMIT 1
                    """)
                .bind("e", environment)
                .bind("run", work.runId())
                .bind("task", work.taskId())
                .bind("attempt", work.attempt())
                .bind("request", request.toString())
                .map(JOB)
                .findOne());
  }

  /** Whoever waited for the job has its result. */
  void heard(String id) {
    jdbi.useHandle(h -> h.execute("UPDATE engine_job SET heard = true WHERE id = ?", id));
  }

  /** The job goes on for this attempt, be it the one that began it or another. */
  void adopt(String id, int attempt) {
    jdbi.useHandle(h -> h.execute("UPDATE engine_job SET attempt = ? WHERE id = ?", attempt, id));
  }

  Optional<SparkJob> find(String id) {
    return jdbi.withHandle(
        h ->
            h.createQuery("SELECT * FROM engine_job WHERE id = :id AND environment = :e")
                .bind("id", id)
                .bind("e", environment)
                .map(JOB)
                .findOne());
  }

  /** The job whose application has this token, while it has it. */
  Optional<SparkJob> withToken(String hash) {
    return jdbi.withHandle(
        h ->
            h.createQuery("SELECT * FROM engine_job WHERE token_hash = :hash AND environment = :e")
                .bind("hash", hash)
                .bind("e", environment)
                .map(JOB)
                .findOne());
  }

  /** Gives the oldest job that waits to an application. */
  Optional<Taken> take(String cluster, String session, String tokenHash) {
    return jdbi.withHandle(
        h ->
            h.createQuery(
                    """
                    UPDATE engine_job SET state = 'running', session = :session, token_hash = :hash,
                      seen_at = now(), tries = tries + 1
                    WHERE id = (SELECT id FROM engine_job
                      WHERE environment = :e AND cluster = :cluster AND state = 'queued'
                      ORDER BY created_at, id LIMIT 1 FOR UPDATE SKIP LOCKED)
                    RETURNING id, run_id, request
                    """)
                .bind("session", session)
                .bind("hash", tokenHash)
                .bind("e", environment)
                .bind("cluster", cluster)
                .map(
                    (row, c) ->
                        new Taken(
                            row.getString(1), row.getString(2), JSON.readTree(row.getString(3))))
                .findOne());
  }

  /**
   * What a job sees of what is published: the same for each that asks, until it is begun anew.
   *
   * @param now JSON of what it sees if nobody has asked before
   */
  String moment(String id, Supplier<String> now) {
    String seen = "SELECT content FROM engine_job_moment WHERE job = ?";
    return jdbi.withHandle(h -> h.select(seen, id).mapTo(String.class).findOne())
        .orElseGet(
            () -> {
              String content = now.get();
              return jdbi.withHandle(
                  h -> {
                    h.execute(
                        "INSERT INTO engine_job_moment (job, content) VALUES (?, ?::jsonb) ON CONFLICT DO NOTHING",
                        id,
                        content);
                    return h.select(seen, id).mapTo(String.class).one();
                  });
            });
  }

  /** What an application is given. */
  record Taken(String id, String runId, JsonNode request) {}

  /** Whether any job waits, or is worked on. */
  boolean isOpen(String cluster) {
    return jdbi.withHandle(
        h ->
            h.createQuery(
                    "SELECT EXISTS (SELECT 1 FROM engine_job WHERE environment = :e AND cluster = :c AND state IN ('queued', 'running'))")
                .bind("e", environment)
                .bind("c", cluster)
                .mapTo(Boolean.class)
                .one());
  }

  /** Keeps what an application tells of a job, and says that it is alive. */
  void tell(String id, List<String> lines, Optional<JsonNode> progress, Optional<JsonNode> facts) {
    jdbi.useTransaction(
        h -> {
          h.createUpdate(
                  """
                  UPDATE engine_job SET seen_at = now(), progress = coalesce(:progress::jsonb, progress),
                    facts = coalesce(facts, '{}'::jsonb) || coalesce(:facts::jsonb, '{}'::jsonb) WHERE id = :id
                  """)
              .bind("progress", progress.map(JsonNode::toString).orElse(null))
              .bind("facts", facts.map(JsonNode::toString).orElse(null))
              .bind("id", id)
              .execute();
          addLines(h, id, lines);
        });
  }

  private static void addLines(Handle handle, String id, List<String> lines) {
    lines.forEach(
        line ->
            handle.execute(
                "INSERT INTO engine_job_line (job, text) VALUES (?, ?)",
                id,
                line.replace('\0', '\uFFFD')));
  }

  /** Ends a job that is worked on; of one that has ended already, nothing changes. */
  void end(String id, SparkJob.State state, JsonNode result) {
    jdbi.useHandle(
        h ->
            h.execute(
                """
                UPDATE engine_job SET state = ?, result = ?::jsonb, seen_at = now()
                WHERE id = ? AND state IN ('queued', 'running')
                """,
                state.name().toLowerCase(Locale.ROOT),
                result.toString(),
                id));
  }

  /** Has the application told that nobody wants the job; one that none has taken ends at once. */
  void cancel(String id) {
    jdbi.useHandle(
        h ->
            h.execute(
                """
                UPDATE engine_job SET cancel_requested = true,
                  state = CASE WHEN state = 'queued' THEN 'cancelled' ELSE state END
                WHERE id = ? AND state IN ('queued', 'running')
                """,
                id));
  }

  /** The jobs that an application was working on. */
  List<SparkJob> of(String session) {
    return jdbi.withHandle(
        h ->
            h.createQuery("SELECT * FROM engine_job WHERE session = :session AND state = 'running'")
                .bind("session", session)
                .map(JOB)
                .list());
  }

  /** The jobs that no application has taken. */
  List<SparkJob> waiting(String cluster) {
    return jdbi.withHandle(
        h ->
            h.createQuery(
                    "SELECT * FROM engine_job WHERE environment = :e AND cluster = :c AND state = 'queued'")
                .bind("e", environment)
                .bind("c", cluster)
                .map(JOB)
                .list());
  }

  /** Has a job begun anew whose application is gone; what that still does, it does in vain. */
  void again(String id, String line) {
    jdbi.useTransaction(
        h -> {
          int changed =
              h.execute(
                  """
                  UPDATE engine_job SET state = CASE WHEN cancel_requested THEN 'cancelled' ELSE 'queued' END,
                    session = NULL, token_hash = NULL, progress = NULL
                  WHERE id = ? AND state = 'running'
                  """,
                  id);
          if (changed > 0) {
            h.execute("DELETE FROM engine_job_moment WHERE job = ?", id);
            addLines(h, id, List.of(line));
          }
        });
  }

  /** What an application has said and nobody has read yet; it is read once. */
  List<String> lines(String id) {
    return jdbi.withHandle(
        h ->
            h.createQuery(
                    """
                    WITH read AS (DELETE FROM engine_job_line WHERE job = :id RETURNING n, text)
                    SELECT text FROM read ORDER BY n
                    """)
                .bind("id", id)
                .mapTo(String.class)
                .list());
  }
}
