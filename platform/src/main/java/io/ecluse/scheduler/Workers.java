package io.ecluse.scheduler;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jdbi.v3.core.Handle;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which processes run tasks. A process holds an advisory lock, in a session of its own, as long as
 * it lives: PostgreSQL lets go of it the moment the process dies, so nobody waits for a time-out.
 */
final class Workers {
  private static final Logger LOG = LoggerFactory.getLogger(Workers.class);

  /** The first half of the locks' key: nobody else's locks begin with it. */
  private static final int LOCK_CLASS = 0x45434c53;

  private static final String HELD =
      """
      EXISTS (SELECT 1 FROM pg_locks l WHERE l.locktype = 'advisory' AND l.classid = :class
        AND l.objid = w.id AND l.granted
        AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database()))
      """;

  private Workers() {}

  /** Registers this process and takes its lock in the given session. Returns the worker's id. */
  static int register(Connection session, String environment, int slots, Instant now)
      throws SQLException {
    try (PreparedStatement insert =
        session.prepareStatement(
            "INSERT INTO worker (environment, process, slots, started_at) VALUES (?, ?, ?, ?) RETURNING id, pg_advisory_lock("
                + LOCK_CLASS
                + ", id)")) {
      insert.setString(1, environment);
      insert.setString(2, String.valueOf(ProcessHandle.current().pid()));
      insert.setInt(3, slots);
      insert.setTimestamp(4, Timestamp.from(now));
      try (ResultSet rows = insert.executeQuery()) {
        rows.next();
        return rows.getInt(1);
      }
    }
  }

  /** As {@link #anyAlive(Handle, String)}, for who has a connection of its own. */
  static boolean anyAlive(Connection session, String environment) throws SQLException {
    try (PreparedStatement query =
        session.prepareStatement(
            "SELECT EXISTS (SELECT 1 FROM worker w WHERE w.environment = ? AND "
                + HELD.replace(":class", String.valueOf(LOCK_CLASS))
                + ")")) {
      query.setString(1, environment);
      try (ResultSet rows = query.executeQuery()) {
        rows.next();
        return rows.getBoolean(1);
      }
    }
  }

  /** Whether any process that runs tasks is alive. */
  static boolean anyAlive(Handle handle, String environment) {
    return handle
        .createQuery(
            "SELECT EXISTS (SELECT 1 FROM worker w WHERE w.environment = :e AND " + HELD + ")")
        .bind("class", LOCK_CLASS)
        .bind("e", environment)
        .mapTo(Boolean.class)
        .one();
  }

  /**
   * Processes that run tasks and are alive.
   *
   * @param places how many tasks they may run at a time, all together
   */
  record Alive(int processes, int places) {}

  static Alive alive(Handle handle, String environment) {
    return handle
        .createQuery(
            "SELECT count(*), coalesce(sum(w.slots), 0) FROM worker w WHERE w.environment = :e AND "
                + HELD)
        .bind("class", LOCK_CLASS)
        .bind("e", environment)
        .map((rs, c) -> new Alive(rs.getInt(1), rs.getInt(2)))
        .one();
  }

  /** Whether another process than this is registered but gone. */
  static boolean anyDead(Handle handle, String environment, int self) {
    return handle
        .createQuery(
            "SELECT EXISTS (SELECT 1 FROM worker w WHERE w.environment = :e AND w.id <> :self AND NOT "
                + HELD
                + ")")
        .bind("class", LOCK_CLASS)
        .bind("e", environment)
        .bind("self", self)
        .mapTo(Boolean.class)
        .one();
  }

  /**
   * Takes back what dead processes were running: their tasks wait again, and the try does not
   * count.
   */
  static void recover(
      Handle handle, String environment, int self, Instant now, List<RunEvent> events) {
    List<Integer> others =
        handle
            .createQuery("SELECT id FROM worker WHERE environment = :e AND id <> :self ORDER BY id")
            .bind("e", environment)
            .bind("self", self)
            .mapTo(Integer.class)
            .list();
    for (int worker : others) {
      boolean dead =
          handle
              .createQuery("SELECT pg_try_advisory_xact_lock(:class, :id)")
              .bind("class", LOCK_CLASS)
              .bind("id", worker)
              .mapTo(Boolean.class)
              .one();
      if (dead) {
        takeBack(handle, worker, now, events);
        handle.execute("DELETE FROM worker WHERE id = ?", worker);
      }
    }
  }

  /**
   * Takes back what this process is said to run, but does not: a claim that was written down, but
   * whose confirmation was lost with the connection.
   */
  static void disown(
      Handle handle, int self, Set<List<Object>> known, Instant now, List<RunEvent> events) {
    record Said(String run, String task, int attempt) {}
    List<Said> said =
        handle
            .createQuery(
                "SELECT run_id, task_id, attempt FROM task_instance WHERE worker_id = :self AND state = 'running'")
            .bind("self", self)
            .map((rs, c) -> new Said(rs.getString(1), rs.getString(2), rs.getInt(3)))
            .list();
    for (Said task : said) {
      if (!known.contains(List.of(task.run(), task.task(), task.attempt()))) {
        handle.execute(
            "UPDATE task_instance SET state = 'pending', worker_id = NULL, deadline = NULL WHERE run_id = ? AND task_id = ?",
            task.run(),
            task.task());
        handle
            .createUpdate(
                """
                UPDATE attempt SET state = 'lost', ended_at = :now, error = 'Lost: never begun'
                WHERE run_id = :run AND task_id = :task AND attempt = :attempt
                """)
            .bind("now", now)
            .bind("run", task.run())
            .bind("task", task.task())
            .bind("attempt", task.attempt())
            .execute();
        events.add(new RunEvent(task.run(), Optional.of(task.task()), RunEvent.Kind.TASK));
      }
    }
  }

  private static void takeBack(Handle handle, int worker, Instant now, List<RunEvent> events) {
    record Lost(String run, String task) {}
    List<Lost> lost = new ArrayList<>();
    handle
        .createQuery(
            """
            WITH taken AS (
              UPDATE task_instance SET state = 'pending', worker_id = NULL, deadline = NULL
              WHERE worker_id = :worker AND state = 'running' RETURNING run_id, task_id, attempt
            )
            UPDATE attempt a SET state = 'lost', ended_at = :now, error = 'lost: worker died, or lost the database'
            FROM taken t WHERE a.run_id = t.run_id AND a.task_id = t.task_id AND a.attempt = t.attempt
            RETURNING a.run_id, a.task_id
            """)
        .bind("worker", worker)
        .bind("now", now)
        .map((rs, c) -> new Lost(rs.getString(1), rs.getString(2)))
        .forEach(lost::add);
    for (Lost task : lost) {
      LOG.info(
          "Run {} task {} was lost with its process and is run again", task.run(), task.task());
      events.add(new RunEvent(task.run(), Optional.of(task.task()), RunEvent.Kind.TASK));
    }
  }
}
