package io.ecluse.source;

/**
 * The keys that files of databases have in common, as {@link io.ecluse.project.Keys} are written.
 */
public final class DatabaseKeys {
  /** Where a server is and who signs in, up to what is of its kind; the port is to be formatted. */
  public static final String SERVER =
      """
        host!: template  The server's name or address.
        port: 1..65535 or template  The server's port; %d unless said.
        database!: template  The database.
        user!: template  Who signs in; a user that may only read is enough.
        password: secret  A reference to the password.
      """;

  public static final String STATEMENT_TIMEOUT =
      """
        statement_timeout: duration  How long one statement may take; 1h unless said.
      """;

  public static final String CONNECT_TIMEOUT =
      """
        connect_timeout: duration  How long to wait for a connection; 10s unless said.
      """;

  private DatabaseKeys() {}
}
