package io.ecluse.source.jdbc;

import io.ecluse.error.EcluseException;
import io.ecluse.error.ErrorCode;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * What an extract has running, so that another thread can end it. Safe for use by several threads.
 */
final class JdbcWork {
  /** A server that does not heed a cancellation for so long loses the connection. */
  private static final int HEEDS_WITHIN_SECONDS = 10;

  private final Set<Running> running = ConcurrentHashMap.newKeySet();
  private volatile boolean ended;

  /** A statement that runs until this is closed. */
  final class Running implements AutoCloseable {
    private final Statement statement;
    private final Connection connection;
    private final CountDownLatch over = new CountDownLatch(1);

    private Running(Statement statement) throws SQLException {
      this.statement = statement;
      this.connection = statement.getConnection();
    }

    /**
     * Has the server stop, rather than a driver read all that is left, when rows are not wanted.
     */
    void cancel() {
      try {
        statement.cancel();
      } catch (SQLException e) {
        // it has ended already, or cannot be cancelled; the next row ends it
      }
    }

    private void abortUnlessOver() {
      try {
        if (!over.await(HEEDS_WITHIN_SECONDS, TimeUnit.SECONDS)) {
          connection.abort(Runnable::run);
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      } catch (SQLException e) {
        // gone already
      }
    }

    @Override
    public void close() {
      running.remove(this);
      over.countDown();
    }
  }

  /**
   * Takes a statement that is about to run.
   *
   * @throws EcluseException CANCELLED when all was ended
   */
  Running begin(Statement statement) throws SQLException {
    Running begun = new Running(statement);
    running.add(begun);
    if (ended) {
      begun.close();
      throw cancelled();
    }
    return begun;
  }

  /**
   * Makes sure that rows are still wanted.
   *
   * @throws EcluseException CANCELLED
   */
  void check() {
    if (ended) {
      throw cancelled();
    }
  }

  private static EcluseException cancelled() {
    return ErrorCode.CANCELLED.error("The extract was ended");
  }

  /**
   * Ends all that runs, and lets nothing begin any more. Waits for nothing: cancelling may need a
   * connection, which a server that stands still does not give.
   */
  void end() {
    ended = true;
    for (Running each : running) {
      background(each::cancel);
      background(each::abortUnlessOver);
    }
  }

  private static void background(Runnable action) {
    Thread thread = new Thread(action, "extract-end");
    thread.setDaemon(true);
    thread.start();
  }
}
