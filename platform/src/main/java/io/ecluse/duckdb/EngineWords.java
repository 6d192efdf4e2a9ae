package io.ecluse.duckdb;

import io.ecluse.error.EcluseException;
import io.ecluse.error.ErrorCode;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/**
 * The words that a query may use, as the engine itself lists them: no list of ours can differ from
 * what it takes. What queries of people are refused is left out.
 *
 * @param keywords lower case, in alphabetical order
 * @param types lower case, in alphabetical order
 */
public record EngineWords(List<String> keywords, List<String> types, List<Function> functions) {
  public EngineWords {
    keywords = List.copyOf(keywords);
    types = List.copyOf(types);
    functions = List.copyOf(functions);
  }

  /**
   * @param kind scalar, aggregate, macro or table
   * @param parameters names of the parameters of one of its forms, as in {@code part, date}
   */
  public record Function(String name, String kind, String parameters) {}

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

  /** Asks the engine; a moment's work, for whoever keeps the answer. */
  public static EngineWords read() {
    try (Connection engine = DriverManager.getConnection("jdbc:duckdb:");
        Statement statement = engine.createStatement()) {
      List<Function> functions = new ArrayList<>();
      try (ResultSet rows = statement.executeQuery(FUNCTIONS)) {
        while (rows.next()) {
          functions.add(new Function(rows.getString(1), rows.getString(2), rows.getString(3)));
        }
      }
      QueryNames.TABLE_FUNCTIONS.stream()
          .sorted()
          .forEach(name -> functions.add(new Function(name, "table", "")));
      return new EngineWords(words(statement, KEYWORDS), words(statement, TYPES), functions);
    } catch (SQLException e) {
      throw new EcluseException(
          ErrorCode.INTERNAL, "DuckDB does not list its words: " + e.getMessage(), e);
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
