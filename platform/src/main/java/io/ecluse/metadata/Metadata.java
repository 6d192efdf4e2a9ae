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
import java.util.Properties;
import javax.sql.DataSource;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.argument.AbstractArgumentFactory;
import org.jdbi.v3.core.argument.Argument;
import org.jdbi.v3.core.config.ConfigRegistry;
import org.jdbi.v3.core.mapper.ColumnMapper;
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
  private static final String IN_UTC = "SET TIME ZONE 'UTC'";

  private final DatabaseSettings settings;
  private final HikariDataSource pool;
  private final Jdbi jdbi;

  /**
   * Connects, and brings the schema to this version.
   *
   * @throws EcluseException DATABASE_UNREACHABLE; DATABASE_REFUSED for a wrong password or a
   *     missing right; CONFLICT for a schema that a newer version made
   */
  public Metadata(DatabaseSettings settings) {
    this.settings = settings;
    this.pool = open(settings);
    this.jdbi = Jdbi.create(pool);
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

  public DataSource dataSource() {
    return pool;
  }

  /**
   * A connection outside the pool, for what lives as long as the process: locks, notifications. The
   * caller closes it.
   */
  public Connection dedicatedConnection() throws SQLException {
    return connect(settings);
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
    config.setConnectionTimeout(CONNECT_SECONDS * 1_000L);
    config.setConnectionInitSql(IN_UTC);
    config.setDataSourceProperties(properties(settings));
    config.addDataSourceProperty("reWriteBatchedInserts", "true");
    try {
      return new HikariDataSource(config);
    } catch (HikariPool.PoolInitializationException e) {
      throw DatabaseErrors.of(
          settings, e.getCause() instanceof SQLException sql ? sql : new SQLException(e));
    }
  }

  private static Connection connect(DatabaseSettings settings) throws SQLException {
    Connection connection = DriverManager.getConnection(settings.jdbcUrl(), properties(settings));
    try (Statement statement = connection.createStatement()) {
      statement.execute(IN_UTC);
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
