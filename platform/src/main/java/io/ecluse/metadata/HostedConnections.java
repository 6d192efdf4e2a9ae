package io.ecluse.metadata;

import io.ecluse.error.DiskFull;
import io.ecluse.error.EcluseException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;
import javax.sql.DataSource;
import org.jdbi.v3.core.ConnectionFactory;
import org.jdbi.v3.core.statement.SqlLogger;
import org.jdbi.v3.core.statement.StatementContext;

/**
 * Connections of a pool. Why there are none, or why a statement could not write, is told with what
 * the host knows: who waits for the database need not wait for one that will not come.
 */
record HostedConnections(DataSource pool, Host host) implements ConnectionFactory, SqlLogger {
  @Override
  public Connection openConnection() throws SQLException {
    requireNoOutage(host);
    try {
      return pool.getConnection();
    } catch (SQLException e) {
      requireNoOutage(host); // found out meanwhile
      throw e;
    }
  }

  static void requireNoOutage(Host host) throws SQLException {
    Optional<EcluseException> outage = host.outage().get();
    if (outage.isPresent()) {
      throw new SQLException(outage.get().getMessage(), DiskFull.SQL_STATE, outage.get());
    }
  }

  @Override
  public void logException(StatementContext context, SQLException e) {
    if (DiskFull.SQL_STATE.equals(e.getSQLState())) {
      e.addSuppressed(host.full(e));
    }
  }
}
