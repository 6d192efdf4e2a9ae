package io.ecluse.duckdb;

import io.ecluse.engine.EngineSettings;
import io.ecluse.error.ErrorCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.duckdb.DuckDBConnection;
import org.jspecify.annotations.Nullable;

/**
 * One DuckDB in this process, in memory, started when first used. It can touch the data folders,
 * and files named one by one, and nothing else, whatever it is told. Its connections share one
 * memory limit and one set of threads.
 */
public final class DuckDb implements AutoCloseable {
  private final EngineSettings settings;
  private final Optional<List<Path>> files;
  private final AtomicLong names = new AtomicLong();
  private volatile @Nullable DuckDBConnection root;
  private volatile List<Path> folders;
  private final Deque<DuckDBConnection> left = new ArrayDeque<>();

  DuckDb(EngineSettings settings) {
    this(settings, List.of());
  }

  public DuckDb(EngineSettings settings, List<Path> files) {
    this(settings, Optional.of(files));
  }

  @SuppressWarnings("NullAway")
  private DuckDb(EngineSettings settings, Optional<List<Path>> files) {
    this.settings = settings;
    this.files = files;
    this.folders = settings.data();
  }

  /** One that is started now, and is told by {@link #lock} what it may open. */
  static DuckDb unlocked(EngineSettings settings) {
    DuckDb duckDb = new DuckDb(settings, Optional.empty());
    try {
      duckDb.root();
    } catch (SQLException e) {
      throw DuckDbErrors.translate(e, settings);
    }
    return duckDb;
  }

  EngineSettings settings() {
    return settings;
  }

  /**
   * A new connection, with an empty database of its own in which unqualified names are looked up.
   */
  public DuckDbSession open() {
    String database = "q" + names.incrementAndGet();
    try {
      DuckDBConnection connection = (DuckDBConnection) root().duplicate();
      try (Statement statement = connection.createStatement()) {
        statement.execute("ATTACH ':memory:' AS " + database);
        statement.execute("USE " + database);
      }
      return new DuckDbSession(connection, database, settings);
    } catch (SQLException e) {
      throw DuckDbErrors.translate(e, settings);
    }
  }

  /**
   * As {@link #open()}, with these folders in reach, too: what one DuckDB may touch is settled when
   * it starts, so another takes its place when there are new ones; sessions of it go on.
   */
  DuckDbSession open(List<Path> needed) {
    if (!folders.containsAll(needed)) {
      synchronized (this) {
        if (!folders.containsAll(needed)) {
          folders = Stream.concat(folders.stream(), needed.stream()).distinct().toList();
          Optional.ofNullable(root).ifPresent(left::push);
          root = null;
        }
      }
    }
    return open();
  }

  private DuckDBConnection root() throws SQLException {
    DuckDBConnection started = root;
    if (started == null) {
      synchronized (this) {
        started = root;
        if (started == null) {
          started = start();
          root = started;
        }
      }
    }
    return started;
  }

  private DuckDBConnection start() throws SQLException {
    makeFolders();
    Properties properties = new Properties();
    properties.setProperty("jdbc_stream_results", "true");
    DuckDBConnection connection =
        (DuckDBConnection) DriverManager.getConnection("jdbc:duckdb:", properties);
    try (Statement statement = connection.createStatement()) {
      limit(statement, settings);
      if (files.isPresent()) {
        lock(
            statement,
            Stream.concat(folders.stream(), Stream.of(settings.spill())).toList(),
            files.get());
      }
    }
    return connection;
  }

  /** What every DuckDB is told first. */
  private static void limit(Statement statement, EngineSettings settings) throws SQLException {
    statement.execute("SET memory_limit = '" + settings.memoryBytes() / 1024 + "KiB'");
    statement.execute("SET threads = " + settings.threads());
    statement.execute("SET temp_directory = " + Sql.text(settings.spill().toString()));
    statement.execute("SET max_temp_directory_size = '" + settings.spillBytes() / 1024 + "KiB'");
    statement.execute("SET TimeZone = 'UTC'");
    statement.execute("SET default_null_order = 'nulls_last'");
    statement.execute("SET ieee_floating_point_ops = false");
    statement.execute("SET enable_progress_bar = false");
    statement.execute("SET autoinstall_known_extensions = false");
    statement.execute("SET autoload_known_extensions = false");
  }

  /** From here on it opens these files and nothing else. To be called once, before any session. */
  void lock(List<String> opened) {
    try (Statement statement = root().createStatement()) {
      lock(statement, List.of(), opened.stream().map(Path::of).toList());
    } catch (SQLException e) {
      throw DuckDbErrors.translate(e, settings);
    }
  }

  /** What the parser says; it runs nothing, so nothing needs to be locked for it. */
  public String ask(String question) {
    try (Statement statement = root().createStatement();
        ResultSet rows = statement.executeQuery(question)) {
      rows.next();
      return rows.getString(1);
    } catch (SQLException e) {
      throw DuckDbErrors.translate(e, settings);
    }
  }

  /** From here on it opens these files, what is in these folders, and nothing else. */
  private static void lock(Statement statement, List<Path> folders, List<Path> files)
      throws SQLException {
    statement.execute(
        "SET allowed_directories = " + Sql.list(folders.stream().map(Path::toString).toList()));
    statement.execute(
        "SET allowed_paths = " + Sql.list(files.stream().map(Path::toString).toList()));
    statement.execute("SET enable_external_access = false");
    statement.execute("SET lock_configuration = true");
  }

  private void makeFolders() {
    try {
      Files.createDirectories(settings.spill());
      for (Path folder : folders) {
        Files.createDirectories(folder);
      }
    } catch (IOException e) {
      throw ErrorCode.INTERNAL.error("Could not make a data folder: " + e.getMessage(), e);
    }
  }

  @Override
  public synchronized void close() {
    DuckDBConnection started = root;
    if (started != null) {
      left.push(started);
    }
    for (DuckDBConnection each : left) {
      try {
        each.close();
      } catch (SQLException e) {
        throw DuckDbErrors.translate(e, settings);
      }
    }
  }
}
