package io.ecluse.duckdb;

import io.ecluse.engine.EngineSettings;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Properties;
import org.duckdb.DuckDBConnection;

/**
 * A DuckDB that opens, from {@link #lock} on, the files it was told and nothing else, whatever the
 * text. Used by one thread.
 */
public final class WorkerDatabase implements AutoCloseable {
  private final EngineSettings settings;
  private final DuckDBConnection connection;
  private int sessions;

  private WorkerDatabase(EngineSettings settings, DuckDBConnection connection) {
    this.settings = settings;
    this.connection = connection;
  }

  static WorkerDatabase open(EngineSettings settings) {
    Properties properties = new Properties();
    properties.setProperty("jdbc_stream_results", "true");
    try {
      DuckDBConnection connection =
          (DuckDBConnection) DriverManager.getConnection("jdbc:duckdb:", properties);
      try (Statement statement = connection.createStatement()) {
        DuckDb.limit(statement, settings);
      }
      return new WorkerDatabase(settings, connection);
    } catch (SQLException e) {
      throw DuckDbErrors.translate(e, settings);
    }
  }

  /** What the parser says; it runs nothing, so nothing needs to be locked for it. */
  public String ask(String question) {
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(question)) {
      rows.next();
      return rows.getString(1);
    } catch (SQLException e) {
      throw DuckDbErrors.translate(e, settings);
    }
  }

  /** Called once. */
  void lock(List<String> files) {
    try (Statement statement = connection.createStatement()) {
      DuckDb.lock(statement, List.of(), files.stream().map(Path::of).toList());
    } catch (SQLException e) {
      throw DuckDbErrors.translate(e, settings);
    }
  }

  /** A session with names of its own. */
  DuckDbSession session() {
    String database = "q" + ++sessions;
    try {
      DuckDBConnection another = (DuckDBConnection) connection.duplicate();
      try (Statement statement = another.createStatement()) {
        statement.execute("ATTACH ':memory:' AS " + database);
        statement.execute("USE " + database);
      }
      return new DuckDbSession(another, database, settings);
    } catch (SQLException e) {
      throw DuckDbErrors.translate(e, settings);
    }
  }

  @Override
  public void close() {
    try {
      connection.close();
    } catch (SQLException e) {
      throw DuckDbErrors.translate(e, settings);
    }
  }
}
