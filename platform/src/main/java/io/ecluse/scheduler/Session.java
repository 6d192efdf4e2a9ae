package io.ecluse.scheduler;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.postgresql.PGConnection;
import org.postgresql.PGNotification;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A connection of the process's own: it listens for changes and, in a process with workers, holds
 * the lock that says the process is alive. A process that takes tasks only when nobody else does
 * looks again and again whether that is so: the one that works may leave at any time. If the
 * database goes away, the process gives up its tasks, connects again and registers anew.
 */
public final class Session implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Session.class);
  private static final int SHORTEST_PAUSE_MILLIS = 50;
  private static final int ANSWER_MILLIS = 15_000;
  private static final int WAIT_MILLIS = 1_000;
  private static final int LONGEST_PAUSE_MILLIS = 500;
  private static final int LONGEST_WAIT_MILLIS = 2_000;

  /** How long nobody works at most, after who worked has gone. */
  private static final int STAND_IN_MILLIS = 200;

  /** Opens connections outside the pool. */
  public interface Opener {
    Connection open() throws SQLException;
  }

  private final Opener opener;
  private final SchedulerSettings settings;
  private final Clock clock;
  private final Events events;
  private final Dispatcher dispatcher;
  private final Thread thread;
  private final AtomicBoolean started = new AtomicBoolean();
  private final CountDownLatch listening = new CountDownLatch(1);
  private volatile boolean stopping;
  private volatile Optional<Connection> connection = Optional.empty();

  Session(
      Opener opener,
      SchedulerSettings settings,
      Clock clock,
      Events events,
      Dispatcher dispatcher) {
    this.opener = opener;
    this.settings = settings;
    this.clock = clock;
    this.events = events;
    this.dispatcher = dispatcher;
    this.thread = new Thread(this::loop, "scheduler-session");
    this.thread.setDaemon(true);
  }

  /** A second call does nothing. */
  void start() {
    if (started.compareAndSet(false, true)) {
      thread.start();
    }
  }

  /** Goes on once it hears of changes, or when the database does not answer. */
  void awaitListening() {
    try {
      if (!listening.await(LONGEST_WAIT_MILLIS, TimeUnit.MILLISECONDS)) {
        LOG.debug("Nothing is heard of changes yet");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void loop() {
    int pause = SHORTEST_PAUSE_MILLIS;
    while (!stopping) {
      try (Connection opened = opener.open()) {
        connection = Optional.of(opened);
        if (pause > SHORTEST_PAUSE_MILLIS) {
          LOG.info("Connected to the metadata database again");
        }
        pause = SHORTEST_PAUSE_MILLIS;
        listen(opened);
      } catch (SQLException e) {
        dispatcher.health().refused(e);
        if (!stopping && pause == SHORTEST_PAUSE_MILLIS) {
          LOG.warn(
              "Lost the metadata database; tasks of this process are given up, connecting until it answers: {}",
              e.getMessage());
        }
      }
      connection = Optional.empty();
      dispatcher.leave();
      if (!stopping) {
        pause(pause);
        pause = Math.min(LONGEST_PAUSE_MILLIS, pause * 2);
      }
    }
  }

  private void listen(Connection opened) throws SQLException {
    try (Statement statement = opened.createStatement()) {
      statement.execute("LISTEN " + Events.CHANNEL);
    }
    listening.countDown();
    opened.setNetworkTimeout(Runnable::run, ANSWER_MILLIS); // a server that is silent is lost too
    PGConnection postgres = opened.unwrap(PGConnection.class);
    boolean waits = settings.workers() > 0;
    while (!stopping) {
      if (waits && isOurTurn(opened)) {
        join(opened);
        waits = false;
      }
      PGNotification[] notifications =
          postgres.getNotifications(waits ? STAND_IN_MILLIS : WAIT_MILLIS);
      if (notifications == null || notifications.length == 0) {
        try (Statement statement = opened.createStatement()) {
          statement.execute("SELECT 1"); // finds out whether the server is there still
        }
        continue;
      }
      for (PGNotification notification : notifications) {
        hear(events.receive(notification.getParameter()));
      }
    }
  }

  private boolean isOurTurn(Connection opened) throws SQLException {
    return switch (settings.turn()) {
      case ALWAYS -> true;
      case WHEN_NOBODY_ELSE -> !Workers.anyAlive(opened, settings.environment());
    };
  }

  private void join(Connection opened) throws SQLException {
    dispatcher.join(
        Workers.register(opened, settings.environment(), settings.workers(), TaskLogs.now(clock)));
  }

  private void hear(Events.Received received) {
    if (received.isOwn()) {
      return; // the dispatcher knows what it did itself
    }
    if (received.events().stream().anyMatch(e -> e.kind() == RunEvent.Kind.RUN)) {
      dispatcher.runsChanged();
    } else if (received.events().stream().anyMatch(e -> e.kind() == RunEvent.Kind.TASK)) {
      dispatcher.tasksChanged();
    }
  }

  private static void pause(int millis) {
    try {
      Thread.sleep(millis);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    stopping = true;
    listening.countDown();
    connection.ifPresent(
        c -> {
          try {
            c.close();
          } catch (SQLException e) {
            LOG.debug("Closing the session failed", e);
          }
        });
    try {
      thread.join(3_000);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
