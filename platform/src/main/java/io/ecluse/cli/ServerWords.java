package io.ecluse.cli;

import io.ecluse.Dialect;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import picocli.CommandLine.Option;

/** Options that name a server that no file names yet. */
final class ServerWords {
  @Option(
      names = "--url",
      paramLabel = "URL",
      description =
          "as postgres://user@host:port/database, mariadb://user@host:port/database, or jdbc:… of any database; never with a password")
  private Optional<String> url = Optional.empty();

  @Option(names = "--host", paramLabel = "HOST", description = "the server's name or address")
  private Optional<String> host = Optional.empty();

  @Option(
      names = "--port",
      paramLabel = "PORT",
      description = "its port (default: 5432; of MariaDB 3306)")
  private Optional<Integer> port = Optional.empty();

  @Option(names = "--database", paramLabel = "NAME", description = "the database")
  private Optional<String> database = Optional.empty();

  @Option(names = "--user", paramLabel = "NAME", description = "who signs in")
  private Optional<String> user = Optional.empty();

  @Option(
      names = "--schema",
      paramLabel = "NAME",
      description = "the schema that holds the tables (default: public; of jdbc, the user's own)")
  private Optional<String> schema = Optional.empty();

  @Option(
      names = "--sslmode",
      paramLabel = "MODE",
      description = "disable, allow, prefer, require, verify-ca or verify-full (default: prefer)")
  private Optional<String> sslMode = Optional.empty();

  @Option(
      names = "--sslrootcert",
      paramLabel = "FILE",
      description = "the certificates to trust, for verify-ca and verify-full")
  private Optional<Path> sslRootCertificate = Optional.empty();

  @Option(
      names = "--driver-jar",
      paramLabel = "FILE",
      description = "the driver of a jdbc: URL, seen from the project's folder")
  private Optional<String> driverJar = Optional.empty();

  /**
   * What was said, single options over the URL; empty if nothing was.
   *
   * @param place where a path leads that was typed
   */
  Map<String, String> words(UnaryOperator<Path> place) {
    Map<String, String> words = new HashMap<>();
    url.map(Dialect.sourceWords()::of).ifPresent(words::putAll);
    host.ifPresent(v -> words.put("host", v));
    port.ifPresent(v -> words.put("port", String.valueOf(v)));
    database.ifPresent(v -> words.put("database", v));
    user.ifPresent(v -> words.put("user", v));
    schema.ifPresent(v -> words.put("schema", v));
    sslMode.ifPresent(v -> words.put("sslmode", v));
    driverJar.ifPresent(v -> words.put("driver_jar", v));
    sslRootCertificate.ifPresent(v -> words.put("sslrootcert", place.apply(v).toString()));
    return words;
  }
}
