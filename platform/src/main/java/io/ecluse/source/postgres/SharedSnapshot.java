package io.ecluse.source.postgres;

import io.ecluse.error.EcluseException;
import io.ecluse.error.ErrorCode;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.postgresql.PGConnection;

/**
 * One moment of a server, seen by several connections. Each that sees it exports it anew, so it
 * lives as long as any of them, whichever opened it (PostgreSQL documentation, "Snapshot
 * Synchronization Functions"). Safe for use by several threads.
 */
final class SharedSnapshot implements AutoCloseable {
  private final PostgresConnections connections;
  private final PostgresErrors errors;

  /** Connections that see the moment, each with the name under which it has exported it. */
  private final Map<Connection, String> holders = new LinkedHashMap<>();

  private final Connection first;

  /** Why a connection left that had to, the latest one. */
  private volatile Optional<EcluseException> lost = Optional.empty();

  private volatile boolean givenUp;

  /** Takes the moment that is now. */
  SharedSnapshot(PostgresConnections connections, PostgresErrors errors) {
    this.connections = connections;
    this.errors = errors;
    this.first = connections.open();
    add(first);
  }

  /** The connection that was there first; maybe lost by now. */
  Connection first() {
    return first;
  }

  /**
   * One more connection that sees the moment; to be given back with {@link #leave}. None when the
   * moment was given up and nobody sees it any more.
   *
   * @throws EcluseException SOURCE_LOST when no connection is left that holds it
   */
  Optional<Connection> join() {
    for (Map.Entry<Connection, String> holder : holders()) {
      try {
        Connection connection = connections.open(holder.getValue());
        add(connection);
        return Optional.of(connection);
      } catch (EcluseException e) {
        if (PostgresErrors.isConnectionLost(e)) {
          throw e;
        }
        leave(holder.getKey(), e);
      }
    }
    if (givenUp) {
      return Optional.empty();
    }
    String text =
        "no connection is left that sees the snapshot, and no other can see it any more; nothing of this extract is kept, the next attempt reads everything as of a new moment";
    throw lost.map(why -> errors.error(ErrorCode.SOURCE_LOST, text, why))
        .orElseGet(() -> errors.error(ErrorCode.SOURCE_LOST, text));
  }

  private synchronized List<Map.Entry<Connection, String>> holders() {
    return List.copyOf(holders.entrySet());
  }

  private void add(Connection connection) {
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("SELECT pg_export_snapshot()")) {
      rows.next();
      String name = rows.getString(1);
      synchronized (this) {
        holders.put(connection, name);
      }
    } catch (SQLException e) {
      leave(connection);
      throw errors.reading("sharing the snapshot", e);
    }
  }

  /** Holds the moment no longer; it ends with the connections that still read in it. */
  void giveUp() {
    givenUp = true;
    leave(first);
  }

  /** Closes a connection, which need not work any more. */
  void leave(Connection connection) {
    synchronized (this) {
      holders.remove(connection);
    }
    try {
      connection.close();
    } catch (SQLException e) {
      // it was lost, which is why it goes
    }
  }

  /** Closes a connection that has failed, and keeps why. */
  void leave(Connection connection, EcluseException why) {
    lost = Optional.of(why);
    leave(connection);
  }

  /** Has whatever the connections wait for end. */
  void cancel() {
    holders().forEach(holder -> cancel(holder.getKey()));
  }

  /** Has whatever a connection waits for end. */
  static void cancel(Connection connection) {
    try {
      connection.unwrap(PGConnection.class).cancelQuery();
    } catch (SQLException ignored) {
      // it has ended already, which is what we want
    }
  }

  @Override
  public void close() {
    holders().forEach(holder -> leave(holder.getKey()));
  }
}
