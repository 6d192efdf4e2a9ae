package io.ecluse.query;

import io.ecluse.error.EcluseException;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Properties;
import org.duckdb.DuckDBConnection;

/**
 * A DuckDB for one query: nothing of another query is in it, and from {@link #lock} on it opens the
 * files it was told and nothing else, whatever the text. Used by one thread.
 */
final class WorkerDatabase implements AutoCloseable {
  private final EngineSettings settings;
  private final DuckDBConnection connection;

  private WorkerDatabase(EngineSettings settings, DuckDBConnection connection) {
    this.settings = settings;
    this.connection = connection;
  }

  static WorkerDatabase open(EngineSettings settings) throws SQLException {
    Properties properties = new Properties();
    properties.setProperty("jdbc_stream_results", "true");
    DuckDBConnection connection =
        (DuckDBConnection) DriverManager.getConnection("jdbc:duckdb:", properties);
    try (Statement statement = connection.createStatement()) {
      DuckDb.limit(statement, settings);
    }
    return new WorkerDatabase(settings, connection);
  }

  /** What the parser says; it runs nothing, so nothing needs to be locked for it. */
  String ask(String question) throws SQLException {
    try (Statement statement = connection.createStatement();
        var rows = statement.executeQuery(question)) {
      rows.next();
      return rows.getString(1);
    } catch (SQLException e) {
      throw DuckDbErrors.translate(e, settings);
    }
  }

  DuckDbSession lock(List<String> files) throws EcluseException {
    try (Statement statement = connection.createStatement()) {
      DuckDb.lock(statement, List.of(), files.stream().map(Path::of).toList());
    } catch (SQLException e) {
      throw DuckDbErrors.translate(e, settings);
    }
    return new DuckDbSession(connection, "", settings);
  }

  @Override
  public void close() throws SQLException {
    connection.close();
  }
}
