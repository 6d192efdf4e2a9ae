package io.ecluse.scheduler;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import org.postgresql.PGConnection;
import org.postgresql.PGNotification;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A connection of the process's own: it listens for changes and, in a process with workers, holds
 * the lock that says the process is alive. If the database goes away, the process gives up its
 * tasks, connects again and registers anew.
 */
public final class Session implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Session.class);
  private static final int WAIT_MILLIS = 1_000;
  private static final int LONGEST_PAUSE_MILLIS = 2_000;

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

  void start() {
    thread.start();
  }

  private void loop() {
    int pause = 50;
    while (!stopping) {
      try (Connection opened = opener.open()) {
        connection = Optional.of(opened);
        listen(opened);
        pause = 50;
      } catch (SQLException e) {
        if (!stopping) {
          LOG.warn("Lost the metadata database, connecting again: {}", e.getMessage());
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
    if (settings.workers() > 0) {
      dispatcher.join(Workers.register(opened, settings.workers(), clock.instant()));
    }
    PGConnection postgres = opened.unwrap(PGConnection.class);
    while (!stopping) {
      PGNotification[] notifications = postgres.getNotifications(WAIT_MILLIS);
      if (notifications == null || notifications.length == 0) {
        try (Statement statement = opened.createStatement()) {
          statement.execute("SELECT 1"); // finds out whether the server is there still
        }
        continue;
      }
      for (PGNotification notification : notifications) {
        List<RunEvent> received =
            events.receive(settings.environment(), notification.getParameter());
        if (received.stream().anyMatch(e -> e.kind() == RunEvent.Kind.RUN)) {
          dispatcher.runsChanged();
        }
      }
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
