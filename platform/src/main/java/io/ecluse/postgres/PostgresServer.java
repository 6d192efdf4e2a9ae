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
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A PostgreSQL server of the platform's own, its files under one folder. The first process to open
 * it starts it, others join, the last to close it stops it; a guardian stops it when they were all
 * killed. If it dies meanwhile, whoever uses it starts it again, on the same port.
 *
 * <p>Safe for use by several threads. {@link #close()} may be called twice.
 */
public final class PostgresServer implements AutoCloseable {
  static final String USER = "ecluse";
  private static final Logger log = LoggerFactory.getLogger(PostgresServer.class);
  private static final long STOP_MILLIS = 60_000;

  /**
   * How often this process has each folder open. Static because a file lock keeps out other
   * processes only: within this one, these are the locks.
   */
  private static final Map<Path, Openings> OPENINGS = new ConcurrentHashMap<>();

  private static final class Openings {
    private int count;
    private volatile Optional<Revival> revival = Optional.empty();
  }

  private final ServerFiles files;
  private final Openings openings;
  private final int port;
  private final String password;
  private boolean closed;

  private PostgresServer(ServerFiles files, Openings openings, int port, String password) {
    this.files = files;
    this.openings = openings;
    this.port = port;
    this.password = password;
  }

  /**
   * Makes the server if the folder is new, starts it if it is not running, and joins it. Returns
   * when it takes connections.
   *
   * @throws EcluseException PORT_IN_USE; DISK_FULL; INVALID_USAGE if the folder is closed to this
   *     user; CONFLICT if the server runs on another port, or in another container; DATA_CORRUPT if
   *     the data are not whole or of another version; INTERNAL. It names the server's log
   */
  public static PostgresServer open(PostgresSettings settings) {
    ServerFiles files = ServerFiles.in(settings.folder());
    Openings openings = OPENINGS.computeIfAbsent(files.folder(), f -> new Openings());
    synchronized (openings) {
      Users users = Users.of(files.folder());
      users.register();
      boolean joined = false;
      try (FileChannel channel = lockFile(files);
          FileLock lock = channel.lock()) {
        Postmaster server = new ServerStart(files, settings).ensureRunning();
        files.giveToOwnerOfFolder();
        String password = files.password();
        joined = true;
        openings.count++;
        if (openings.revival.isEmpty()) {
          openings.revival = Optional.of(revival(files, openings, settings, server.port()));
        }
        return new PostgresServer(files, openings, server.port(), password);
      } catch (IOException e) {
        throw ServerFiles.failed("lock " + files.startLock(), e);
      } finally {
        if (!joined && openings.count == 0) {
          users.leave();
        }
      }
    }
  }

  private static Revival revival(
      ServerFiles files, Openings openings, PostgresSettings settings, int port) {
    PostgresSettings same = new PostgresSettings(settings.folder(), port, settings.options());
    Revival revival = new Revival(files, () -> startAgain(files, openings, same));
    revival.begin();
    return revival;
  }

  private static void startAgain(ServerFiles files, Openings openings, PostgresSettings settings) {
    synchronized (openings) {
      if (openings.count == 0) {
        return;
      }
      try (FileChannel channel = lockFile(files);
          FileLock lock = channel.lock()) {
        new ServerStart(files, settings).ensureRunning();
        files.giveToOwnerOfFolder();
      } catch (IOException e) {
        throw ServerFiles.failed("lock " + files.startLock(), e);
      }
    }
  }

  private static FileChannel lockFile(ServerFiles files) throws IOException {
    return FileChannel.open(files.startLock(), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
  }

  /** Where its files are, by their one name. */
  public Path folder() {
    return files.folder();
  }

  public int port() {
    return port;
  }

  /** Why it is away and does not come back until somebody makes space; told at once. */
  public Optional<EcluseException> outage() {
    return openings.revival.flatMap(Revival::outage);
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
        throw ErrorCode.INTERNAL.error(
            "Could not make database " + name + ": " + e.getMessage(), e);
      }
    }
  }

  /**
   * Makes a database unless there is one of that name, and has it owned by a role that is no
   * superuser. Returns how that comes in.
   */
  public Login ensureOwnedDatabase(String name) {
    PlainRole role = new PlainRole(files);
    try (Connection database = connectMaking(name)) {
      Login login = role.ensure(database);
      role.own(database);
      return login;
    } catch (SQLException e) {
      throw ErrorCode.DATABASE_UNREACHABLE.error(
          "The private PostgreSQL in %s does not answer: %s"
              .formatted(files.folder(), e.getMessage()),
          e);
    }
  }

  private Connection connectMaking(String name) throws SQLException {
    try {
      return connect(name);
    } catch (SQLException e) {
      if (!"3D000".equals(e.getSQLState())) {
        throw e;
      }
      ensureDatabase(name);
      return connect(name);
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
    synchronized (openings) {
      if (closed) {
        return;
      }
      closed = true;
      openings.count--;
      if (openings.count == 0) {
        openings.revival.ifPresent(Revival::end);
        openings.revival = Optional.empty();
      }
      if (openings.count == 0 && !Users.of(files.folder()).leave()) {
        stop();
      }
    }
  }

  /** Stops it under the same lock as a start, unless somebody has come meanwhile. */
  private void stop() {
    try (FileChannel channel = lockFile(files);
        FileLock lock = channel.lock()) {
      if (Users.of(files.folder()).leave()) {
        return;
      }
      Optional<Postmaster> server = Postmaster.of(files.data());
      if (server.isPresent()) {
        server.get().stop();
        awaitStopped();
      }
      if (Postmaster.of(files.data()).isEmpty()) {
        files.dismissGuardian();
      }
    } catch (IOException e) {
      throw ServerFiles.failed("stop the private PostgreSQL in " + files.folder(), e);
    }
  }

  private void awaitStopped() {
    long end = System.nanoTime() + STOP_MILLIS * 1_000_000;
    while (Postmaster.of(files.data()).isPresent()) {
      if (System.nanoTime() > end) {
        log.warn(
            "The private PostgreSQL in {} is still writing after {} s; the next start waits for it",
            files.folder(),
            STOP_MILLIS / 1000);
        return;
      }
      ServerFiles.pause(5);
    }
  }

  @Override
  public String toString() {
    return "PostgreSQL at 127.0.0.1:%d in %s".formatted(port, files.folder());
  }
}
