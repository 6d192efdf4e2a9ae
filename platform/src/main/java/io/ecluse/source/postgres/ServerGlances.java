package io.ecluse.source.postgres;

import io.ecluse.source.ImpactProbe;
import io.ecluse.source.ImpactReceipt;
import io.ecluse.source.Throttle;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * A connection by which a PostgreSQL is felt. Looks now and then at what the server shows of our
 * own sessions, and at how far replicas are behind. What a session does between two looks is taken
 * to be what it did at the second one: an estimate, which needs no right, and in which nobody
 * else's work is counted. Used by one thread at a time.
 */
final class ServerGlances implements ImpactProbe.Watched {
  private static final String CANARY = "SELECT count(*) FROM pg_catalog.pg_class";
  private static final String COUNTERS =
      "SELECT blks_read, blks_hit, temp_bytes FROM pg_stat_database WHERE datname = current_database()";

  /** Sessions that run, that wait for the disk, that wait for us (pg_stat_activity). */
  private static final String SESSIONS =
      """
      SELECT count(*) FILTER (WHERE wait_event_type IS NULL), count(*) FILTER (WHERE wait_event_type = 'IO'),
             count(*) FILTER (WHERE wait_event_type = 'Client')
      FROM pg_catalog.pg_stat_activity
      WHERE state = 'active' AND pid <> pg_backend_pid() AND usename = current_user
        AND datname = current_database() AND application_name = current_setting('application_name')
      """;

  /**
   * Seconds by which a standby is behind what it has received, or by which the slowest replica is
   * behind its primary, NULL if there is none; and how many replicas hide it from this user. A
   * replica that has caught up tells no lag.
   */
  private static final String LAG =
      """
      SELECT CASE WHEN pg_is_in_recovery() THEN
               CASE WHEN pg_last_wal_receive_lsn() <= pg_last_wal_replay_lsn() THEN 0
                    WHEN pg_last_wal_receive_lsn() IS NOT NULL
                    THEN greatest(0, extract(epoch FROM clock_timestamp() - pg_last_xact_replay_timestamp())) END
             ELSE (SELECT max(coalesce(extract(epoch FROM replay_lag), 0))
                   FROM pg_catalog.pg_stat_replication WHERE state = 'streaming') END::float8,
             (SELECT count(*) FROM pg_catalog.pg_stat_replication WHERE state IS NULL)
      """;

  /** A replica that is behind for an instant, as any is, is not behind: the least of so many. */
  private static final int LATELY = 3;

  private final Connection connection;
  private final Lag before;
  private final List<Double> lags = new ArrayList<>();
  private double longest;
  private long looked = System.nanoTime();
  private double running;
  private double reading;
  private double sending;

  /**
   * How far replicas are behind.
   *
   * @param seconds of the slowest; empty if there is none, or none that this user may see
   * @param hidden replicas that this user may not see
   */
  record Lag(OptionalDouble seconds, long hidden) {}

  /**
   * @param connection in autocommit mode; closed with this
   */
  ServerGlances(Connection connection) throws SQLException {
    this.connection = connection;
    this.before = lag(connection);
  }

  /** How far replicas are behind now. */
  static Lag lag(Connection connection) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(LAG);
        ResultSet rows = statement.executeQuery()) {
      rows.next();
      double seconds = rows.getDouble(1);
      return new Lag(
          rows.wasNull() ? OptionalDouble.empty() : OptionalDouble.of(seconds), rows.getLong(2));
    }
  }

  @Override
  public void canary() throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(CANARY)) {
      rows.next();
    }
  }

  @Override
  public Map<String, Long> load() throws SQLException {
    Map<String, Long> now = new LinkedHashMap<>();
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(COUNTERS)) {
      if (rows.next()) {
        now.put("server_blocks_read", rows.getLong(1));
        now.put("server_blocks_hit", rows.getLong(2));
        now.put("server_temp_bytes", rows.getLong(3));
      }
    }
    return now;
  }

  @Override
  public void glance(Throttle throttle) throws SQLException {
    throttle.lagged(usualLag(), look());
  }

  /** Seconds before the extract began. */
  double usualLag() {
    return before.seconds().orElse(0);
  }

  /** Looks, and tells by how many seconds replicas have been behind lately. */
  double look() throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(SESSIONS);
        ResultSet rows = statement.executeQuery()) {
      rows.next();
      long now = System.nanoTime();
      double seconds = (now - looked) / 1e9;
      looked = now;
      running += rows.getLong(1) * seconds;
      reading += rows.getLong(2) * seconds;
      sending += rows.getLong(3) * seconds;
    }
    lags.add(lag(connection).seconds().orElse(0));
    if (lags.size() < LATELY) {
      return usualLag();
    }
    double lately =
        lags.subList(lags.size() - LATELY, lags.size()).stream()
            .mapToDouble(Double::doubleValue)
            .min()
            .orElse(0);
    longest = Math.max(longest, lately);
    return lately;
  }

  /** Milliseconds of our sessions there, and replicas whose lag is not told. */
  @Override
  public Map<String, Long> glanced() {
    Map<String, Long> counted = new LinkedHashMap<>();
    counted.put("server_running_ms_sampled", Math.round(running * 1000));
    counted.put("server_disk_ms_sampled", Math.round(reading * 1000));
    counted.put("server_sending_ms_sampled", Math.round(sending * 1000));
    if (before.hidden() > 0) {
      counted.put("replicas_hidden", before.hidden());
    }
    return counted;
  }

  /** How far replicas were behind; empty if there is none that tells. */
  @Override
  public Optional<ImpactReceipt.ReplicaLag> lag() throws SQLException {
    Lag after = lag(connection);
    return before.seconds().isPresent()
        ? Optional.of(new ImpactReceipt.ReplicaLag(usualLag(), longest, after.seconds().orElse(0)))
        : Optional.empty();
  }

  @Override
  public void close() {
    try {
      connection.close();
    } catch (SQLException e) {
      // it was for looking only
    }
  }
}
