package io.ecluse.source.jdbc;

import io.ecluse.error.EcluseException;
import io.ecluse.source.ImpactProbe;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;

/** A connection by which a database is felt. */
record JdbcProbe(JdbcConnections.Open open, Dialect dialect) implements ImpactProbe.Watched {
  /** After so long without an answer there is no pulse, and nobody waits for it at the end. */
  private static final Duration NO_PULSE = Duration.ofSeconds(15);

  /** Databases within a process, and those that count connections, may have none to spare. */
  static Optional<JdbcProbe> open(JdbcAccess access) {
    try {
      JdbcConnections.Open open = access.connections().open();
      JdbcConnections.hangUpAfter(NO_PULSE, open.connection());
      return Optional.of(new JdbcProbe(open, access.dialect()));
    } catch (EcluseException e) {
      return Optional.empty();
    }
  }

  @Override
  public void canary() throws SQLException {
    dialect.canary(open.connection());
  }

  @Override
  public Map<String, Long> load() throws SQLException {
    return dialect.load(open.connection());
  }

  /** What the database has counted of these connections' work, as far as they still answer. */
  static ImpactProbe.Readers readers(
      Collection<Connection> connections, double snapshotSeconds, Dialect dialect) {
    Map<String, Long> counted = new TreeMap<>();
    try {
      for (Connection reader : connections) {
        dialect.cost(reader).forEach((name, value) -> counted.merge(name, value, Long::sum));
      }
    } catch (SQLException e) {
      counted.clear(); // of some only, it would tell too little
    }
    Long bytes = counted.remove(Dialect.BYTES);
    return new ImpactProbe.Readers(
        snapshotSeconds,
        connections.size(),
        bytes == null ? OptionalLong.empty() : OptionalLong.of(bytes),
        counted);
  }

  @Override
  public void close() {
    try {
      open.close();
    } catch (SQLException e) {
      // it was for looking only
    }
  }
}
