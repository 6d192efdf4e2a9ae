package io.ecluse.source.jdbc;

import io.ecluse.error.EcluseException;
import io.ecluse.source.ExtractListener;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/**
 * Connections that see the database as of one moment: one, or several where the database lets them
 * begin together. Closed by {@link #close()}.
 */
final class JdbcSnapshot implements AutoCloseable {
  /** One holds commits for a moment; then one feels the pulse. */
  private static final int SPARE = 1;

  private final List<JdbcConnections.Open> open;
  private final String position;

  private JdbcSnapshot(List<JdbcConnections.Open> open, String position) {
    this.open = open;
    this.position = position;
  }

  /**
   * Opens them.
   *
   * @param width how many are wanted; there are fewer when they could not begin at one moment
   */
  static JdbcSnapshot open(
      JdbcConnections connections, Dialect dialect, int width, ExtractListener listener)
      throws SQLException {
    List<JdbcConnections.Open> open = new ArrayList<>();
    try {
      if (width > 1) {
        try {
          return together(connections, dialect, width, open);
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
      open.add(connections.open());
      return new JdbcSnapshot(open, dialect.begin(open.get(0).connection()));
    } catch (SQLException | EcluseException e) {
      closeAll(open);
      throw e;
    }
  }

  private static JdbcSnapshot together(
      JdbcConnections connections, Dialect dialect, int width, List<JdbcConnections.Open> open)
      throws SQLException {
    for (int i = 0; i < width; i++) {
      open.add(connections.open());
    }
    String position = "";
    try (JdbcConnections.Open holder = connections.open();
        AutoCloseable held = dialect.hold(holder.connection())) {
      for (JdbcConnections.Open each : open) {
        position = dialect.begin(each.connection());
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

  List<JdbcConnections.Open> connections() {
    return List.copyOf(open);
  }

  String position() {
    return position;
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
