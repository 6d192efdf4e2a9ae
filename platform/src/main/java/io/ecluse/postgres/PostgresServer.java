package io.ecluse.postgres;

import io.ecluse.error.EcluseException;
import io.ecluse.error.ErrorCode;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/**
 * A PostgreSQL server of the platform's own, its files under one folder. The first process to open
 * it starts it, others join, the last to close it stops it; a guardian stops it when they were all
 * killed.
 *
 * <p>Safe for use by several threads. {@link #close()} may be called twice.
 */
public final class PostgresServer implements AutoCloseable {
  static final String USER = "ecluse";
  private static final long STOP_SECONDS = 30;

  /**
   * Within this process, opening and closing servers happen one at a time, and are counted per
   * folder.
   */
  private static final Map<Path, Integer> OPEN = new ConcurrentHashMap<>();

  private final Path folder;
  private final ServerFiles files;
  private final int port;
  private final String password;
  private boolean closed;

  private PostgresServer(Path folder, ServerFiles files, int port, String password) {
    this.folder = folder;
    this.files = files;
    this.port = port;
    this.password = password;
  }

  /**
   * Makes the server if the folder is new, starts it if it is not running, and joins it.
   *
   * @throws EcluseException PORT_IN_USE, DISK_FULL, or INTERNAL with the path of the server's log
   */
  public static PostgresServer open(PostgresSettings settings) {
    synchronized (OPEN) {
      Path folder = settings.folder();
      ServerFiles files = new ServerFiles(folder);
      files.make();
      new Users(folder).register();
      boolean joined = false;
      try (FileChannel channel =
              FileChannel.open(
                  folder.resolve("start.lock"),
                  StandardOpenOption.CREATE,
                  StandardOpenOption.WRITE);
          FileLock lock = channel.lock()) {
        files.waitWhileStopping();
        new ServerStart(files, settings).ensureRunning();
        joined = true;
      } catch (IOException e) {
        throw new EcluseException(
            ErrorCode.INTERNAL, "Could not lock %s: %s".formatted(folder, e.getMessage()), e);
      } finally {
        if (!joined && !OPEN.containsKey(folder)) {
          new Users(folder).leave();
        }
      }
      OPEN.merge(folder, 1, Integer::sum);
      return new PostgresServer(folder, files, files.port(), files.password());
    }
  }

  public String host() {
    return "127.0.0.1";
  }

  public int port() {
    return port;
  }

  /** The superuser of this server. */
  public String user() {
    return USER;
  }

  /** Never to be printed. */
  public String password() {
    return password;
  }

  /** Without user and password. */
  public String jdbcUrl(String database) {
    return "jdbc:postgresql://127.0.0.1:" + port + "/" + database;
  }

  /** Makes a database unless there is one of that name. */
  public void ensureDatabase(String name) {
    try (Connection connection = connect("postgres");
        Statement statement = connection.createStatement()) {
      try (ResultSet rows =
          statement.executeQuery(
              "SELECT 1 FROM pg_database WHERE datname = '" + name.replace("'", "''") + "'")) {
        if (rows.next()) {
          return;
        }
      }
      statement.execute("CREATE DATABASE \"" + name.replace("\"", "\"\"") + "\"");
    } catch (SQLException e) {
      if (!"42P04".equals(e.getSQLState()) && !"23505".equals(e.getSQLState())) {
        throw new EcluseException(
            ErrorCode.INTERNAL, "Could not make database " + name + ": " + e.getMessage(), e);
      }
    }
  }

  /** A connection as the superuser. */
  public Connection connect(String database) throws SQLException {
    Properties properties = new Properties();
    properties.setProperty("user", USER);
    properties.setProperty("password", password);
    return DriverManager.getConnection(jdbcUrl(database), properties);
  }

  @Override
  public void close() {
    synchronized (OPEN) {
      if (closed) {
        return;
      }
      closed = true;
      if (OPEN.merge(folder, -1, Integer::sum) > 0) {
        return;
      }
      OPEN.remove(folder);
      if (!new Users(folder).leave()) {
        stop();
      }
    }
  }

  /** Stops it under the same lock as a start, unless somebody has come meanwhile. */
  private void stop() {
    try (FileChannel channel =
            FileChannel.open(
                folder.resolve("start.lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        FileLock lock = channel.lock()) {
      if (new Users(folder).leave()) {
        return;
      }
      files
          .runningServer()
          .ifPresent(
              server -> {
                signalInterrupt(server.pid());
                waitFor(server);
              });
    } catch (IOException e) {
      throw new EcluseException(
          ErrorCode.INTERNAL, "Could not lock %s: %s".formatted(folder, e.getMessage()), e);
    }
  }

  /** SIGINT is PostgreSQL's "fast shutdown": it ends sessions and writes everything down. */
  private static void signalInterrupt(long pid) {
    try {
      new ProcessBuilder("kill", "-INT", String.valueOf(pid)).start().waitFor();
    } catch (IOException e) {
      ProcessHandle.of(pid).ifPresent(ProcessHandle::destroy);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void waitFor(ProcessHandle server) {
    try {
      server.onExit().get(STOP_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (java.util.concurrent.ExecutionException | java.util.concurrent.TimeoutException e) {
      // it is writing still; the next start waits for it or recovers
    }
  }
}
