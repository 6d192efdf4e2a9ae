package io.ecluse.metadata;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Properties;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Whether a database answers now. It asks by a connection of its own with short limits, so neither
 * a full pool nor a server that says nothing delays the answer; and at most twice a second, however
 * many want to know.
 */
final class Probe {
  private static final Duration FRESH = Duration.ofMillis(500);
  private static final String SECONDS = "2";

  private final DatabaseSettings settings;
  private final Properties properties;
  private final ReentrantLock asking = new ReentrantLock();
  private volatile Answer last = new Answer(false, System.nanoTime() - FRESH.toNanos());

  private record Answer(boolean isThere, long at) {
    boolean isFresh() {
      return System.nanoTime() - at < FRESH.toNanos();
    }
  }

  Probe(DatabaseSettings settings, Properties properties) {
    this.settings = settings;
    this.properties = properties;
    for (String limit : new String[] {"connectTimeout", "socketTimeout", "loginTimeout"}) {
      properties.setProperty(limit, SECONDS);
    }
  }

  boolean answers() {
    if (!last.isFresh()) {
      asking.lock();
      try {
        if (!last.isFresh()) {
          last = new Answer(ask(), System.nanoTime());
        }
      } finally {
        asking.unlock();
      }
    }
    return last.isThere();
  }

  private boolean ask() {
    try (Connection connection = DriverManager.getConnection(settings.jdbcUrl(), properties);
        Statement statement = connection.createStatement()) {
      return statement.execute("SELECT 1");
    } catch (SQLException e) {
      return false;
    }
  }
}
