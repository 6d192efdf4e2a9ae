package io.ecluse.source.jdbc;

import io.ecluse.error.EcluseException;
import io.ecluse.source.ExtractListener;
import io.ecluse.source.ImpactReceipt;
import io.ecluse.source.Pulse;
import io.ecluse.source.Throttle;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;

/**
 * Feels a database's pulse while it is read, on a connection of its own, and asks what the database
 * counts, if it does. Tells the throttle.
 */
final class JdbcProbe implements AutoCloseable {
  /** After so long without an answer there is no pulse, and nobody waits for it at the end. */
  private static final Duration NO_PULSE = Duration.ofSeconds(15);

  private final Optional<JdbcConnections.Open> open;
  private final Dialect dialect;
  private final ExtractListener listener;
  private final Throttle throttle;
  private final Pulse pulse;
  private final long begin = System.nanoTime();
  private final Map<String, Long> load = new TreeMap<>();

  /** To be opened once the readers are connected, before they read. */
  JdbcProbe(
      JdbcConnections connections, Dialect dialect, Throttle throttle, ExtractListener listener) {
    this.dialect = dialect;
    this.throttle = throttle;
    this.listener = listener;
    this.open = open(connections);
    this.pulse = new Pulse(this::canary, () -> {}, throttle);
    open.ifPresentOrElse(o -> begin(o.connection()), this::unfelt);
  }

  private void canary() throws SQLException {
    dialect.canary(open.orElseThrow().connection());
  }

  /** Databases within a process, and those that count connections, may have none to spare. */
  private static Optional<JdbcConnections.Open> open(JdbcConnections connections) {
    try {
      JdbcConnections.Open open = connections.open();
      JdbcConnections.hangUpAfter(NO_PULSE, open.connection());
      return Optional.of(open);
    } catch (EcluseException e) {
      return Optional.empty();
    }
  }

  private void begin(Connection connection) {
    try {
      load.putAll(dialect.load(connection));
      pulse.begin();
    } catch (SQLException e) {
      unfelt(); // the readers will say what is wrong
    }
  }

  private void unfelt() {
    if (throttle.listens()) {
      listener.log(
          "There is no connection to feel the source with, so max_slowdown is kept by reading at most %d kB a second"
              .formatted(Math.round(throttle.rate() / 1024)));
    }
  }

  /** Ends the watch and tells what the extract cost. What is not known is left out. */
  void tell(Collection<Connection> readers, double snapshotSeconds) {
    pulse.close();
    Map<String, Long> server = new TreeMap<>();
    try {
      for (Connection reader : readers) {
        dialect.cost(reader).forEach((name, value) -> server.merge(name, value, Long::sum));
      }
      if (open.isPresent()) {
        pulse.end();
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
            throttle.waitedSeconds(),
            pulse.before(),
            pulse.during(),
            pulse.after(),
            server,
            Optional.empty()));
  }

  @Override
  public void close() {
    pulse.close();
    try {
      if (open.isPresent()) {
        open.get().close();
      }
    } catch (SQLException e) {
      // it was for looking only
    }
  }
}
