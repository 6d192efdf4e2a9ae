package io.ecluse;

import io.ecluse.metadata.DatabaseSettings;
import io.ecluse.metadata.Host;
import io.ecluse.postgres.Login;
import io.ecluse.postgres.PostgresServer;
import io.ecluse.postgres.PostgresSettings;
import io.ecluse.postgres.Upgrading;
import io.ecluse.project.Secrets;
import io.ecluse.project.Settings;
import io.ecluse.warehouse.Home;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * The database that holds a project's metadata: what {@link Platform#DATABASE_URL} names, else what
 * {@code ecluse.yaml} does, else a private server, which is stopped when this is closed.
 */
record ProjectDatabase(DatabaseSettings settings, Host host, Home home, AutoCloseable server)
    implements AutoCloseable {
  private static final String NAME = "ecluse";

  /**
   * @param state the project's folder of state
   */
  static ProjectDatabase open(
      Map<String, String> variables,
      Path state,
      Optional<Settings.Database> configured,
      Secrets secrets) {
    Optional<String> url = url(variables);
    if (url.isPresent()) {
      return shared(DatabaseUrl.settings(url.get(), secrets));
    }
    if (configured.isPresent()) {
      Settings.Database database = configured.get();
      DatabaseSettings parsed = DatabaseSettings.parse(database.url().resolve(secrets));
      return shared(
          new DatabaseSettings(
              parsed.jdbcUrl(),
              database.user().map(u -> u.resolve(secrets)).orElse(parsed.user()),
              database.password().map(p -> p.resolve(secrets)).orElse(parsed.password())));
    }
    PostgresServer server =
        PostgresServer.open(
            new PostgresSettings(
                state.resolve("postgres"), Upgrading.of(NAME, new MetadataCarrier(), variables)));
    try {
      Login login = server.ensureOwnedDatabase(NAME);
      return new ProjectDatabase(
          new DatabaseSettings(server.jdbcUrl(NAME), login.user(), login.password()),
          new Host(server::outage, Optional.of(server.folder())),
          new Home(server.folder().toString(), Home.Kind.PRIVATE),
          server);
    } catch (RuntimeException | Error e) {
      server.close();
      throw e;
    }
  }

  /** What the environment variable names. */
  static Optional<String> url(Map<String, String> variables) {
    return Optional.ofNullable(variables.get(Platform.DATABASE_URL)).filter(u -> !u.isBlank());
  }

  private static ProjectDatabase shared(DatabaseSettings settings) {
    return new ProjectDatabase(
        settings, Host.ELSEWHERE, new Home(settings.toString(), Home.Kind.SHARED), () -> {});
  }

  @Override
  public void close() {
    try {
      server.close();
    } catch (RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new AssertionError("A server throws no checked exception", e);
    }
  }
}
