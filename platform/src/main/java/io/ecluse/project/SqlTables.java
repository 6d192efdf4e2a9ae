package io.ecluse.project;

import io.ecluse.project.SqlLexer.Token;
import io.ecluse.schema.TableName;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * Finds the tables that SQL reads: names after FROM, JOIN and the commas of a FROM. A name of two
 * parts is always a table; a name of one part must be a WITH of the same query.
 */
final class SqlTables {
  private static final Set<String> END_OF_FROM =
      Set.of(
          "SELECT",
          "WHERE",
          "GROUP",
          "HAVING",
          "ORDER",
          "LIMIT",
          "OFFSET",
          "WINDOW",
          "QUALIFY",
          "UNION",
          "EXCEPT",
          "INTERSECT",
          "FETCH");
  private static final Set<String> FUNCTIONS_WITH_FROM =
      Set.of("EXTRACT", "SUBSTRING", "TRIM", "OVERLAY", "POSITION");

  private final List<Token> tokens;
  private final Problems.OfFile problems;
  private final Set<String> namedQueries = new HashSet<>();
  private final Map<String, TableReference> found = new LinkedHashMap<>();
  private final Deque<Level> levels = new ArrayDeque<>();
  private boolean tableNext;
  private int next;

  private SqlTables(List<Token> tokens, Problems.OfFile problems) {
    this.tokens = tokens;
    this.problems = problems;
  }

  /** The tables, each once, in the order of the text. Names that cannot be tables are reported. */
  static List<TableReference> in(List<Token> tokens, Problems.OfFile problems) {
    SqlTables search = new SqlTables(tokens, problems);
    search.collectNamedQueries();
    search.levels.push(new Level(Purpose.QUERY));
    while (search.next < tokens.size()) {
      search.step();
    }
    return List.copyOf(search.found.values());
  }

  private enum Purpose {
    QUERY,
    FUNCTION_WITH_FROM
  }

  /** What is open between two parentheses. */
  private static final class Level {
    private final Purpose purpose;
    private boolean inFrom;

    private Level(Purpose purpose) {
      this.purpose = purpose;
    }
  }

  private void step() {
    Token token = tokens.get(next);
    Level level = levels.element();
    if (token.isSymbol('(')) {
      open();
    } else if (token.isSymbol(')')) {
      if (levels.size() > 1) {
        levels.pop();
      }
      tableNext = false;
    } else if (token.isSymbol(',')) {
      tableNext = level.inFrom;
    } else if (token.is("FROM") && startsTables(level)) {
      level.inFrom = true;
      tableNext = true;
    } else if (token.is("JOIN")) {
      tableNext = true;
    } else if (token.kind() == SqlLexer.Kind.WORD
        && END_OF_FROM.contains(token.text().toUpperCase(Locale.ROOT))) {
      level.inFrom = false;
      tableNext = false;
    } else if (tableNext && !token.is("LATERAL") && !token.is("ONLY")) {
      tableNext = false;
      if (token.isName()) {
        table();
        return;
      }
    }
    next++;
  }

  private void open() {
    boolean afterFunction =
        next > 0
            && tokens.get(next - 1).kind() == SqlLexer.Kind.WORD
            && FUNCTIONS_WITH_FROM.contains(tokens.get(next - 1).text().toUpperCase(Locale.ROOT));
    Level level = new Level(afterFunction ? Purpose.FUNCTION_WITH_FROM : Purpose.QUERY);
    level.inFrom = tableNext;
    levels.push(level);
  }

  /** Not so the FROM of {@code extract(year FROM date)} and of {@code IS DISTINCT FROM}. */
  private boolean startsTables(Level level) {
    return level.purpose == Purpose.QUERY && !(next > 0 && tokens.get(next - 1).is("DISTINCT"));
  }

  private void table() {
    Token first = tokens.get(next);
    StringBuilder spelled = new StringBuilder(first.text());
    String last = first.text();
    int parts = 1;
    next++;
    while (next + 1 < tokens.size()
        && tokens.get(next).isSymbol('.')
        && tokens.get(next + 1).isName()) {
      last = tokens.get(next + 1).text();
      spelled.append('.').append(last);
      parts++;
      next += 2;
    }
    boolean function = next < tokens.size() && tokens.get(next).isSymbol('(');
    if (function || first.is("VALUES") || first.text().isEmpty() || last.isEmpty()) {
      return;
    }
    if (parts == 2) {
      TableName name = new TableName(first.text(), last);
      found.putIfAbsent(name.key(), new TableReference(name, first.at()));
    } else if (parts > 2) {
      problems.error(
          first.at(), "'%s' has %d parts".formatted(spelled, parts), "write schema.table");
    } else if (!namedQueries.contains(last.toLowerCase(Locale.ROOT))) {
      problems.error(
          first.at(),
          "'%s' is neither schema.table nor a WITH of this query".formatted(last),
          "write the schema too, as erp." + last);
    }
  }

  /** Every {@code name AS (} and {@code name (columns) AS (}. */
  private void collectNamedQueries() {
    for (int i = 0; i < tokens.size(); i++) {
      if (tokens.get(i).isName() && opensQuery(afterColumns(i + 1))) {
        namedQueries.add(tokens.get(i).text().toLowerCase(Locale.ROOT));
      }
    }
  }

  private int afterColumns(int start) {
    int i = start;
    if (i < tokens.size() && tokens.get(i).isSymbol('(')) {
      while (i < tokens.size() && !tokens.get(i).isSymbol(')')) {
        i++;
      }
      i++;
    }
    return i;
  }

  private boolean opensQuery(int start) {
    int i = start;
    if (i >= tokens.size() || !tokens.get(i).is("AS")) {
      return false;
    }
    i++;
    while (i < tokens.size() && (tokens.get(i).is("NOT") || tokens.get(i).is("MATERIALIZED"))) {
      i++;
    }
    return i < tokens.size() && tokens.get(i).isSymbol('(');
  }
}
