package io.ecluse.source.postgres;

import io.ecluse.error.ErrorCode;
import io.ecluse.project.Value;
import io.ecluse.source.Declared;
import io.ecluse.source.Terms;
import java.time.Duration;
import java.util.Optional;

/**
 * How to reach and to spare a PostgreSQL.
 *
 * @param name of the source
 * @param server where it is and who we are there
 * @param schema whose tables are the streams
 * @param session what we do there at a time
 * @param terms how streams are read
 * @param rangePages pages of a table that are read into one file
 */
public record PostgresSourceSettings(
    String name, Server server, String schema, Session session, Terms terms, long rangePages) {
  /** About 128 MiB of a table: few files, and work enough to share. */
  static final long USUAL_PAGES = 16_384;

  static final int PORT = 5432;
  static final String SCHEMA = "public";

  /**
   * What we do there at a time.
   *
   * @param connections most at a time, the one that holds the snapshot not counted
   * @param statementTimeout longest statement
   * @param lockTimeout longest wait for a lock; a reader waits only for DDL
   * @param rowSecurity what to do about policies that hide rows from the user
   */
  public record Session(
      int connections, Duration statementTimeout, Duration lockTimeout, RowSecurity rowSecurity) {}

  /** What to do about row-level policies. */
  public enum RowSecurity {
    /** A table of which they may hide rows is an error. */
    REFUSE,
    /** The rows that they show are all there is. */
    APPLY
  }

  public PostgresSourceSettings {
    if (session.connections() < 1 || session.connections() > 64) {
      throw ErrorCode.INVALID_USAGE.error(
          "Source %s: connections must be 1 to 64, but is %d"
              .formatted(name, session.connections()));
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
        new Session(
            extract.whole("connections").orElse(4),
            extract.duration("statement_timeout", Duration.ofHours(1)),
            extract.duration("lock_timeout", Duration.ofSeconds(10)),
            extract.choice("row_security", RowSecurity.REFUSE)),
        Terms.of(source),
        USUAL_PAGES);
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
    @Override
    public String toString() {
      return user + "@" + host + ":" + port + "/" + database;
    }
  }
}
