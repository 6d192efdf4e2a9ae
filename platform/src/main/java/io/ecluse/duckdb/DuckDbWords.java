package io.ecluse.duckdb;

import io.ecluse.engine.EngineWords;
import io.ecluse.error.ErrorCode;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** {@link EngineWords} as DuckDB lists them. */
public final class DuckDbWords {
  private static final String KEYWORDS =
      "SELECT DISTINCT lower(keyword_name) FROM duckdb_keywords() ORDER BY 1";
  private static final String TYPES =
      "SELECT DISTINCT lower(type_name) FROM duckdb_types() WHERE regexp_full_match(type_name, '[A-Za-z][A-Za-z0-9_ ]*') ORDER BY 1";

  /** Operators, what the engine keeps for itself, and what tells of the machine are no help. */
  private static final String FUNCTIONS =
      """
      SELECT function_name, min(function_type), arg_min(array_to_string(parameters, ', '), len(parameters))
      FROM duckdb_functions()
      WHERE function_type IN ('scalar', 'aggregate', 'macro')
        AND regexp_full_match(function_name, '[a-z][a-z0-9_]*')
        AND schema_name = 'main'
        AND NOT regexp_matches(function_name, '^(pg_|duckdb_|has_|current_setting|getenv|getvariable|txid_|in_search_path|current_schemas|json_serialize_plan|json_execute|write_log|__)')
      GROUP BY function_name
      ORDER BY function_name""";

  private DuckDbWords() {}

  /** Asks DuckDB; a moment's work, for whoever keeps the answer. */
  public static EngineWords read() {
    try (Connection engine = DriverManager.getConnection("jdbc:duckdb:");
        Statement statement = engine.createStatement()) {
      List<EngineWords.Function> functions = new ArrayList<>();
      try (ResultSet rows = statement.executeQuery(FUNCTIONS)) {
        while (rows.next()) {
          functions.add(
              new EngineWords.Function(rows.getString(1), rows.getString(2), rows.getString(3)));
        }
      }
      QueryNames.TABLE_FUNCTIONS.stream()
          .sorted()
          .forEach(name -> functions.add(new EngineWords.Function(name, "table", "")));
      return new EngineWords(words(statement, KEYWORDS), words(statement, TYPES), functions);
    } catch (SQLException e) {
      throw ErrorCode.INTERNAL.error("DuckDB does not list its words: " + e.getMessage(), e);
    }
  }

  /** What makes a query tell another thing at another time; for whoever keeps the answer. */
  public static Set<String> unsteady() {
    try (Connection engine = DriverManager.getConnection("jdbc:duckdb:");
        Statement statement = engine.createStatement();
        ResultSet rows = statement.executeQuery(Steadiness.UNSTEADY)) {
      return Steadiness.unsteady(rows);
    } catch (SQLException e) {
      throw ErrorCode.INTERNAL.error("DuckDB does not list its functions: " + e.getMessage(), e);
    }
  }

  private static List<String> words(Statement statement, String sql) throws SQLException {
    List<String> words = new ArrayList<>();
    try (ResultSet rows = statement.executeQuery(sql)) {
      while (rows.next()) {
        words.add(rows.getString(1));
      }
    }
    return words;
  }
}
