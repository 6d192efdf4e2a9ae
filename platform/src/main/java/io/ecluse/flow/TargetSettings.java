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
            port(target.name(), connection),
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
            extraction.lockTimeout())
        .with(
            extraction.hiddenRows()
                ? PostgresSourceSettings.RowSecurity.APPLY
                : PostgresSourceSettings.RowSecurity.REFUSE);
  }

  /** An option of the driver, if the file has it. */
  Optional<String> option(SourceFile.Connection connection, String name) {
    return Optional.<Template>ofNullable(connection.options().get(name))
        .map(value -> value.resolve(secrets));
  }

  /** The port of the source of this name. */
  int port(String source, SourceFile.Connection connection) {
    String text = connection.port().resolve(secrets);
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
        "Source %s: connection.port must be 1 to 65535, but is '%s'".formatted(source, text));
  }
}
