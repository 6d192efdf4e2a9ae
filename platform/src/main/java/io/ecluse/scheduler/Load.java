package io.ecluse.scheduler;

import java.sql.Timestamp;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;

/**
 * How much there is to do in an environment, by whom, and how DAGs have fared: for those who watch.
 *
 * @param runs by state, of those that are kept
 * @param tasks by state, of runs that go on
 * @param ready by queue, tasks that wait for nothing but a place
 * @param oldest when the run was wanted that waits for longest
 * @param workers processes that run tasks
 * @param places how many tasks these may run at a time
 */
public record Load(
    Map<String, Long> runs,
    Map<String, Long> tasks,
    Map<String, Long> ready,
    Optional<Instant> oldest,
    int workers,
    int places,
    List<OfDag> dags) {
  private static final String READY =
      """
      task_instance t JOIN run r ON r.id = t.run_id
      WHERE r.environment = :e AND r.state = 'running' AND t.waiting_for = 0
        AND t.state IN ('pending', 'retrying') AND (t.next_at IS NULL OR t.next_at <= now())
      GROUP BY t.queue
      """;

  public Load {
    runs = Map.copyOf(runs);
    tasks = Map.copyOf(tasks);
    ready = Map.copyOf(ready);
    dags = List.copyOf(dags);
  }

  /**
   * How a DAG has fared.
   *
   * @param success when its last run that succeeded had ended
   * @param last how its last run has ended
   * @param seconds what that took
   */
  public record OfDag(String id, Optional<Instant> success, RunState last, double seconds) {}

  static Load read(Handle handle, String environment) {
    Workers.Alive alive = Workers.alive(handle, environment);
    return new Load(
        counts(handle, environment, "r.state", "run r WHERE r.environment = :e GROUP BY r.state"),
        counts(
            handle,
            environment,
            "t.state",
            "task_instance t JOIN run r ON r.id = t.run_id WHERE r.environment = :e AND r.state = 'running' GROUP BY t.state"),
        counts(handle, environment, "t.queue", READY),
        handle
            .createQuery(
                "SELECT min(created_at) FROM run WHERE environment = :e AND state = 'queued'")
            .bind("e", environment)
            .mapTo(Instant.class)
            .findOne(),
        alive.processes(),
        alive.places(),
        dags(handle, environment));
  }

  private static Map<String, Long> counts(
      Handle handle, String environment, String by, String from) {
    return handle
        .createQuery("SELECT %s, count(*) FROM %s".formatted(by, from))
        .bind("e", environment)
        .map((rs, c) -> Map.entry(rs.getString(1), rs.getLong(2)))
        .list()
        .stream()
        .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
  }

  private static List<OfDag> dags(Handle handle, String environment) {
    return handle
        .createQuery(
            """
            SELECT dag_id, max(ended_at) FILTER (WHERE state = 'success'),
              (array_agg(state ORDER BY ended_at DESC, id DESC))[1],
              extract(epoch FROM (array_agg(ended_at - coalesce(started_at, created_at) ORDER BY ended_at DESC, id DESC))[1])
            FROM run WHERE environment = :e AND ended_at IS NOT NULL GROUP BY dag_id ORDER BY dag_id
            """)
        .bind("e", environment)
        .map(
            (rs, c) ->
                new OfDag(
                    rs.getString(1),
                    Optional.ofNullable(rs.getTimestamp(2)).map(Timestamp::toInstant),
                    RunState.of(rs.getString(3)),
                    rs.getDouble(4)))
        .list();
  }
}
