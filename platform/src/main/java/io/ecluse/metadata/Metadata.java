package io.ecluse.metadata;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.pool.HikariPool;
import io.ecluse.error.EcluseException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Types;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.Properties;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.argument.AbstractArgumentFactory;
import org.jdbi.v3.core.argument.Argument;
import org.jdbi.v3.core.config.ConfigRegistry;
import org.jdbi.v3.core.mapper.ColumnMapper;
import org.jdbi.v3.core.statement.SqlStatements;
import org.jdbi.v3.core.statement.StatementExceptions;

/**
 * The metadata database: runs, catalog, users, state. Private or external, it is the same code.
 *
 * <p>An {@link Instant} is a {@code timestamptz}, and every session's time zone is UTC, whatever
 * this machine's is. Safe for use by several threads. {@link #close()} may be called twice.
 */
public final class Metadata implements AutoCloseable {
  /** Everything is in this schema; other programs' tables in the same database are left alone. */
  public static final String SCHEMA = "ecluse";

  private static final int POOL = 12;
  private static final int CONNECT_SECONDS = 10;
  private static final int SILENCE_SECONDS = 30;

  /**
   * What every session begins with. The server, wherever it is, notices in seconds that this
   * machine has gone, and lets go of its locks.
   */
  private static final String BEGIN =
      "SET TIME ZONE 'UTC'; SET tcp_keepalives_idle = 5; SET tcp_keepalives_interval = 2; SET tcp_keepalives_count = 3; SET tcp_user_timeout = 15000";

  private final DatabaseSettings settings;
  private final Host host;
  private final HikariDataSource pool;
  private final Jdbi jdbi;
  private final Probe probe;

  /** A database that somebody else runs. */
  public Metadata(DatabaseSettings settings) {
    this(settings, Host.ELSEWHERE);
  }

  /**
   * Connects, and brings the schema to this version.
   *
   * @throws EcluseException DATABASE_UNREACHABLE; DATABASE_REFUSED for a wrong password or a
   *     missing right; CONFLICT for a schema that a newer version made
   */
  public Metadata(DatabaseSettings settings, Host host) {
    this.settings = settings;
    this.host = host;
    this.pool = open(settings);
    HostedConnections connections = new HostedConnections(pool, host);
    this.jdbi = Jdbi.create(connections);
    jdbi.getConfig(SqlStatements.class).setSqlLogger(connections);
    this.probe = new Probe(settings, properties(settings));
    jdbi.getConfig(StatementExceptions.class)
        .setMessageRendering(
            StatementExceptions.MessageRendering.NONE); // arguments may be personal
    jdbi.registerArgument(new InstantArgument());
    jdbi.registerColumnMapper(Instant.class, INSTANT);
  }

  /** Gives connections from the pool, which are given back by closing them. */
  public Jdbi jdbi() {
    return jdbi;
  }

  /**
   * A connection outside the pool, for what lives as long as the process: locks, notifications. The
   * caller closes it.
   */
  public Connection dedicatedConnection() throws SQLException {
    HostedConnections.requireNoOutage(host);
    return connect(settings);
  }

  /** Whether the database answers now; told within seconds, whatever the database does. */
  public boolean answers() {
    return probe.answers();
  }

  /** Why the database is away and does not come back by itself, as far as that is known. */
  public Optional<EcluseException> outage() {
    return host.outage().get();
  }

  private static HikariDataSource open(DatabaseSettings settings) {
    try (Connection connection = connect(settings)) {
      new Migrations(settings).apply(connection);
    } catch (SQLException e) {
      throw DatabaseErrors.of(settings, e);
    }
    HikariConfig config = new HikariConfig();
    config.setJdbcUrl(settings.jdbcUrl());
    config.setPoolName("metadata");
    config.setMaximumPoolSize(POOL);
    config.setMinimumIdle(1);
    config.setThreadFactory(Metadata::poolThread);
    config.setConnectionTimeout(CONNECT_SECONDS * 1_000L);
    config.setConnectionInitSql(BEGIN);
    config.setDataSourceProperties(properties(settings));
    config.addDataSourceProperty("reWriteBatchedInserts", "true");
    config.addDataSourceProperty("socketTimeout", String.valueOf(SILENCE_SECONDS));
    try {
      return new HikariDataSource(config);
    } catch (HikariPool.PoolInitializationException e) {
      throw DatabaseErrors.of(
          settings, e.getCause() instanceof SQLException sql ? sql : new SQLException(e));
    }
  }

  /** Its class loader is not that of the request which comes first: it outlives the web server. */
  private static Thread poolThread(Runnable work) {
    Thread thread = new Thread(work, "metadata-pool");
    thread.setDaemon(true);
    thread.setContextClassLoader(Metadata.class.getClassLoader());
    return thread;
  }

  static Connection connect(DatabaseSettings settings) throws SQLException {
    Connection connection = DriverManager.getConnection(settings.jdbcUrl(), properties(settings));
    try (Statement statement = connection.createStatement()) {
      statement.execute(BEGIN);
    }
    return connection;
  }

  private static Properties properties(DatabaseSettings settings) {
    Properties properties = new Properties();
    properties.setProperty("user", settings.user());
    if (!settings.password().isEmpty()) { // else the driver looks into ~/.pgpass
      properties.setProperty("password", settings.password());
    }
    properties.setProperty("currentSchema", SCHEMA);
    properties.setProperty("ApplicationName", "ecluse");
    properties.setProperty("tcpKeepAlive", "true");
    properties.setProperty("socketFactory", WatchfulSockets.class.getName());
    properties.setProperty("connectTimeout", String.valueOf(CONNECT_SECONDS));
    return properties;
  }

  @Override
  public void close() {
    pool.close();
  }

  private static final class InstantArgument extends AbstractArgumentFactory<Instant> {
    InstantArgument() {
      super(Types.TIMESTAMP_WITH_TIMEZONE);
    }

    @Override
    protected Argument build(Instant value, ConfigRegistry config) {
      return (position, statement, context) ->
          statement.setObject(position, value.atOffset(ZoneOffset.UTC));
    }
  }

  private static final ColumnMapper<Instant> INSTANT =
      (rows, column, context) -> {
        OffsetDateTime time = rows.getObject(column, OffsetDateTime.class);
        return time == null ? null : time.toInstant();
      };
}
