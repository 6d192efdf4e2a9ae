package io.ecluse.source.postgres;

import io.ecluse.source.ImpactReceipt;
import io.ecluse.source.Latencies;
import io.ecluse.source.Throttle;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/**
 * Feels the source's pulse: how long a tiny query takes, before, during and after an extract, on a
 * connection of its own; and what the server counts of its work. Tells the throttle.
 */
final class ImpactProbe implements AutoCloseable {
  private static final String CANARY = "SELECT count(*) FROM pg_catalog.pg_class";
  private static final String COUNTERS =
      "SELECT blks_read, blks_hit, temp_bytes FROM pg_stat_database WHERE datname = current_database()";
  private static final int BEFORE = 15;
  private static final int AFTER = 5;
  private static final int GLANCE_EVERY = 2;
  private static final long PAUSE_MILLIS = 100;

  /** After so long, readers pause so that the source can be felt without them. */
  private static final double AGAIN_SECONDS = 5;

  private static final int AGAIN = 6;

  /** Where it matters, samples are so far apart, since the source is never the same for long. */
  private static final long APART_MILLIS = 25;

  private final Connection connection;
  private final Throttle throttle;
  private final Thread thread;
  private final long begin = System.nanoTime();
  private final List<Double> before = new ArrayList<>();
  private final List<Double> during = new ArrayList<>();
  private final List<Double> after = new ArrayList<>();
  private final Map<String, Long> counters;
  private final ServerGlances glances;
  private final Latencies latencies = new Latencies();
  private volatile Pulse pulse = Pulse.FELT;

  private enum Pulse {
    FELT,
    NO_MORE
  }

  /**
   * @param connection in autocommit mode; closed with the probe
   */
  ImpactProbe(Connection connection, Throttle throttle) throws SQLException {
    this.connection = connection;
    this.throttle = throttle;
    this.counters = counters();
    this.glances = new ServerGlances(connection);
    canary(); // plans and caches
    for (int i = 0; i < BEFORE; i++) {
      before.add(withoutReaders());
    }
    this.thread = new Thread(this::watch, "extract-probe");
    thread.setDaemon(true);
    thread.start();
  }

  /** A sample while nothing is read. */
  private double withoutReaders() throws SQLException {
    double millis = canary();
    latencies.alone(millis);
    if (throttle.listens()) {
      nap(APART_MILLIS);
    }
    return millis;
  }

  private void watch() {
    long fresh = System.nanoTime();
    try {
      while (pulse == Pulse.FELT) {
        if (throttle.listens() && System.nanoTime() - fresh > AGAIN_SECONDS * 1e9) {
          feelWithoutReaders();
          fresh = System.nanoTime();
        }
        double millis = canary();
        during.add(millis);
        latencies.beside(millis);
        throttle.felt(latencies);
        if (during.size() % GLANCE_EVERY == 0) {
          throttle.lagged(glances.usualLag(), glances.look());
        }
        nap(PAUSE_MILLIS);
      }
    } catch (SQLException e) {
      pulse = Pulse.NO_MORE; // the readers will say what is wrong
    }
  }

  /** What is usual changes with the hour and with what the source's users do. */
  private void feelWithoutReaders() throws SQLException {
    throttle.pause();
    try {
      nap(PAUSE_MILLIS); // what was asked for is still on its way
      for (int i = 0; i < AGAIN && pulse == Pulse.FELT; i++) {
        withoutReaders();
      }
    } finally {
      throttle.resume();
    }
  }

  private void nap(long millis) {
    try {
      TimeUnit.MILLISECONDS.sleep(millis);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      pulse = Pulse.NO_MORE;
    }
  }

  private double canary() throws SQLException {
    long start = System.nanoTime();
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(CANARY)) {
      rows.next();
    }
    return (System.nanoTime() - start) / 1e6;
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
    stop();
    for (int i = 0; i < AFTER; i++) {
      after.add(canary());
    }
    Map<String, Long> spent = counters();
    counters.forEach((name, then) -> spent.merge(name, -then, Long::sum));
    spent.putAll(glances.counted());
    return new ImpactReceipt(
        (System.nanoTime() - begin) / 1e9,
        snapshotSeconds,
        connections,
        OptionalLong.of(throttle.bytes()),
        throttle.waitedSeconds(),
        ImpactReceipt.Latency.of(before),
        ImpactReceipt.Latency.of(during),
        ImpactReceipt.Latency.of(after),
        spent,
        glances.lag());
  }

  private void stop() {
    pulse = Pulse.NO_MORE;
    thread.interrupt();
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    stop();
    try {
      connection.close();
    } catch (SQLException e) {
      // it was for looking only
    }
  }
}
