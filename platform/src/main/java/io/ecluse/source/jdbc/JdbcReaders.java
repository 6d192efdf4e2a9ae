package io.ecluse.source.jdbc;

import io.ecluse.error.EcluseException;
import io.ecluse.error.ErrorCode;
import io.ecluse.source.Landing;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Reads pieces of tables, over every connection of a snapshot at once. What fails first is why all
 * of it fails; the others are ended.
 */
final class JdbcReaders {
  private final JdbcStatements statements;
  private final JdbcErrors errors;
  private final Landing landing;
  private final Queue<Piece> queue = new ConcurrentLinkedQueue<>();
  private final Set<Statement> running = ConcurrentHashMap.newKeySet();
  private final AtomicReference<Optional<RuntimeException>> failure =
      new AtomicReference<>(Optional.empty());

  /** Rows that one statement reads, and where they go. */
  record Piece(JdbcTable table, Landing.Stream stream) {}

  JdbcReaders(JdbcStatements statements, JdbcErrors errors, Landing landing) {
    this.statements = statements;
    this.errors = errors;
    this.landing = landing;
  }

  /** Reads all pieces. */
  void read(List<Piece> pieces, List<Connection> connections) {
    queue.addAll(pieces);
    landing.whenCancelled(this::end);
    List<Thread> threads = new ArrayList<>();
    for (Connection connection : connections.subList(1, connections.size())) {
      Thread thread = new Thread(() -> readAll(connection), "extract-" + landing.source());
      thread.setDaemon(true);
      thread.start();
      threads.add(thread);
    }
    readAll(connections.get(0));
    join(threads);
    landing.whenCancelled(() -> {});
    if (failure.get().isPresent()) {
      landing.check(); // what a cancelled statement says is not why it ended
      throw failure.get().get();
    }
  }

  private void readAll(Connection connection) {
    try {
      Piece piece = queue.poll();
      while (piece != null && failure.get().isEmpty()) {
        read(connection, piece);
        piece = queue.poll();
      }
    } catch (EcluseException e) {
      fail(e);
    } catch (RuntimeException e) {
      fail(new EcluseException(ErrorCode.INTERNAL, "The extract failed: " + e, e));
    }
  }

  private void read(Connection connection, Piece piece) {
    JdbcTable table = piece.table();
    try (PreparedStatement statement = statements.prepare(connection, table.select(), table)) {
      statement.setFetchSize(table.fetchSize());
      running.add(statement);
      try (ResultSet rows = statement.executeQuery()) {
        landing.check();
        piece.stream().write(new JdbcRows(table, rows, errors), table.rowBytes());
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
