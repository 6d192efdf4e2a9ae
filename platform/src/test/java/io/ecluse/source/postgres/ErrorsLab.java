package io.ecluse.source.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.ecluse.Servers;
import io.ecluse.error.EcluseException;
import io.ecluse.source.postgres.PostgresSourceSettings.Server;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.io.TempDir;

/** Meets what a PostgreSQL refuses. */
abstract class ErrorsLab {
  /** For servers that answer, on however busy a machine. */
  static final Duration PATIENCE = Duration.ofSeconds(30);

  @TempDir Path folder;

  static Server server(String host, int port, String database, String user) {
    return new Server(
        host, port, database, user, "wrong-secret", "disable", Optional.empty(), PATIENCE);
  }

  static Server local(String database, String user, String password, String sslMode) {
    return new Server(
        "127.0.0.1",
        Servers.server().port(),
        database,
        user,
        password,
        sslMode,
        Optional.empty(),
        PATIENCE);
  }

  static EcluseException connecting(Server server) {
    PostgresSourceSettings settings = UnknownErp.settings(server, "public");
    EcluseException e =
        catchThrowableOfType(
            EcluseException.class,
            () -> new PostgresConnections(settings, new PostgresErrors(settings)).open().close());
    assertThat(e).as("connecting to " + server).isNotNull();
    assertThat(e).hasMessageStartingWith("Source erp: ");
    assertThat(e.getMessage()).doesNotContain("secret-").doesNotContain("wrong-secret");
    return e;
  }

  /** What reading says, after something was done to the connection that reads. */
  static EcluseException reading(PostgresSourceSettings settings, String sql, Runnable before) {
    PostgresErrors errors = new PostgresErrors(settings);
    try (Connection connection = new PostgresConnections(settings, errors).open();
        Statement statement = connection.createStatement()) {
      before.run();
      statement.execute(sql);
    } catch (SQLException e) {
      return errors.reading("reading table students", e);
    }
    throw new AssertionError("Nothing failed: " + sql);
  }
}
