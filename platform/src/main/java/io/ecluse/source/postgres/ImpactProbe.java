package io.ecluse.source.postgres;

import io.ecluse.source.ImpactReceipt;
import io.ecluse.source.Pulse;
import io.ecluse.source.Throttle;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;

/**
 * Feels a PostgreSQL's pulse by a tiny query, on a connection of its own, and looks at what the
 * server counts of its work and at how far its replicas are behind. Tells the throttle.
 */
final class ImpactProbe implements AutoCloseable {
  private static final String CANARY = "SELECT count(*) FROM pg_catalog.pg_class";
  private static final String COUNTERS =
      "SELECT blks_read, blks_hit, temp_bytes FROM pg_stat_database WHERE datname = current_database()";

  private final Connection connection;
  private final Throttle throttle;
  private final long begin = System.nanoTime();
  private final Map<String, Long> counters;
  private final ServerGlances glances;
  private final Pulse pulse;

  /**
   * @param connection in autocommit mode; closed with the probe
   */
  ImpactProbe(Connection connection, Throttle throttle) throws SQLException {
    this.connection = connection;
    this.throttle = throttle;
    this.counters = counters();
    this.glances = new ServerGlances(connection);
    this.pulse =
        new Pulse(
            this::canary, () -> throttle.lagged(glances.usualLag(), glances.look()), throttle);
    pulse.begin();
  }

  private void canary() throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(CANARY)) {
      rows.next();
    }
  }

  private Map<String, Long> counters() throws SQLException {
    Map<String, Long> now = new TreeMap<>();
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

  /**
   * Ends the watch and sums up.
   *
   * @param snapshotSeconds how long the snapshot was held
   */
  ImpactReceipt receipt(double snapshotSeconds, int connections) throws SQLException {
    pulse.end();
    Map<String, Long> spent = counters();
    counters.forEach((name, then) -> spent.merge(name, -then, Long::sum));
    spent.putAll(glances.counted());
    return new ImpactReceipt(
        (System.nanoTime() - begin) / 1e9,
        snapshotSeconds,
        connections,
        OptionalLong.of(throttle.bytes()),
        throttle.waitedSeconds(),
        pulse.before(),
        pulse.during(),
        pulse.after(),
        spent,
        glances.lag());
  }

  @Override
  public void close() {
    pulse.close();
    try {
      connection.close();
    } catch (SQLException e) {
      // it was for looking only
    }
  }
}
