package io.ecluse;

import io.ecluse.metadata.DatabaseSettings;
import io.ecluse.metadata.Metadata;
import io.ecluse.postgres.PostgresServer;
import io.ecluse.postgres.PostgresSettings;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import java.util.UUID;

/**
 * One real PostgreSQL for all tests of a JVM, stopped when it ends; every test makes databases of
 * its own in it.
 */
public final class Servers {
  private static final PostgresServer SERVER = start();

  private Servers() {}

  private static PostgresServer start() {
    Path folder = TemporaryFolders.create("ecluse-tests-");
    PostgresServer server =
        PostgresServer.open(new PostgresSettings(folder.resolve("postgres"), 0, Map.of()));
    Runtime.getRuntime().addShutdownHook(new Thread(() -> end(server, folder)));
    return server;
  }

  private static void end(PostgresServer server, Path folder) {
    server.close();
    TemporaryFolders.delete(folder);
  }

  /** Brought to this version once; others are copies of it, which takes a fraction of the time. */
  private static final class Migrated {
    private static final String NAME = newDatabase();

    static {
      new Metadata(settings(NAME)).close();
    }
  }

  public static PostgresServer server() {
    return SERVER;
  }

  /** The name of a new, empty database. */
  public static String newDatabase() {
    String name = newName();
    SERVER.ensureDatabase(name);
    return name;
  }

  /** The name of a new database that has the schema of this version, and nothing in it. */
  public static String newMigratedDatabase() {
    String name = newName();
    execute("postgres", "CREATE DATABASE %s TEMPLATE %s".formatted(name, Migrated.NAME));
    return name;
  }

  private static String newName() {
    return "t" + UUID.randomUUID().toString().replace("-", "");
  }

  /** Where a database is, for whoever wants to connect. */
  public static DatabaseSettings settings(String database) {
    return new DatabaseSettings(SERVER.jdbcUrl(database), SERVER.user(), SERVER.password());
  }

  /** Where a database is, as ECLUSE_DATABASE_URL says it. */
  public static String url(String database) {
    return "postgresql://%s:%s@127.0.0.1:%d/%s"
        .formatted(SERVER.user(), SERVER.password(), SERVER.port(), database);
  }

  /** Metadata in a new database. */
  public static Metadata newMetadata() {
    return new Metadata(settings(newMigratedDatabase()));
  }

  /** Runs statements in a database. */
  public static void execute(String database, String sql) {
    try (Connection connection = SERVER.connect(database);
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    } catch (SQLException e) {
      throw new AssertionError(sql, e);
    }
  }
}
