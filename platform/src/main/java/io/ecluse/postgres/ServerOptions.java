package io.ecluse.postgres;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * How the server is told to behave: all on its command line, so that a new version brings its own.
 */
final class ServerOptions {
  /** Little memory, since the data is small; no file outside the folder; no row data in the log. */
  static final Map<String, String> FRUGAL =
      Map.ofEntries(
          Map.entry("shared_buffers", "32MB"),
          Map.entry("max_connections", "60"),
          Map.entry("dynamic_shared_memory_type", "mmap"),
          Map.entry("max_wal_size", "512MB"),
          Map.entry("autovacuum_max_workers", "1"),
          Map.entry("max_logical_replication_workers", "0"),
          Map.entry("max_wal_senders", "0"),
          Map.entry("wal_level", "minimal"),
          // a client that has gone without a word is noticed in seconds, and its locks with it
          Map.entry("tcp_keepalives_idle", "5"),
          Map.entry("tcp_keepalives_interval", "2"),
          Map.entry("tcp_keepalives_count", "3"),
          Map.entry("tcp_user_timeout", "15000"),
          Map.entry("client_connection_check_interval", "5000"),
          Map.entry("timezone", "UTC"),
          Map.entry("log_timezone", "UTC"),
          Map.entry("log_checkpoints", "off"),
          Map.entry("log_statement", "none"),
          Map.entry("log_error_verbosity", "terse"),
          Map.entry("log_min_error_statement", "panic"));

  /** What nobody may change: only this machine, only with the password. */
  private static final Map<String, String> FIXED =
      Map.of(
          "listen_addresses", "127.0.0.1",
          "unix_socket_directories", "",
          "password_encryption", "scram-sha-256",
          "lc_messages", "C");

  /** How often a password is hashed that is set from now on; since PostgreSQL 16. */
  static final String ROUNDS = "scram_iterations=1";

  private ServerOptions() {}

  /** The server's command line. */
  static List<String> command(Path binaries, Path data, int port, Map<String, String> own) {
    Map<String, String> options = new TreeMap<>(FRUGAL);
    options.putAll(own);
    options.putAll(FIXED);
    List<String> command =
        new ArrayList<>(
            List.of(
                binaries.resolve("bin/postgres").toString(),
                "-D",
                data.toString(),
                "-p",
                String.valueOf(port)));
    options.forEach((name, value) -> command.addAll(List.of("-c", name + "=" + value)));
    return command;
  }

  /** Nothing of the caller's environment or folder reaches PostgreSQL's programs. */
  static ProcessBuilder environment(ProcessBuilder builder) {
    Map<String, String> environment = builder.environment();
    environment.keySet().removeIf(name -> !name.equals("PATH"));
    environment.put("LC_ALL", "C");
    environment.put("TZ", "UTC");
    return builder.directory(Path.of("/").toFile());
  }
}
