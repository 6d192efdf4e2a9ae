package io.ecluse.flow;

import io.ecluse.error.EcluseException;
import io.ecluse.error.ErrorCode;
import io.ecluse.project.Secrets;
import io.ecluse.project.SourceFile;
import io.ecluse.project.Template;
import io.ecluse.source.postgres.PostgresSourceSettings;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Makes the settings of a PostgreSQL, its secrets resolved at that moment.
 *
 * @param folder the project's, from which paths are seen
 */
record TargetSettings(Secrets secrets, Path folder) {
  private static final int LARGEST_PORT = 65_535;

  /** SECRET_MISSING; INVALID_PROJECT if a value resolves to none that is possible. */
  PostgresSourceSettings of(SourceTarget target) {
    SourceFile.Connection connection = target.connection();
    SourceFile.Extraction extraction = target.extraction();
    PostgresSourceSettings.Server server =
        new PostgresSourceSettings.Server(
            connection.host().resolve(secrets),
            port(target),
            connection.database().resolve(secrets),
            connection.user().resolve(secrets),
            connection.password().map(p -> p.resolve(secrets)).orElse(""),
            option(connection, "sslmode").orElse("prefer"),
            option(connection, "sslrootcert").map(f -> folder.resolve(f).toString()),
            extraction.connectTimeout());
    return new PostgresSourceSettings(
        target.name(),
        server,
        target.schema(),
        extraction.connections(),
        extraction.statementTimeout(),
        extraction.lockTimeout());
  }

  private Optional<String> option(SourceFile.Connection connection, String name) {
    return Optional.<Template>ofNullable(connection.options().get(name))
        .map(value -> value.resolve(secrets));
  }

  private int port(SourceTarget target) {
    String text = target.connection().port().resolve(secrets);
    try {
      int port = Integer.parseInt(text);
      if (port >= 1 && port <= LARGEST_PORT) {
        return port;
      }
    } catch (NumberFormatException e) {
      // said below, with the value
    }
    throw new EcluseException(
        ErrorCode.INVALID_PROJECT,
        "Source %s: connection.port must be 1 to 65535, but is '%s'"
            .formatted(target.name(), text));
  }
}
