package io.ecluse.source.jdbc;

import io.ecluse.error.EcluseException;
import io.ecluse.error.ErrorCode;
import io.ecluse.source.Landing;
import io.ecluse.source.Throttle;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Reads pieces of tables, over every connection of a snapshot at once. What fails first is why all
 * of it fails; the others are ended. A connection that is lost is no failure as long as another
 * lives, which then reads the piece from its beginning.
 */
final class JdbcReaders {
  private static final Set<ErrorCode> LOST =
      Set.of(ErrorCode.SOURCE_LOST, ErrorCode.SOURCE_UNREACHABLE, ErrorCode.TIMED_OUT);

  private final JdbcStatements statements;
  private final JdbcErrors errors;
  private final Landing landing;
  private final Throttle throttle;
  private final Queue<Piece> queue = new ConcurrentLinkedQueue<>();
  private final Set<Statement> running = ConcurrentHashMap.newKeySet();
  private final Set<Connection> dead = ConcurrentHashMap.newKeySet();
  private final AtomicReference<Optional<EcluseException>> lost =
      new AtomicReference<>(Optional.empty());
  private final AtomicReference<Optional<RuntimeException>> failure =
      new AtomicReference<>(Optional.empty());

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

  JdbcReaders(JdbcStatements statements, JdbcErrors errors, Landing landing, Throttle throttle) {
    this.statements = statements;
    this.errors = errors;
    this.landing = landing;
    this.throttle = throttle;
  }

  /** Reads pieces. Returns those that are left because every connection was lost. */
  List<Piece> read(List<Piece> pieces, List<Connection> connections) {
    queue.addAll(pieces);
    landing.whenCancelled(this::end);
    List<Connection> alive = connections;
    while (!queue.isEmpty() && !alive.isEmpty() && failure.get().isEmpty()) {
      readOver(alive);
      alive = alive.stream().filter(c -> !dead.contains(c)).toList();
    }
    landing.whenCancelled(() -> {});
    landing.check(); // what a cancelled statement says is not why it ended
    failure
        .get()
        .ifPresent(
            e -> {
              throw e;
            });
    List<Piece> left = new ArrayList<>(queue);
    queue.clear();
    return left;
  }

  /** What the last connection that was lost had to say. */
  EcluseException lost() {
    return lost.get().orElseThrow();
  }

  private void readOver(List<Connection> connections) {
    List<Thread> threads = new ArrayList<>();
    for (Connection connection : connections.subList(1, connections.size())) {
      Thread thread = new Thread(() -> readAll(connection), "extract-" + landing.source());
      thread.setDaemon(true);
      thread.start();
      threads.add(thread);
    }
    readAll(connections.get(0));
    join(threads);
  }

  private void readAll(Connection connection) {
    try {
      Piece piece = queue.poll();
      while (piece != null && failure.get().isEmpty()) {
        if (!isRead(connection, piece)) {
          return;
        }
        piece = queue.poll();
      }
    } catch (EcluseException e) {
      fail(e);
    } catch (RuntimeException e) {
      fail(new EcluseException(ErrorCode.INTERNAL, "The extract failed: " + e, e));
    }
  }

  /** Reads a piece; false, and the piece is for another, when the connection was lost. */
  private boolean isRead(Connection connection, Piece piece) {
    try {
      read(connection, piece);
      return true;
    } catch (EcluseException e) {
      if (!LOST.contains(e.code())
          || landing.isCancelled()
          || JdbcConnections.isAlive(connection)) {
        throw e;
      }
      lost.set(Optional.of(e));
      dead.add(connection);
      queue.add(piece);
      return false;
    }
  }

  private void read(Connection connection, Piece piece) {
    JdbcTable table = piece.table();
    try (PreparedStatement statement = statements.prepare(connection, table.select(), table)) {
      statement.setFetchSize(table.fetchSize(throttle));
      running.add(statement);
      try (ResultSet rows = statement.executeQuery()) {
        landing.check();
        long read =
            piece.stream().write(new JdbcRows(table, rows, errors), table.rowBytes(), throttle);
        if (read != piece.counted().orElse(read)) {
          throw errors.error(
              ErrorCode.SOURCE_CHANGED,
              "%d rows of a range of %s were read, but it counts %d; nothing of this extract is kept"
                  .formatted(read, table.name(), piece.counted().getAsLong()));
        }
      } finally {
        running.remove(statement);
      }
    } catch (SQLException e) {
      throw errors.reading("reading table " + table.name(), e);
    }
  }

  private void fail(RuntimeException e) {
    if (failure.compareAndSet(Optional.empty(), Optional.of(e))) {
      end();
    }
  }

  private void end() {
    for (Statement statement : running) {
      try {
        statement.cancel();
      } catch (SQLException ignored) {
        // it has ended already, or cannot be cancelled; the next batch of rows will end it
      }
    }
  }

  private void join(List<Thread> threads) {
    try {
      for (Thread thread : threads) {
        thread.join();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      fail(new EcluseException(ErrorCode.CANCELLED, "The extract was interrupted", e));
    }
  }
}
