package io.ecluse.scheduler;

import io.ecluse.pipeline.CronSchedule;
import io.ecluse.pipeline.Dag;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jdbi.v3.core.Handle;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes the runs that are due by their DAGs' schedules. Of times that were missed, only the newest
 * is made up for. Two processes never make the same run, since the database keeps one a scheduled
 * time.
 */
final class CronTrigger {
  private static final Logger LOG = LoggerFactory.getLogger(CronTrigger.class);

  private final String environment;
  private final RunStore store;
  private final RunIds ids;
  private volatile Map<String, Scheduled> dags = Map.of();

  private record Scheduled(Dag dag, CronSchedule times, Set<String> keys) {}

  /** When each DAG is due next, as far as it was asked: so that a look costs no query. */
  private Map<String, Optional<Instant>> due = new HashMap<>();

  private Map<String, Scheduled> dueFor = Map.of();

  CronTrigger(String environment, RunStore store, RunIds ids) {
    this.environment = environment;
    this.store = store;
    this.ids = ids;
  }

  void use(Map<Dag, Set<String>> keysByDag) {
    Map<String, Scheduled> scheduled = new TreeMap<>();
    keysByDag.forEach(
        (dag, keys) ->
            dag.schedule()
                .ifPresent(
                    s -> scheduled.put(dag.id(), new Scheduled(dag, new CronSchedule(s), keys))));
    dags = scheduled;
  }

  Optional<Instant> next(String dagId, Instant after) {
    return Optional.ofNullable(dags.get(dagId)).flatMap(s -> s.times().next(after));
  }

  /** Whether {@link #fire} may have something to do. Called by the thread that calls that. */
  boolean isDue(Instant now) {
    Map<String, Scheduled> current = dags;
    return dueFor != current
        || !due.keySet().containsAll(current.keySet())
        || due.values().stream().flatMap(Optional::stream).anyMatch(t -> !t.isAfter(now));
  }

  void fire(Handle handle, Instant now, List<RunEvent> events) {
    Map<String, Scheduled> current = dags;
    if (dueFor != current) {
      due = new HashMap<>();
      dueFor = current;
    }
    for (Map.Entry<String, Scheduled> entry : current.entrySet()) {
      Optional<Instant> known = due.get(entry.getKey());
      if (known == null || known.isPresent() && !known.get().isAfter(now)) {
        look(handle, entry.getValue(), now, events);
      }
    }
  }

  private void look(Handle handle, Scheduled scheduled, Instant now, List<RunEvent> events) {
    String id = scheduled.dag().id();
    due.remove(id); // if this transaction fails, it is looked at again
    Optional<Instant> next = scheduled.times().next(last(handle, id, now));
    if (next.isEmpty() || next.get().isAfter(now)) {
      due.put(id, next);
      return;
    }
    Instant newest = scheduled.times().previous(now.plusMillis(1)).orElse(next.get());
    fire(handle, scheduled, newest, now, events);
  }

  private void fire(
      Handle handle, Scheduled scheduled, Instant time, Instant now, List<RunEvent> events) {
    String id = ids.next(scheduled.dag().id());
    RunRequest request = new RunRequest(scheduled.dag(), Trigger.SCHEDULE, time, scheduled.keys());
    if (store.insert(handle, id, request, now)) {
      LOG.info("Run {} is due by its schedule at {}", id, time);
      events.add(new RunEvent(id, Optional.empty(), RunEvent.Kind.RUN));
    }
    handle
        .createUpdate(
            """
            UPDATE schedule_state SET last_time = greatest(last_time, :time)
            WHERE environment = :e AND dag_id = :dag
            """)
        .bind("time", time)
        .bind("e", environment)
        .bind("dag", scheduled.dag().id())
        .execute();
  }

  /** The last scheduled time that was seen to; a DAG that is new begins now, not in the past. */
  private Instant last(Handle handle, String dagId, Instant now) {
    handle
        .createUpdate(
            "INSERT INTO schedule_state (environment, dag_id, last_time) VALUES (:e, :dag, :now) ON CONFLICT DO NOTHING")
        .bind("e", environment)
        .bind("dag", dagId)
        .bind("now", now)
        .execute();
    return handle
        .createQuery(
            "SELECT last_time FROM schedule_state WHERE environment = :e AND dag_id = :dag")
        .bind("e", environment)
        .bind("dag", dagId)
        .mapTo(Instant.class)
        .one();
  }
}
