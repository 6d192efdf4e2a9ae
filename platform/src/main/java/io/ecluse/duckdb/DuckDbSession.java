package io.ecluse.duckdb;

import io.ecluse.engine.EngineSettings;
import io.ecluse.error.EcluseException;
import io.ecluse.error.ErrorCode;
import io.ecluse.schema.Column;
import io.ecluse.schema.DataType;
import io.ecluse.schema.TableName;
import io.ecluse.warehouse.ColumnStatistics;
import io.ecluse.warehouse.TableFiles;
import io.ecluse.warehouse.WrittenFile;
import java.nio.file.Path;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Struct;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.duckdb.DuckDBConnection;

/**
 * One connection to DuckDB with a small database of its own, in which the tables of a query are
 * views over the files of their snapshots. Used by one thread; {@link #cancel()} by any.
 */
public final class DuckDbSession implements AutoCloseable {
  private DuckDBConnection connection;
  private String database;
  private final EngineSettings settings;
  private Optional<TableFiles> files = Optional.empty();
  private volatile Optional<Statement> running = Optional.empty();
  private volatile Stage stage = Stage.OPEN;

  private enum Stage {
    OPEN,
    CANCELLED
  }

  DuckDbSession(DuckDBConnection connection, String database, EngineSettings settings) {
    this.connection = connection;
    this.database = database;
    this.settings = settings;
  }

  /** Reads tables by these files, which stay as long as the session is open. */
  DuckDbSession with(TableFiles tables) {
    files = Optional.of(tables);
    return this;
  }

  /** Goes on with the connection of another, which is not used any more; nothing was made yet. */
  void goOnWith(DuckDbSession other) {
    DuckDbSession own = new DuckDbSession(connection, database, settings);
    connection = other.connection;
    database = other.database;
    own.close();
  }

  /** The files of tables that can be read here. */
  TableFiles files() {
    return files.orElseThrow();
  }

  DuckDBConnection connection() {
    return connection;
  }

  /** What is done with an open result. */
  public interface Rows<T> {
    T read(ResultSet rows) throws SQLException;
  }

  /** Each view comes after what it reads. */
  public void bind(List<Binding> tables) {
    Set<String> schemas = new HashSet<>();
    for (Binding table : tables) {
      if (schemas.add(table.table().schema())) {
        execute("CREATE SCHEMA IF NOT EXISTS " + Column.quote(table.table().schema()));
      }
      String sql = "CREATE VIEW " + table.table().quoted() + " AS " + table.sql();
      switch (table.kind()) {
        case VIEW -> bindView(table.table(), sql);
        case FILES -> execute(sql);
      }
    }
  }

  /** What a view reads may have changed since it was built. */
  private void bindView(TableName name, String sql) {
    try {
      execute(sql);
    } catch (EcluseException e) {
      if (e.code() != ErrorCode.SQL_INVALID) {
        throw e;
      }
      throw ErrorCode.SQL_INVALID.error(
          "The view %s does not fit what it reads any more: %s; correct its model and build it anew"
              .formatted(name, e.getMessage()),
          e);
    }
  }

  /** Runs a statement that gives no rows, and tells how many it wrote. */
  long execute(String sql) {
    return execute(sql, 0);
  }

  public long execute(String sql, int linesBefore) {
    return run(
        linesBefore,
        statement -> {
          statement.execute(sql);
          return statement.getLargeUpdateCount();
        });
  }

  /**
   * Runs a statement and reads its rows while they come. {@code linesBefore}: of ours, before the
   * person's.
   */
  public <T> T query(String sql, int linesBefore, Rows<T> reader) {
    return run(
        linesBefore,
        statement -> {
          try (ResultSet rows = statement.executeQuery(sql)) {
            return reader.read(rows);
          }
        });
  }

  /** The whole number that a query gives. */
  long number(String sql) {
    return query(
        sql,
        0,
        rows -> {
          rows.next();
          return rows.getLong(1);
        });
  }

  private interface Work<T> {
    T on(Statement statement) throws SQLException;
  }

  private <T> T run(int linesBefore, Work<T> work) {
    try (Statement statement = connection.createStatement()) {
      try {
        running = Optional.of(statement);
        if (stage == Stage.CANCELLED) {
          throw ErrorCode.CANCELLED.error("The query was cancelled");
        }
        return work.on(statement);
      } finally {
        running = Optional.empty();
      }
    } catch (SQLException e) {
      throw stage == Stage.CANCELLED
          ? ErrorCode.CANCELLED.error("The query was cancelled", e)
          : DuckDbErrors.translate(e, settings, linesBefore);
    }
  }

  /** The columns of a query, with the types that a table of the warehouse can have. */
  List<Column> describe(String sql) {
    return query(
        "DESCRIBE (\n" + sql + "\n)",
        1,
        rows -> {
          List<Column> columns = new ArrayList<>();
          while (rows.next()) {
            columns.add(new Column(rows.getString(1), type(rows.getString(1), rows.getString(2))));
          }
          return columns;
        });
  }

