package io.ecluse.duckdb;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/**
 * Whether a query on the same tables has the same result, whenever it runs: by what the engine says
 * of the words that it uses. When in doubt, it has not.
 */
final class Steadiness {
  /** Functions of the time, of chance and of the session, and macros that are made of such. */
  static final String UNSTEADY =
      """
      SELECT DISTINCT lower(function_name) FROM duckdb_functions()
      WHERE function_type IN ('scalar', 'aggregate') AND stability IS DISTINCT FROM 'CONSISTENT'
        OR function_type = 'macro' AND regexp_matches(macro_definition, '(?i)current_|sleep|now\\(|random')""";

  /** What stands without brackets, as a column would. */
  private static final Set<String> WORDS =
      Set.of(
          "current_date",
          "current_time",
          "current_timestamp",
          "localtime",
          "localtimestamp",
          "current_user",
          "session_user",
          "user");

  /** Texts that are a time once they are cast. */
  private static final Set<String> TIMES = Set.of("now", "today", "tomorrow", "yesterday");

  private static final String SAMPLE = "tablesample";

  private Steadiness() {}

  static Set<String> unsteady(ResultSet rows) throws SQLException {
    Set<String> names = new HashSet<>(WORDS);
    names.addAll(TIMES);
    names.add(SAMPLE);
    while (rows.next()) {
      names.add(rows.getString(1));
    }
    return names;
  }

  /**
   * What a query says that may make it unsteady.
   *
   * @param serialized what DuckDB answered to {@link ParsedQuery#question}
   */
  static Set<String> words(JsonNode serialized) {
    Set<String> words = new HashSet<>();
    named(serialized, "function_name").forEach(words::add);
    serialized.findValues("column_names").stream()
        .filter(names -> names.size() == 1)
        .map(names -> lower(names.get(0)))
        .filter(WORDS::contains)
        .forEach(words::add);
    if (!serialized.findValues("sample").stream().allMatch(JsonNode::isNull)) {
      words.add(SAMPLE);
    }
    named(serialized, "value").filter(TIMES::contains).forEach(words::add);
    return words;
  }

  private static Stream<String> named(JsonNode root, String field) {
    List<JsonNode> values = root.findValues(field);
    return values.stream().filter(JsonNode::isString).map(Steadiness::lower);
  }

  private static String lower(JsonNode text) {
    return text.asString("").toLowerCase(Locale.ROOT);
  }
}
