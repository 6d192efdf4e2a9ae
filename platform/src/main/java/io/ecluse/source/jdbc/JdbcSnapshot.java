package io.ecluse.source.jdbc;

import io.ecluse.error.EcluseException;
import io.ecluse.source.ExtractListener;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/**
 * Connections that see the database as of one moment: one, or several where the database lets them
 * begin together. Closed by {@link #close()}.
 */
record JdbcSnapshot(List<JdbcConnections.Open> open, String position) implements AutoCloseable {
  /** One holds commits for a moment; then one feels the pulse. */
  private static final int SPARE = 1;

  /** Opens as many as the project wants, or fewer when they could not begin at one moment. */
  static JdbcSnapshot open(JdbcAccess access, ExtractListener listener) throws SQLException {
    int width = access.width();
    List<JdbcConnections.Open> open = new ArrayList<>();
    try {
      if (width > 1) {
        try {
          return together(access, open);
        } catch (SQLException e) {
          closeAll(open);
          open.clear();
          listener.log(
              "Reading over one connection instead of %d: commits could not be held for a moment (%s); GRANT RELOAD ON *.* to the user, or set extract.connections to 1"
                  .formatted(width, reason(e)));
        } catch (EcluseException e) {
          if (open.isEmpty() || !(e.getCause() instanceof SQLException)) {
            throw e;
          }
          closeAll(open);
          open.clear();
          listener.log(
              "Reading over one connection instead of %d: the database gave no more (%s); allow the user %d of them, or set extract.connections to 1"
                  .formatted(width, reason((SQLException) e.getCause()), width + SPARE));
        }
      }
      open.add(access.connections().open());
      return new JdbcSnapshot(open, access.dialect().begin(open.get(0).connection()));
    } catch (SQLException | EcluseException e) {
      closeAll(open);
      throw e;
    }
  }

  private static JdbcSnapshot together(JdbcAccess access, List<JdbcConnections.Open> open)
      throws SQLException {
    while (open.size() < access.width()) {
      open.add(access.connections().open());
    }
    String position = "";
    try (JdbcConnections.Open holder = access.connections().open();
        AutoCloseable held = access.dialect().hold(holder.connection())) {
      for (JdbcConnections.Open each : open) {
        position = access.dialect().begin(each.connection());
      }
    } catch (SQLException | EcluseException e) {
      throw e;
    } catch (Exception e) {
      throw new SQLException(e);
    }
    return new JdbcSnapshot(open, position);
  }

  /** Why, in the database's words, which name no value. */
  private static String reason(SQLException e) {
    return "error %d, SQLSTATE %s".formatted(e.getErrorCode(), e.getSQLState());
  }

  List<Connection> connections() {
    return open.stream().map(JdbcConnections.Open::connection).toList();
  }

  private static void closeAll(List<JdbcConnections.Open> open) {
    for (JdbcConnections.Open each : open) {
      try {
        each.close();
      } catch (SQLException e) {
        // gone already, which is what we want
      }
    }
  }

  @Override
  public void close() {
    closeAll(open);
  }
}
