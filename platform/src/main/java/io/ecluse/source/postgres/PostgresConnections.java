package io.ecluse.source.postgres;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.stream.Collectors;

/** Opens connections that cannot change anything and that the server ends if we forget them. */
record PostgresConnections(PostgresSourceSettings settings, PostgresErrors errors) {
  private static final int SLOWED_BUFFER_BYTES = 64 << 10;

  /** A connection in a read-only transaction that sees one moment. */
  Connection open() {
    Connection connection = openIdle();
    try {
      connection.setAutoCommit(false);
      return connection;
    } catch (SQLException e) {
      throw errors.connecting(e);
    }
  }

  /** A connection that may only read, each query a transaction of its own. */
  Connection openIdle() {
    PostgresSourceSettings.Server server = settings.server();
    Properties properties = new Properties();
    properties.setProperty("user", server.user());
    properties.setProperty("password", server.password());
    properties.setProperty("ApplicationName", "ecluse extract " + settings.name());
    properties.setProperty("sslmode", server.sslMode());
    server.sslRootCertificate().ifPresent(f -> properties.setProperty("sslrootcert", f));
    properties.setProperty("tcpKeepAlive", "true");
    properties.setProperty("connectTimeout", seconds(server.connectTimeout().toSeconds()));
    properties.setProperty("loginTimeout", seconds(server.connectTimeout().toSeconds()));
    properties.setProperty("defaultRowFetchSize", "1000");
    if (settings.terms().limits().isSlowed()) {
      // else the server would work ahead, in bursts, as far as the network takes it
      properties.setProperty("receiveBufferSize", String.valueOf(SLOWED_BUFFER_BYTES));
    } else {
      properties.setProperty("socketFactory", BigReads.class.getName());
    }
    properties.setProperty("assumeMinServerVersion", "10");
    String url =
        "jdbc:postgresql://%s:%d/%s"
            .formatted(bracketed(server.host()), server.port(), server.database());
    try {
      Connection connection = DriverManager.getConnection(url, properties);
      try {
        begin(connection);
        return connection;
      } catch (SQLException e) {
        connection.close();
        throw e;
      }
    } catch (SQLException e) {
      throw errors.connecting(e);
    }
  }

  /** A connection that sees the moment of another's exported snapshot. */
  Connection open(String snapshot) {
    Connection connection = open();
    try (Statement statement = connection.createStatement()) {
      statement.execute("SET TRANSACTION SNAPSHOT '" + snapshot.replace("'", "") + "'");
      return connection;
    } catch (SQLException e) {
      try {
        connection.close();
      } catch (SQLException suppressed) {
        e.addSuppressed(suppressed);
      }
      throw errors.reading("sharing the snapshot", e);
    }
  }

  /** All in one message: a far server answers it once. */
  private void begin(Connection connection) throws SQLException {
    connection.setAutoCommit(true);
    connection.setReadOnly(true);
    List<String> values =
        new ArrayList<>(
            List.of(
                "statement_timeout = " + settings.session().statementTimeout().toMillis(),
                "lock_timeout = " + settings.session().lockTimeout().toMillis(),
                "idle_in_transaction_session_timeout = 0",
                // one process of the server for each of our connections, and no more
                "max_parallel_workers_per_gather = 0",
                "default_transaction_isolation = 'repeatable read'",
                "extra_float_digits = 1",
                "DateStyle = 'ISO'",
                "IntervalStyle = 'iso_8601'",
                "bytea_output = 'hex'"));
    if (settings.session().rowSecurity() == PostgresSourceSettings.RowSecurity.REFUSE) {
      values.add("row_security = off"); // then hidden rows are an error
    }
    try (Statement statement = connection.createStatement()) {
      statement.execute(values.stream().map(v -> "SET " + v).collect(Collectors.joining("; ")));
    }
  }

  private static String bracketed(String host) {
    return host.contains(":") && !host.startsWith("[") ? "[" + host + "]" : host;
  }

  private static String seconds(long seconds) {
    return String.valueOf(Math.max(1, seconds));
  }
}
