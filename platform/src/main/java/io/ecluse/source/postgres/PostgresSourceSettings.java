package io.ecluse.source.postgres;

import io.ecluse.error.EcluseException;
import io.ecluse.error.ErrorCode;
import io.ecluse.project.Value;
import io.ecluse.schema.DriftPolicy;
import io.ecluse.source.Declared;
import io.ecluse.source.ImpactLimits;
import io.ecluse.source.StreamPlan;
import io.ecluse.source.Terms.Compare;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/**
 * How to reach and to spare a PostgreSQL.
 *
 * @param name of the source
 * @param server where it is and who we are there
 * @param schema whose tables are the streams
 * @param connections most at a time, the one that holds the snapshot not counted
 * @param statementTimeout longest statement
 * @param lockTimeout longest wait for a lock; a reader waits only for DDL
 * @param plans how streams are read, by name; those not named are read in full
 * @param limits how much the source may be disturbed
 * @param maxRejected how many rows of a stream may be left out because they cannot land
 * @param drift what to do when columns have changed
 * @param ranges how big tables are cut
 * @param rowSecurity what to do about policies that hide rows from the user
 */
public record PostgresSourceSettings(
    String name,
    Server server,
    String schema,
    int connections,
    Duration statementTimeout,
    Duration lockTimeout,
    Map<String, StreamPlan> plans,
    ImpactLimits limits,
    long maxRejected,
    DriftPolicy drift,
    Ranges ranges,
    RowSecurity rowSecurity) {
  static final int PORT = 5432;
  static final String SCHEMA = "public";

  /**
   * Tables are read in ranges, each into one file.
   *
   * @param pages of the table that make a range
   * @param compare how each range is compared to the source once it is staged
   */
  public record Ranges(long pages, Compare compare) {
    /** About 128 MiB of a table: few files, and work enough to share. */
    public static final long USUAL_PAGES = 16_384;

    public static final Ranges USUAL = new Ranges(USUAL_PAGES, Compare.COUNTS);
  }

  /** What to do about row-level policies. */
  public enum RowSecurity {
    /** A table of which they may hide rows is an error. */
    REFUSE,
    /** The rows that they show are all there is. */
    APPLY
  }

  public PostgresSourceSettings {
    plans = Map.copyOf(plans);
    if (connections < 1 || connections > 64) {
      throw new EcluseException(
          ErrorCode.INVALID_USAGE,
          "Source %s: connections must be 1 to 64, but is %d".formatted(name, connections));
    }
  }

  /** As a project's file says it, its secrets resolved at that moment. */
  static PostgresSourceSettings of(Declared source) {
    Value.Entries connection = source.connection();
    Value.Entries extract = source.file().extract();
    Server server =
        new Server(
            source.text(connection, "host"),
            source.port(PORT),
            source.text(connection, "database"),
            source.text(connection, "user"),
            source.find(connection, "password").orElse(""),
            source.find(connection, "sslmode").orElse("prefer"),
            source.find(connection, "sslrootcert").map(f -> source.folder().resolve(f).toString()),
            extract.duration("connect_timeout", Duration.ofSeconds(10)));
    return new PostgresSourceSettings(
        source.name(),
        server,
        source.content().text("schema", SCHEMA),
        extract.whole("connections").orElse(4),
        extract.duration("statement_timeout", Duration.ofHours(1)),
        extract.duration("lock_timeout", Duration.ofSeconds(10)),
        source.plans(),
        source.limits(),
        source.file().maxRejected(),
        source.file().drift(),
        new Ranges(Ranges.USUAL_PAGES, extract.choice("compare", Compare.COUNTS)),
        extract.choice("row_security", RowSecurity.REFUSE));
  }

  /** Every stream is read in full. */
  public PostgresSourceSettings(
      String name,
      Server server,
      String schema,
      int connections,
      Duration statementTimeout,
      Duration lockTimeout) {
    this(
        name,
        server,
        schema,
        connections,
        statementTimeout,
        lockTimeout,
        Map.of(),
        ImpactLimits.NONE,
        0,
        DriftPolicy.EVOLVE,
        Ranges.USUAL,
        RowSecurity.REFUSE);
  }

  /** The same, but for this. */
  public PostgresSourceSettings with(RowSecurity other) {
    return new PostgresSourceSettings(
        name,
        server,
        schema,
        connections,
        statementTimeout,
        lockTimeout,
        plans,
        limits,
        maxRejected,
        drift,
        ranges,
        other);
  }

  /**
   * {@code password} is never part of a message.
   *
   * @param password empty if there is none
   * @param sslRootCertificate file of the certificates to trust; the driver's own place without one
   */
  public record Server(
      String host,
      int port,
      String database,
      String user,
      String password,
      String sslMode,
      Optional<String> sslRootCertificate,
      Duration connectTimeout) {
    public Server(
        String host,
        int port,
        String database,
        String user,
        String password,
        String sslMode,
        Duration connectTimeout) {
      this(host, port, database, user, password, sslMode, Optional.empty(), connectTimeout);
    }

    @Override
    public String toString() {
      return user + "@" + host + ":" + port + "/" + database;
    }
  }
}
