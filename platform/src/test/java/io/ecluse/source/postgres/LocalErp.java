package io.ecluse.source.postgres;

import io.ecluse.Servers;
import io.ecluse.schema.DriftPolicy;
import io.ecluse.source.ImpactLimits;
import java.time.Duration;
import java.util.Map;

/** Settings of sources on this machine. */
final class LocalErp {
  private LocalErp() {}

  /** A database of the server that tests share. */
  static PostgresSourceSettings.Server server(String database) {
    return server(
        Servers.server().port(), database, Servers.server().user(), Servers.server().password());
  }

  static PostgresSourceSettings.Server server(
      int port, String database, String user, String password) {
    return new PostgresSourceSettings.Server(
        "127.0.0.1", port, database, user, password, "disable", Duration.ofSeconds(5));
  }

  /** Every table of {@code public}, by as many connections. */
  static PostgresSourceSettings settings(
      PostgresSourceSettings.Server server,
      int connections,
      ImpactLimits limits,
      long maxRejected,
      PostgresSourceSettings.Ranges ranges) {
    return new PostgresSourceSettings(
        "erp",
        server,
        "public",
        connections,
        Duration.ofMinutes(5),
        Duration.ofSeconds(5),
        Map.of(),
        limits,
        maxRejected,
        DriftPolicy.EVOLVE,
        ranges,
        PostgresSourceSettings.RowSecurity.REFUSE);
  }
}
