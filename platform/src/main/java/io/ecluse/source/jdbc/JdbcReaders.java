package io.ecluse.source.jdbc;

import io.ecluse.error.EcluseException;
import io.ecluse.error.ErrorCode;
import io.ecluse.source.Landing;
import io.ecluse.source.Throttle;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Reads pieces of tables, over every connection of a snapshot at once. What fails first is why all
 * of it fails; the others are ended. A connection that is lost is no failure as long as another
 * lives, which then reads the piece from its beginning.
 */
final class JdbcReaders {
  /** What a lost connection may look like; drivers say, too, that a value cannot be read. */
  private static final Set<ErrorCode> LOST =
      Set.of(
          ErrorCode.SOURCE_LOST,
          ErrorCode.SOURCE_UNREACHABLE,
          ErrorCode.TIMED_OUT,
          ErrorCode.DATA_INVALID);

  private final JdbcAccess access;
  private final Landing landing;
  private final Throttle throttle;
  private final Queue<Piece> queue = new ConcurrentLinkedQueue<>();
  private final Set<Connection> dead = ConcurrentHashMap.newKeySet();
  private final AtomicReference<@Nullable EcluseException> lost = new AtomicReference<>();

  /**
   * Rows that one statement reads, and where they go.
   *
   * @param counted how many there are, if they were counted by themselves
   */
  record Piece(JdbcTable table, Landing.Stream stream, OptionalLong counted) {
    Piece(JdbcTable table, Landing.Stream stream) {
      this(table, stream, OptionalLong.empty());
    }
  }

  JdbcReaders(JdbcAccess access, Landing landing, Throttle throttle) {
    this.access = access;
    this.landing = landing;
    this.throttle = throttle;
  }

  /** Reads pieces. Returns those that are left because every connection was lost. */
  List<Piece> read(List<Piece> pieces, List<Connection> connections) {
    queue.addAll(pieces);
    List<Connection> alive = connections;
    while (!queue.isEmpty() && !alive.isEmpty()) {
      landing.going().together(alive.stream().<Runnable>map(c -> () -> readAll(c)).toList());
      alive = alive.stream().filter(c -> !dead.contains(c)).toList();
    }
    List<Piece> left = new ArrayList<>(queue);
    queue.clear();
    return left;
  }

  /** What the last connection that was lost had to say. */
  EcluseException lost() {
    return Objects.requireNonNull(lost.get());
  }

  private void readAll(Connection connection) {
    Piece piece = queue.poll();
    while (piece != null && !landing.going().isOver()) {
      if (!isRead(connection, piece)) {
        return;
      }
      piece = queue.poll();
    }
  }

  /** Reads a piece; false, and the piece is for another, when the connection was lost. */
  private boolean isRead(Connection connection, Piece piece) {
    try {
      read(connection, piece);
      return true;
    } catch (EcluseException e) {
      lose(connection, e);
      queue.add(piece);
      return false;
    }
  }

  /**
   * Takes note that a connection was lost.
   *
   * @throws EcluseException what came of it, when it was not
   */
  void lose(Connection connection, EcluseException e) {
    landing.check(); // what a cancelled statement says is not why it ended
    if (!LOST.contains(e.code()) || JdbcConnections.isAlive(connection)) {
      throw e;
    }
    lost.set(e.code() == ErrorCode.DATA_INVALID ? access.errors().cut(e) : e);
    dead.add(connection);
  }

  private void read(Connection connection, Piece piece) {
    JdbcTable table = piece.table();
    try (PreparedStatement statement =
        access.statements().prepare(connection, table.select(), table)) {
      statement.setFetchSize(
          access.dialect().fetchSize(connection, table, table.fetchSize(throttle)));
      try (JdbcWork.Running running = access.work().begin(statement)) {
        read(statement, piece, running);
      }
    } catch (SQLException e) {
      throw access.errors().reading("reading table " + table.name(), e);
    }
  }

  private void read(PreparedStatement statement, Piece piece, JdbcWork.Running running)
      throws SQLException {
    JdbcTable table = piece.table();
    try (ResultSet rows = statement.executeQuery()) {
      try {
        long read =
            piece.stream()
                .write(
                    new JdbcRows(table, rows, access.errors(), access.work()),
                    table.rowBytes(),
                    throttle);
        if (read != piece.counted().orElse(read)) {
          throw access
              .errors()
              .error(
                  ErrorCode.SOURCE_CHANGED,
                  "%d rows of a range of %s were read, but it counts %d; nothing of this extract is kept"
                      .formatted(read, table.name(), piece.counted().getAsLong()));
        }
      } catch (EcluseException e) {
        running.cancel(); // else drivers read what is left before they close it
        throw e;
      }
    }
  }
}