  /** What a type of DuckDB's becomes in the warehouse. */
  private static DataType type(String column, String duckDb) {
    String text = duckDb.toUpperCase(Locale.ROOT);
    Optional<DataType> same = DataType.parse(text);
    if (same.isPresent()) {
      return same.get();
    }
    return switch (text) {
      case "TINYINT", "SMALLINT", "UTINYINT", "USMALLINT" -> DataType.INTEGER;
      case "UINTEGER", "HUGEINT", "UBIGINT", "UHUGEINT" -> DataType.BIGINT;
      case "FLOAT" -> DataType.REAL;
      case "TIME", "TIME WITH TIME ZONE", "INTERVAL", "JSON", "BIT", "\"NULL\"", "NULL" ->
          DataType.VARCHAR;
      case "TIMESTAMP WITH TIME ZONE" -> DataType.TIMESTAMPTZ;
      case "TIMESTAMP_S", "TIMESTAMP_MS", "TIMESTAMP_NS" -> DataType.TIMESTAMP;
      default -> {
        if (text.startsWith("ENUM(")) {
          yield DataType.VARCHAR;
        }
        throw ErrorCode.SQL_INVALID.error(
            "Column %s is %s, which a table cannot hold yet; cast it, for example to VARCHAR"
                .formatted(column, duckDb));
      }
    };
  }

  /**
   * Runs a COPY that returns statistics and tells which files it wrote.
   *
   * @param parts the columns by which it partitions
   */
  List<WrittenFile> copy(String sql, int linesBefore, List<String> parts) {
    return query(
        sql,
        linesBefore,
        rows -> {
          List<WrittenFile> files = new ArrayList<>();
          while (rows.next()) {
            Map<String, String> keys = keys(rows);
            files.add(
                new WrittenFile(
                    Path.of(rows.getString("filename")),
                    rows.getLong("count"),
                    rows.getLong("file_size_bytes"),
                    statistics(rows.getObject("column_statistics")),
                    parts.stream().map(p -> Optional.ofNullable(keys.get(p))).toList()));
          }
          return files;
        });
  }

  private static Map<String, String> keys(ResultSet rows) throws SQLException {
    Map<String, String> keys = new HashMap<>();
    if (rows.getObject("partition_keys") instanceof Map<?, ?> map) {
      map.forEach((k, v) -> keys.put(String.valueOf(k), v == null ? null : String.valueOf(v)));
    }
    return keys;
  }

  private static Map<String, ColumnStatistics> statistics(Object map) throws SQLException {
    Map<String, ColumnStatistics> columns = new HashMap<>();
    for (Map.Entry<?, ?> column : ((Map<?, ?>) map).entrySet()) {
      Map<String, String> facts = facts(column.getValue());
      columns.put(
          unquoted(String.valueOf(column.getKey())),
          new ColumnStatistics(
              Long.parseLong(facts.getOrDefault("column_size_bytes", "0")),
              Long.parseLong(facts.getOrDefault("num_values", "0")),
              Long.parseLong(facts.getOrDefault("null_count", "0")),
              Optional.ofNullable(facts.get("min")),
              Optional.ofNullable(facts.get("max")),
              Optional.ofNullable(facts.get("has_nan")).map(Boolean::valueOf)));
    }
    return columns;
  }

  private static Map<String, String> facts(Object value) throws SQLException {
    Map<String, String> facts = new HashMap<>();
    if (value instanceof Map<?, ?> map) {
      map.forEach((k, v) -> facts.put(String.valueOf(k), String.valueOf(v)));
    } else if (value instanceof Struct struct) {
      throw new AssertionError("Unhandled statistics " + struct.getSQLTypeName());
    }
    return facts;
  }

  private static String unquoted(String name) {
    return name.startsWith("\"") && name.endsWith("\"") && name.length() > 1
        ? name.substring(1, name.length() - 1).replace("\"\"", "\"")
        : name;
  }

  public boolean isCancelled() {
    return stage == Stage.CANCELLED;
  }

  /** Ends what runs, or what would run next. */
  public void cancel() {
    stage = Stage.CANCELLED;
    running.ifPresent(this::cancel);
  }

  private void cancel(Statement statement) {
    try {
      try {
        statement.cancel();
      } catch (SQLException e) {
        if (!statement.isClosed()) {
          throw e;
        } // else it has ended by itself since
      }
    } catch (SQLException e) {
      throw DuckDbErrors.translate(e, settings);
    }
  }

  @Override
  public void close() {
    try (DuckDBConnection closing = connection;
        Statement statement = closing.createStatement()) {
      statement.execute("USE memory");
      statement.execute("DETACH " + database);
    } catch (SQLException e) {
      throw DuckDbErrors.translate(e, settings);
    } finally {
      files.ifPresent(TableFiles::close);
    }
  }
}
