package io.ecluse.scheduler;

import io.ecluse.pipeline.Bundle;
import io.ecluse.pipeline.CronSchedule;
import io.ecluse.pipeline.Dag;
import io.ecluse.pipeline.Schedule;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
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

  /** Clocks of several machines differ by less. */
  private static final Duration AHEAD = Duration.ofMinutes(1);

  private final String environment;
  private final RunStore store;
  private final RunIds ids;
  private volatile Map<String, Scheduled> dags = Map.of();

  private record Scheduled(
      Dag dag, Schedule said, CronSchedule times, Set<String> keys, Optional<Bundle> bundle) {}

  /** When each DAG is due next, as far as it was asked: so that a look costs no query. */
  private Map<String, Optional<Instant>> due = new HashMap<>();

  private Map<String, Scheduled> dueFor = Map.of();

  /** When that was found out: after the clock was set back, it is found out anew. */
  private Instant dueSince = Instant.MIN;

  CronTrigger(String environment, RunStore store, RunIds ids) {
    this.environment = environment;
    this.store = store;
    this.ids = ids;
  }

  void use(Map<Dag, Set<String>> keysByDag, Optional<Bundle> bundle) {
    Map<String, Scheduled> scheduled = new TreeMap<>();
    keysByDag.forEach(
        (dag, keys) ->
            dag.schedule()
                .ifPresent(
                    s ->
                        scheduled.put(
                            dag.id(), new Scheduled(dag, s, new CronSchedule(s), keys, bundle))));
    dags = scheduled;
  }

  Optional<Instant> next(String dagId, Instant after) {
    return Optional.ofNullable(dags.get(dagId)).flatMap(s -> s.times().next(after));
  }

  /** Whether {@link #fire} may have something to do. Called by the thread that calls that. */
  boolean isDue(Instant now) {
    Map<String, Scheduled> current = dags;
    return dueFor != current
        || now.isBefore(dueSince)
        || !due.keySet().containsAll(current.keySet())
        || due.values().stream().flatMap(Optional::stream).anyMatch(t -> !t.isAfter(now));
  }

  void fire(Handle handle, Instant now, List<RunEvent> events) {
    Map<String, Scheduled> current = dags;
    if (dueFor != current) {
      forget(handle, dueFor.keySet(), current.keySet());
      due = new HashMap<>();
      dueFor = current;
    }
    if (now.isBefore(dueSince)) {
      due.clear();
    }
    dueSince = now;
    for (Map.Entry<String, Scheduled> entry : current.entrySet()) {
      Optional<Instant> known = due.get(entry.getKey());
      if (known == null || known.isPresent() && !known.get().isAfter(now)) {
        look(handle, entry.getValue(), now, events);
      }
    }
  }

  /** A schedule that was taken away and comes back begins anew, as one that was changed does. */
  private void forget(Handle handle, Set<String> before, Set<String> now) {
    Set<String> gone = new TreeSet<>(before);
    gone.removeAll(now);
    if (!gone.isEmpty()) {
      handle
          .createUpdate(
              "UPDATE schedule_state SET cron = '' WHERE environment = :e AND dag_id = ANY (:dags)")
          .bind("e", environment)
          .bindArray("dags", String.class, gone.toArray())
          .execute();
    }
  }

  private void look(Handle handle, Scheduled scheduled, Instant now, List<RunEvent> events) {
    String id = scheduled.dag().id();
    due.remove(id); // if this transaction fails, it is looked at again
    Optional<Instant> next = scheduled.times().next(last(handle, scheduled, now));
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
    RunRequest plain = new RunRequest(scheduled.dag(), Trigger.SCHEDULE, time, scheduled.keys());
    RunRequest request = scheduled.bundle().map(plain::reading).orElse(plain);
    if (store.insert(handle, id, request, now)) {
      LOG.info("Run {} is due by its schedule at {}", id, time);
      events.add(new RunEvent(id, Optional.empty(), RunEvent.Kind.RUN));
    } else {
      LOG.info("DAG {} has had its run of {} already", scheduled.dag().id(), time);
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

  private record Seen(Instant last, Optional<String> cron, Optional<String> zone) {}

  /**
   * The last scheduled time that was seen to. A DAG that is new begins now, not in the past; so
   * does one whose schedule was changed, and one that was seen to at a time which is yet to come,
   * since the clock was wrong then or is now.
   */
  private Instant last(Handle handle, Scheduled scheduled, Instant now) {
    String dag = scheduled.dag().id();
    int isNew =
        write(
            handle,
            scheduled,
            now,
            "INSERT INTO schedule_state (environment, dag_id, last_time, cron, timezone) VALUES (:e, :dag, :now, :cron, :zone) ON CONFLICT DO NOTHING");
    if (isNew == 1) {
      return now;
    }
    Seen seen = seen(handle, dag);
    boolean same =
        seen.cron().equals(Optional.of(scheduled.said().cron()))
            && seen.zone().equals(Optional.of(scheduled.said().zone().getId()));
    boolean isAhead = seen.last().isAfter(now.plus(AHEAD));
    if (isAhead) {
      LOG.warn(
          "DAG {} was seen to at {}, which is yet to come: the clock was set back; its schedule goes on from {}",
          dag,
          seen.last(),
          now);
    } else if (!same && seen.cron().isPresent()) {
      LOG.info("DAG {} has another schedule; its first time is the next after {}", dag, now);
    }
    boolean anew = isAhead || !same && seen.cron().isPresent();
    if (anew || !same) {
      write(
          handle,
          scheduled,
          anew ? now : seen.last(),
          "UPDATE schedule_state SET last_time = :now, cron = :cron, timezone = :zone WHERE environment = :e AND dag_id = :dag");
    }
    return anew ? now : seen.last();
  }

  private int write(Handle handle, Scheduled scheduled, Instant last, String sql) {
    return handle
        .createUpdate(sql)
        .bind("e", environment)
        .bind("dag", scheduled.dag().id())
        .bind("now", last)
        .bind("cron", scheduled.said().cron())
        .bind("zone", scheduled.said().zone().getId())
        .execute();
  }

  private Seen seen(Handle handle, String dag) {
    return handle
        .createQuery(
            "SELECT last_time, cron, timezone FROM schedule_state WHERE environment = :e AND dag_id = :dag")
        .bind("e", environment)
        .bind("dag", dag)
        .map(
            (rs, c) ->
                new Seen(
                    rs.getTimestamp(1).toInstant(),
                    Optional.ofNullable(rs.getString(2)),
                    Optional.ofNullable(rs.getString(3))))
        .one();
  }
}
