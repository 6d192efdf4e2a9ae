package io.ecluse;

import io.ecluse.metadata.DatabaseSettings;
import io.ecluse.metadata.Metadata;
import io.ecluse.postgres.PostgresServer;
import io.ecluse.postgres.PostgresSettings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.UUID;

/**
 * One real PostgreSQL for all tests of a JVM, stopped when it ends; every test makes databases of
 * its own in it.
 */
public final class Servers {
  private static final PostgresServer SERVER = start();

  private Servers() {}

  private static PostgresServer start() {
    try {
      Path folder = Files.createTempDirectory("ecluse-tests-");
      PostgresServer server = PostgresServer.open(new PostgresSettings(folder.resolve("postgres")));
      Runtime.getRuntime().addShutdownHook(new Thread(server::close));
      return server;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public static PostgresServer server() {
    return SERVER;
  }

  /** The name of a new, empty database. */
  public static String newDatabase() {
    String name = "t" + UUID.randomUUID().toString().replace("-", "");
    SERVER.ensureDatabase(name);
    return name;
  }

  /** Where a database is, for whoever wants to connect. */
  public static DatabaseSettings settings(String database) {
    return new DatabaseSettings(SERVER.jdbcUrl(database), SERVER.user(), SERVER.password());
  }

  /** Metadata in a new database. */
  public static Metadata newMetadata() {
    return new Metadata(settings(newDatabase()));
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
