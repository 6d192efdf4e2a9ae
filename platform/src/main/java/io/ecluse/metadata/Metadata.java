package io.ecluse.metadata;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.ecluse.error.EcluseException;
import io.ecluse.error.ErrorCode;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.sql.Types;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Properties;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.argument.AbstractArgumentFactory;
import org.jdbi.v3.core.argument.Argument;
import org.jdbi.v3.core.config.ConfigRegistry;
import org.jdbi.v3.core.mapper.ColumnMapper;
import org.jdbi.v3.core.statement.StatementExceptions;

/**
 * The metadata database: runs, catalog, users, state. Private or external, it is the same code.
 *
 * <p>Safe for use by several threads. {@link #close()} may be called twice.
 */
public final class Metadata implements AutoCloseable {
  /** Everything is in this schema; other programs' tables in the same database are left alone. */
  public static final String SCHEMA = "ecluse";

  /** The newest file in db/migration; a test compares. */
  static final String NEWEST_MIGRATION = "4";

  private static final int POOL = 12;

  private final DatabaseSettings settings;
  private final HikariDataSource pool;
  private final Jdbi jdbi;

  /**
   * Connects, and brings the schema to this version.
   *
   * @throws EcluseException DATABASE_UNREACHABLE, SOURCE_REFUSED for rights, CONFLICT for a schema
   *     that a newer version made
   */
  public Metadata(DatabaseSettings settings) {
    this.settings = settings;
    migrate(settings);
    HikariConfig config = new HikariConfig();
    config.setJdbcUrl(settings.jdbcUrl());
    config.setUsername(settings.user());
    config.setPassword(settings.password());
    config.setPoolName("metadata");
    config.setMaximumPoolSize(POOL);
    config.setMinimumIdle(1);
    config.setConnectionTimeout(10_000);
    config.addDataSourceProperty("currentSchema", SCHEMA);
    config.addDataSourceProperty("ApplicationName", "ecluse");
    config.addDataSourceProperty("reWriteBatchedInserts", "true");
    this.pool = new HikariDataSource(config);
    this.jdbi = Jdbi.create(pool);
    jdbi.getConfig(StatementExceptions.class)
        .setMessageRendering(
            StatementExceptions.MessageRendering.NONE); // arguments may be personal
    jdbi.registerArgument(new InstantArgument());
    jdbi.registerColumnMapper(Instant.class, INSTANT);
  }

  public Jdbi jdbi() {
    return jdbi;
  }

  public DataSource dataSource() {
    return pool;
  }

  /** A connection outside the pool, for what lives as long as the process: locks, notifications. */
  public Connection dedicatedConnection() throws SQLException {
    return open(settings);
  }

  private static Connection open(DatabaseSettings settings) throws SQLException {
    Properties properties = new Properties();
    properties.setProperty("user", settings.user());
    properties.setProperty("password", settings.password());
    properties.setProperty("currentSchema", SCHEMA);
    properties.setProperty("ApplicationName", "ecluse");
    properties.setProperty("tcpKeepAlive", "true");
    properties.setProperty("connectTimeout", "10");
    return DriverManager.getConnection(settings.jdbcUrl(), properties);
  }

  private static void migrate(DatabaseSettings settings) {
    try (Connection connection = open(settings)) {
      if (newest(connection).equals(NEWEST_MIGRATION)) {
        return;
      }
    } catch (SQLException e) {
      throw unreachable(settings, e);
    }
    try {
      Flyway.configure()
          .dataSource(settings.jdbcUrl(), settings.user(), settings.password())
          .schemas(SCHEMA)
          .defaultSchema(SCHEMA)
          .locations("classpath:db/migration")
          .load()
          .migrate();
    } catch (FlywayException e) {
      throw new EcluseException(
          ErrorCode.CONFLICT,
          "The metadata database %s could not be brought to this version: %s. User %s needs the right to make the schema: GRANT CREATE ON DATABASE … TO %s"
              .formatted(
                  settings.jdbcUrl(),
                  String.valueOf(e.getMessage()).lines().findFirst().orElse(""),
                  settings.user(),
                  settings.user()),
          e);
    }
  }

  /**
   * The newest migration that the database has had. Flyway itself needs a fifth of a second to find
   * out.
   */
  private static String newest(Connection connection) throws SQLException {
    try (var statement = connection.createStatement();
        ResultSet rows =
            statement.executeQuery(
                "SELECT to_regclass('ecluse.flyway_schema_history') IS NOT NULL")) {
      rows.next();
      if (!rows.getBoolean(1)) {
        return "";
      }
    }
    try (var statement = connection.createStatement();
        ResultSet rows =
            statement.executeQuery(
                "SELECT version FROM ecluse.flyway_schema_history WHERE success AND version IS NOT NULL ORDER BY installed_rank DESC LIMIT 1")) {
      return rows.next() ? rows.getString(1) : "";
    }
  }

  private static EcluseException unreachable(DatabaseSettings settings, SQLException e) {
    String state = String.valueOf(e.getSQLState());
    if (state.equals("28P01") || state.equals("28000")) {
      return new EcluseException(
          ErrorCode.SOURCE_REFUSED,
          "The metadata database at %s refused user %s: wrong password or no such user"
              .formatted(settings.jdbcUrl(), settings.user()),
          e);
    }
    return new EcluseException(
        ErrorCode.DATABASE_UNREACHABLE,
        "The metadata database at %s cannot be reached (%s); start it, or correct ECLUSE_DATABASE_URL"
            .formatted(
                settings.jdbcUrl(), String.valueOf(e.getMessage()).lines().findFirst().orElse("")),
        e);
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
        Timestamp timestamp = rows.getTimestamp(column);
        return timestamp == null ? null : timestamp.toInstant();
      };
}
