package io.ecluse.source.jdbc;

import io.ecluse.project.Shape.Fields;
import io.ecluse.project.SourceKeys;
import io.ecluse.source.DatabaseKeys;
import io.ecluse.source.Declared;
import io.ecluse.source.SourceNaming;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** MariaDB and MySQL. */
public final class MariaDbType implements JdbcType {
  private static final int PORT = 3306;

  @Override
  public String name() {
    return "mariadb";
  }

  @Override
  public Dialect dialect(Clock clock) {
    return new MariaDbDialect(clock);
  }

  @Override
  public JdbcSettings settings(Declared source) {
    String url =
        url(
            source.text(source.connection(), "host") + ":" + source.port(PORT),
            source.text(source.connection(), "database"),
            source.find(source.connection(), "sslmode").orElse("disable"),
            source.file().extract().duration("connect_timeout", Duration.ofSeconds(10)));
    return new JdbcSettings(
        source.name(),
        new JdbcSettings.Access(
            url, JdbcSettings.Access.credentials(source), Optional.empty(), Optional.empty()),
        JdbcSettings.Extraction.of(source));
  }

  /** With what keeps the driver from changing values. */
  static String url(String hostAndPort, String database, String sslMode, Duration connectTimeout) {
    return "jdbc:mariadb://%s/%s?sslMode=%s&connectTimeout=%d&tinyInt1isBit=false&yearIsDateType=false"
        .formatted(hostAndPort, database, sslMode, connectTimeout.toMillis());
  }

  @Override
  public Optional<SourceNaming> naming() {
    return Optional.of(
        SourceNaming.server(List.of("mariadb", "mysql", "jdbc:mariadb", "jdbc:mysql"), Map.of()));
  }

  @Override
  public Fields shape() {
    return SourceKeys.file(
        "a source of type mariadb",
        name(),
        """
        connection!: {a connection of type mariadb}  How to connect. Values may hold ${env:NAME} and ${secret:NAME}.
        """
            + DatabaseKeys.SERVER.formatted(PORT)
            + """
              sslmode: disable|trust|verify-ca|verify-full  Whether to encrypt, and whom to trust; disable unless said.
            streams: map stream @table  Tables to read; all of the database unless said.
            """
            + SourceKeys.DRIFT
            + """
            extract: {extract}  How gently to read.
              connections: 1..64  Connections at once; 1 unless said. More begin while commits wait for a moment, which needs the right RELOAD.
            """
            + DatabaseKeys.STATEMENT_TIMEOUT
            + DatabaseKeys.CONNECT_TIMEOUT
            + SourceKeys.LIMITS
            + SourceKeys.HOURS,
        Map.of("table", SourceKeys.table()));
  }
}
