package io.ecluse.source.jdbc;

import io.ecluse.error.EcluseException;
import io.ecluse.source.ExtractListener;
import io.ecluse.source.ImpactReceipt;
import io.ecluse.source.ImpactReceipt.Latency;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/**
 * Feels a database's pulse while it is read: how long it takes to say that it is there, which JDBC
 * asks of every driver, on a connection of its own; and what the database counts, if it does.
 */
final class JdbcProbe implements AutoCloseable {
  private static final int BEFORE = 15;
  private static final int AFTER = 5;
  private static final int WITHIN_SECONDS = 10;
  private static final long PAUSE_MILLIS = 100;

  private final Optional<JdbcConnections.Open> open;
  private final Dialect dialect;
  private final ExtractListener listener;
  private final long begin = System.nanoTime();
  private final List<Double> before = new ArrayList<>();
  private final List<Double> during = new ArrayList<>();
  private final List<Double> after = new ArrayList<>();
  private final Map<String, Long> load = new TreeMap<>();
  private final Thread thread = new Thread(this::watch, "extract-probe");
  private volatile Pulse pulse = Pulse.FELT;

  private enum Pulse {
    FELT,
    NO_MORE
  }

  /** To be opened once the readers are connected, before they read. */
  JdbcProbe(JdbcConnections connections, Dialect dialect, ExtractListener listener) {
    this.dialect = dialect;
    this.listener = listener;
    this.open = open(connections);
    open.ifPresent(o -> begin(o.connection()));
  }

  /** Databases within a process, and those that count connections, may have none to spare. */
  private static Optional<JdbcConnections.Open> open(JdbcConnections connections) {
    try {
      return Optional.of(connections.open());
    } catch (EcluseException e) {
      return Optional.empty();
    }
  }

  private void begin(Connection connection) {
    try {
      load.putAll(dialect.load(connection));
      beat(connection); // whatever a driver does once
      for (int i = 0; i < BEFORE; i++) {
        before.add(beat(connection));
      }
      thread.setDaemon(true);
      thread.start();
    } catch (SQLException e) {
      pulse = Pulse.NO_MORE; // the readers will say what is wrong
    }
  }

  private void watch() {
    try {
      while (pulse == Pulse.FELT) {
        during.add(beat(open.orElseThrow().connection()));
        TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
      }
    } catch (SQLException e) {
      pulse = Pulse.NO_MORE;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static double beat(Connection connection) throws SQLException {
    long start = System.nanoTime();
    if (!connection.isValid(WITHIN_SECONDS)) {
      throw new SQLException("no answer");
    }
    return (System.nanoTime() - start) / 1e6;
  }

  /** Ends the watch and tells what the extract cost. What is not known is left out. */
  void tell(Collection<Connection> readers, double snapshotSeconds) {
    stop();
    Map<String, Long> server = new TreeMap<>();
    try {
      for (Connection reader : readers) {
        dialect.cost(reader).forEach((name, value) -> server.merge(name, value, Long::sum));
      }
      if (open.isPresent()) {
        for (int i = 0; i < AFTER; i++) {
          after.add(beat(open.get().connection()));
        }
        dialect
            .load(open.get().connection())
            .forEach((name, value) -> server.put(name, value - load.getOrDefault(name, 0L)));
      }
    } catch (SQLException e) {
      listener.log("Not all that the extract cost the source is known: " + e.getSQLState());
    }
    Long bytes = server.remove(Dialect.BYTES);
    listener.impact(
        new ImpactReceipt(
            (System.nanoTime() - begin) / 1e9,
            snapshotSeconds,
            readers.size() + (open.isPresent() ? 1 : 0),
            bytes == null ? OptionalLong.empty() : OptionalLong.of(bytes),
            0,
            Latency.of(before),
            Latency.of(during),
            Latency.of(after),
            server,
            Optional.empty()));
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
      if (open.isPresent()) {
        open.get().close();
      }
    } catch (SQLException e) {
      // it was for looking only
    }
  }
}
