package io.ecluse.postgres;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * A private server.
 *
 * @param folder everything of the server, made if absent
 * @param port where to listen on 127.0.0.1; 0 to choose a free port when the folder is made and
 *     keep it
 * @param options settings of postgresql.conf, over the frugal defaults
 * @param upgrading what to do with data of an older major version; without, they are refused
 */
public record PostgresSettings(
    Path folder, int port, Map<String, String> options, Optional<Upgrading> upgrading) {
  public PostgresSettings {
    folder = folder.toAbsolutePath().normalize();
    options = Map.copyOf(options);
  }

  public PostgresSettings(Path folder, int port, Map<String, String> options) {
    this(folder, port, options, Optional.empty());
  }

  public PostgresSettings(Path folder, Upgrading upgrading) {
    this(folder, 0, Map.of(), Optional.of(upgrading));
  }
}
