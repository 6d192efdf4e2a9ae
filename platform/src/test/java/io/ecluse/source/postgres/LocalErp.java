package io.ecluse.source.postgres;

import io.ecluse.Servers;
import io.ecluse.schema.DriftPolicy;
import io.ecluse.source.ImpactLimits;
import io.ecluse.source.Terms;
import io.ecluse.source.postgres.PostgresSourceSettings.RowSecurity;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

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
        "127.0.0.1",
        port,
        database,
        user,
        password,
        "disable",
        Optional.empty(),
        Duration.ofSeconds(5));
  }

  /** Every table of {@code public}, by as many connections. */
  static PostgresSourceSettings settings(
      PostgresSourceSettings.Server server,
      int connections,
      ImpactLimits limits,
      long maxRejected,
      Ranges ranges) {
    PostgresSourceSettings.Session session =
        new PostgresSourceSettings.Session(
            connections, Duration.ofMinutes(5), Duration.ofSeconds(5), RowSecurity.REFUSE);
    Terms terms = new Terms(Map.of(), DriftPolicy.EVOLVE, limits, maxRejected, ranges.compare());
    return new PostgresSourceSettings("erp", server, "public", session, terms, ranges.pages());
  }

  /** How big tables are cut. */
  record Ranges(long pages, Terms.Compare compare) {
    static final Ranges USUAL =
        new Ranges(PostgresSourceSettings.USUAL_PAGES, Terms.Compare.COUNTS);
  }

  /** Every stream is read in full. */
  static PostgresSourceSettings plain(
      String name,
      PostgresSourceSettings.Server server,
      String schema,
      int connections,
      Duration statementTimeout,
      Duration lockTimeout) {
    return new PostgresSourceSettings(
        name,
        server,
        schema,
        new PostgresSourceSettings.Session(
            connections, statementTimeout, lockTimeout, RowSecurity.REFUSE),
        Terms.USUAL,
        PostgresSourceSettings.USUAL_PAGES);
  }

  /** The same, which takes the rows that policies show for all there is. */
  static PostgresSourceSettings applying(PostgresSourceSettings like) {
    PostgresSourceSettings.Session as = like.session();
    return new PostgresSourceSettings(
        like.name(),
        like.server(),
        like.schema(),
        new PostgresSourceSettings.Session(
            as.connections(), as.statementTimeout(), as.lockTimeout(), RowSecurity.APPLY),
        like.terms(),
        like.rangePages());
  }
}
