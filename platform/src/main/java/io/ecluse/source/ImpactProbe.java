package io.ecluse.source;

import java.sql.SQLException;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;

/**
 * Feels a database's pulse while it is read, on a connection of its own, looks at what it counts of
 * its work, and tells the throttle. Used by one thread.
 */
public final class ImpactProbe implements AutoCloseable {
  private final Optional<? extends Watched> watched;
  private final Throttle throttle;
  private final ExtractListener listener;
  private final Pulse pulse;
  private final long begin = System.nanoTime();
  private final Map<String, Long> counted = new TreeMap<>();

  /** A connection by which a database is felt. */
  public interface Watched extends AutoCloseable {
    /** Asks something tiny, by how long whose answer takes it is felt how the database is. */
    void canary() throws SQLException;

    /** What the database has counted of everybody's work so far, with names that say the unit. */
    Map<String, Long> load() throws SQLException;

    /** Looks at what else tells how the database is; less often. */
    default void glance(Throttle throttle) throws SQLException {}

    /** What was seen at glances. */
    default Map<String, Long> glanced() {
      return Map.of();
    }

    default Optional<ImpactReceipt.ReplicaLag> lag() throws SQLException {
      return Optional.empty();
    }

    @Override
    void close();
  }

  /**
   * What the readers did.
   *
   * @param snapshotSeconds how long the snapshot was held
   * @param connections of readers, and of who held the snapshot for them
   * @param bytes that were sent to them; empty if nobody counts
   * @param counted what the database counted of their work
   */
  public record Readers(
      double snapshotSeconds, int connections, OptionalLong bytes, Map<String, Long> counted) {}

  /**
   * Begins; to be opened once the readers are connected, before they read.
   *
   * @param watched closed with this; empty if there is no connection to spare
   */
  public ImpactProbe(
      Optional<? extends Watched> watched, Throttle throttle, ExtractListener listener) {
    this.watched = watched;
    this.throttle = throttle;
    this.listener = listener;
    this.pulse = new Pulse(this::canary, this::glance, throttle);
    try {
      if (watched.isPresent()) {
        counted.putAll(watched.get().load());
        pulse.begin();
        return;
      }
    } catch (SQLException e) {
      // the readers will say what is wrong
    }
    if (throttle.listens()) {
      listener.log(
          "There is no connection to feel the source with, so max_slowdown is kept by reading at most %d kB a second"
              .formatted(Math.round(throttle.rate() / 1024)));
    }
  }

  private void canary() throws SQLException {
    watched.orElseThrow().canary();
  }

  private void glance() throws SQLException {
    watched.orElseThrow().glance(throttle);
  }

  /** Ends the watch and tells what the extract cost. What is not known is left out. */
  public void tell(Readers readers) {
    pulse.close();
    Map<String, Long> server = new TreeMap<>(readers.counted());
    Optional<ImpactReceipt.ReplicaLag> lag = Optional.empty();
    try {
      if (watched.isPresent()) {
        pulse.end();
        Map<String, Long> now = watched.get().load();
        now.forEach((name, value) -> server.put(name, value - counted.getOrDefault(name, 0L)));
        server.putAll(watched.get().glanced());
        lag = watched.get().lag();
      }
    } catch (SQLException e) {
      listener.log("Not all that the extract cost the source is known: " + e.getSQLState());
    }
    listener.impact(
        new ImpactReceipt(
            new ImpactReceipt.Hold(
                (System.nanoTime() - begin) / 1e9,
                readers.snapshotSeconds(),
                readers.connections() + (watched.isPresent() ? 1 : 0)),
            readers.bytes(),
            throttle.waitedSeconds(),
            pulse.felt(),
            server,
            lag));
  }

  @Override
  public void close() {
    pulse.close();
    watched.ifPresent(Watched::close);
  }
}
