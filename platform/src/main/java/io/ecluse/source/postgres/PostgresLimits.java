package io.ecluse.source.postgres;

import io.ecluse.source.Finding;
import io.ecluse.source.FindingListener;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Checks what would cut an extract short, or make it wait. */
record PostgresLimits(
    Connection connection, PostgresSourceSettings settings, Duration old, FindingListener found) {
  /** Free for us, in the server, the database and the role; NULL where there is no limit. */
  private static final String SLOTS =
      """
      SELECT current_setting('max_connections')::int
               - current_setting('superuser_reserved_connections')::int
               - coalesce(current_setting('reserved_connections', true), '0')::int
               - (SELECT coalesce(sum(numbackends), 0)::int FROM pg_stat_database) + 1,
             (SELECT d.datconnlimit - s.numbackends + 1 FROM pg_database d
              JOIN pg_stat_database s ON s.datid = d.oid
              WHERE d.datname = current_database() AND d.datconnlimit >= 0),
             (SELECT r.rolconnlimit - (SELECT count(*) FROM pg_stat_activity a WHERE a.usename = r.rolname) + 1
              FROM pg_roles r WHERE r.rolname = current_user AND r.rolconnlimit >= 0 AND NOT r.rolsuper)
      """;

  /** As a session of the role finds them; extracts set some anew. In milliseconds, 0 for never. */
  private static final String TIMEOUTS =
      """
      SELECT name, reset_val::bigint FROM pg_settings WHERE name IN ('statement_timeout', 'lock_timeout',
        'idle_in_transaction_session_timeout', 'transaction_timeout', 'idle_session_timeout')
      """;

  private static final String OLD =
      """
      SELECT pid, coalesce(usename, ''), extract(epoch FROM clock_timestamp() - xact_start)::bigint
      FROM pg_stat_activity
      WHERE xact_start < clock_timestamp() - interval '%d milliseconds' AND pid <> pg_backend_pid()
        AND datname = current_database() AND backend_type = 'client backend'
      ORDER BY xact_start LIMIT 5
      """;

  private static final String LOCKED =
      """
      SELECT c.relname, l.pid FROM pg_locks l
      JOIN pg_class c ON c.oid = l.relation JOIN pg_namespace n ON n.oid = c.relnamespace
      JOIN pg_database d ON d.oid = l.database
      WHERE d.datname = current_database() AND n.nspname = '%s' AND c.relkind IN ('r', 'p')
        AND l.mode = 'AccessExclusiveLock' AND l.granted
      ORDER BY 1 LIMIT 5
      """;

  void run() throws SQLException {
    slots();
    timeouts();
    standby();
    transactions();
    locks();
    connection.rollback();
  }

  private void slots() throws SQLException {
    int need = settings.session().connections() + 1;
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(SLOTS)) {
      row.next();
      int free = row.getInt(1);
      String of = "the server";
      for (int i = 2; i <= 3; i++) {
        int limited = row.getInt(i);
        if (!row.wasNull() && limited < free) {
          free = limited;
          of = i == 2 ? "the database" : "the role";
        }
      }
      String counted =
          "%d connections of %s are free, an extract takes %d".formatted(free, of, need);
      if (free >= need) {
        found.ok("slots", counted);
      } else if (free >= 2) {
        found.problem("slots", counted, "set extract.connections: %d".formatted(free - 1));
      } else {
        found.problem(
            "slots",
            counted,
            of.equals("the role")
                ? PostgresGrants.of(settings).role("CONNECTION LIMIT " + need)
                : "end connections that nobody uses there, or raise the limit of " + of);
      }
    }
  }

  private void timeouts() throws SQLException {
    Map<String, Long> millis = new HashMap<>();
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(TIMEOUTS)) {
      while (rows.next()) {
        millis.put(rows.getString(1), rows.getLong(2));
      }
    }
    boolean cut = false;
    for (String name : List.of("transaction_timeout", "idle_session_timeout")) {
      long limit = millis.getOrDefault(name, 0L);
      if (limit > 0 && limit < settings.session().statementTimeout().toMillis()) {
        cut = true;
        found.problem(
            "timeouts",
            "%s of the role is %s: it ends an extract that takes longer"
                .formatted(name, text(limit)),
            PostgresGrants.of(settings).role("SET " + name + " = 0"));
      }
    }
    if (!cut) {
      found.ok(
          "timeouts",
          "the role has statement_timeout %s, lock_timeout %s, idle_in_transaction_session_timeout %s; an extract sets %s, %s and none"
              .formatted(
                  text(millis.getOrDefault("statement_timeout", 0L)),
                  text(millis.getOrDefault("lock_timeout", 0L)),
                  text(millis.getOrDefault("idle_in_transaction_session_timeout", 0L)),
                  text(settings.session().statementTimeout().toMillis()),
                  text(settings.session().lockTimeout().toMillis())));
    }
  }

  private void standby() throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row =
            statement.executeQuery(
                "SELECT pg_is_in_recovery(), current_setting('hot_standby_feedback')::bool, (SELECT setting::bigint FROM pg_settings WHERE name = 'max_standby_streaming_delay'), (SELECT count(*) FROM pg_stat_replication)")) {
      row.next();
      long delay = row.getLong(3);
      long replicas = row.getLong(4);
      if (!row.getBoolean(1)) {
        found.accept(primary(replicas, ServerGlances.lag(connection)));
      } else if (row.getBoolean(2) || delay < 0) {
        found.ok(
            "standby",
            row.getBoolean(2)
                ? "a hot standby that asks its primary to keep what we read"
                : "a hot standby that waits for its readers");
      } else {
        found.note(
            "standby",
            "a hot standby with max_standby_streaming_delay %s: it may cancel an extract that takes longer"
                .formatted(delay == 0 ? "0 s" : text(delay)),
            "ALTER SYSTEM SET max_standby_streaming_delay = '%ds'; SELECT pg_reload_conf();"
                .formatted(settings.session().statementTimeout().toSeconds()));
      }
    }
  }

  private Finding primary(long replicas, ServerGlances.Lag lag) {
    if (lag.hidden() > 0) {
      return Finding.note(
          "standby",
          "this is the primary of %d replicas, but user %s may not see how far they are behind: an extract cannot spare them"
              .formatted(replicas, settings.server().user()),
          PostgresGrants.of(settings).statistics());
    }
    return Finding.ok(
        "standby",
        replicas == 0
            ? "this is the primary; a hot standby would spare it, if there is one"
            : "this is the primary of %d replicas, %.1f s behind; reading a hot standby would spare it"
                .formatted(replicas, lag.seconds().orElse(0)));
  }

  private void transactions() throws SQLException {
    List<String> open = new ArrayList<>();
    List<String> pids = new ArrayList<>();
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(OLD.formatted(old.toMillis()))) {
      while (rows.next()) {
        pids.add(rows.getString(1));
        open.add(
            "process %s of %s since %s"
                .formatted(rows.getString(1), rows.getString(2), text(rows.getLong(3) * 1000)));
      }
    }
    found.accept(
        open.isEmpty()
            ? Finding.ok(
                "transactions", "none that we may see is older than " + text(old.toMillis()))
            : Finding.note(
                "transactions",
                "old ones are open: " + String.join(", ", open),
                "find out what they wait for: SELECT pid, state, application_name, query FROM pg_stat_activity WHERE pid IN (%s);"
                    .formatted(String.join(", ", pids))));
  }

  private void locks() throws SQLException {
    List<String> locked = new ArrayList<>();
    try (Statement statement = connection.createStatement();
        ResultSet rows =
            statement.executeQuery(LOCKED.formatted(settings.schema().replace("'", "''")))) {
      while (rows.next()) {
        locked.add("%s by process %s".formatted(rows.getString(1), rows.getString(2)));
      }
    }
    found.accept(
        locked.isEmpty()
            ? Finding.ok("locks", "no table is locked against readers")
            : Finding.note(
                "locks",
                "locked against readers: " + String.join(", ", locked),
                "wait until it has ended: an extract waits for extract.lock_timeout (%d s), then fails and is tried again"
                    .formatted(settings.session().lockTimeout().toSeconds())));
  }

  private static String text(long millis) {
    if (millis <= 0) {
      return "none";
    }
    Duration duration = Duration.ofMillis(millis);
    if (duration.toMinutes() >= 120 || duration.equals(Duration.ofHours(1))) {
      return duration.toHours() + " h";
    }
    return duration.toSeconds() >= 120
        ? duration.toMinutes() + " min"
        : duration.toSeconds() >= 1 ? duration.toSeconds() + " s" : millis + " ms";
  }
}
