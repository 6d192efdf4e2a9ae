package io.ecluse.project;

import io.ecluse.project.SqlLexer.Kind;
import io.ecluse.project.SqlLexer.Token;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * What only DuckDB reads, and leaves no trace of in its tree: other spellings of what both engines
 * have.
 */
final class PortableText {
  private static final Set<String> TYPES =
      Set.of(
          "BOOLEAN",
          "TINYINT",
          "SMALLINT",
          "INT",
          "INTEGER",
          "BIGINT",
          "LONG",
          "FLOAT",
          "REAL",
          "DOUBLE",
          "DECIMAL",
          "NUMERIC",
          "DEC",
          "STRING",
          "DATE",
          "TIMESTAMP",
          "BINARY");
  private static final Set<String> WITH_DIGITS = Set.of("DECIMAL", "NUMERIC", "DEC");
  private static final Set<String> QUANTIFIERS = Set.of("ANY", "SOME", "ALL");
  private static final Set<String> TRIMS = Set.of("TRIM", "LTRIM", "RTRIM");

  private final String sql;
  private final List<Token> tokens;
  private final List<Found> found = new ArrayList<>();

  /** A spelling of DuckDB's alone, and which rule it breaks. */
  record Found(String rule, Token token) {}

  /** A bracket that is open. */
  private record Bracket(String before, int commas) {}

  private PortableText(String sql, List<Token> tokens) {
    this.sql = sql;
    this.tokens = tokens;
  }

  static List<Found> in(String sql, List<Token> tokens) {
    PortableText text = new PortableText(sql, tokens);
    Deque<Bracket> open = new ArrayDeque<>();
    for (int i = 0; i < tokens.size(); i++) {
      text.look(i);
      text.brackets(i, open);
    }
    return text.found;
  }

  private boolean isWord(int i, String word) {
    return i >= 0 && i < tokens.size() && tokens.get(i).is(word);
  }

  private boolean isSymbol(int i, char symbol) {
    return i >= 0 && i < tokens.size() && tokens.get(i).isSymbol(symbol);
  }

  private String upper(int i) {
    return i >= 0 && i < tokens.size() && tokens.get(i).kind() == Kind.WORD
        ? tokens.get(i).text().toUpperCase(Locale.ROOT)
        : "";
  }

  private void tell(String rule, int i) {
    found.add(new Found(rule, tokens.get(i)));
  }

  private void look(int i) {
    Token token = tokens.get(i);
    switch (token.kind()) {
      case STRING -> string(i);
      case NUMBER -> {
        if (token.text().indexOf('_') > 0) {
          tell("number-underscore", i);
        }
      }
      case WORD -> word(i);
      case SYMBOL -> {
        if (token.isSymbol(',') && isWord(i + 1, "FROM")
            || token.isSymbol(',') && i + 1 == tokens.size()) {
          tell("trailing-comma", i);
        } else if (token.isSymbol(':') && isSymbol(i + 1, ':') && isBeside(i)) {
          type(i + 2);
        }
      }
      case QUOTED -> {}
    }
  }

  /** Whether this and the next token touch. */
  private boolean isBeside(int i) {
    return tokens.get(i + 1).start() == tokens.get(i).start() + 1;
  }

  private void string(int i) {
    Token token = tokens.get(i);
    if (sql.charAt(token.start()) == '$') {
      tell("dollar-string", i);
    } else if (isWord(i - 1, "E") && tokens.get(i - 1).start() == token.start() - 1) {
      tell("escape-string", i - 1);
    }
  }

  private void word(int i) {
    Token token = tokens.get(i);
    String word = upper(i);
    if (!token.text().matches("[A-Za-z0-9_$]+")) {
      tell("name-letters", i);
    } else if ((word.equals("ISNULL") || word.equals("NOTNULL")) && !isSymbol(i + 1, '(')) {
      tell("is-null", i);
    } else if (word.equals("FETCH") && (isWord(i + 1, "FIRST") || isWord(i + 1, "NEXT"))) {
      tell("fetch", i);
    } else if ((word.equals("PIVOT") || word.equals("UNPIVOT"))
        && (i == 0 || isSymbol(i - 1, '('))) {
      tell("pivot", i);
    } else if (QUANTIFIERS.contains(word) && isSymbol(i + 1, '(') && isComparison(i - 1)) {
      tell("quantified", i);
    } else if (word.equals("MATERIALIZED") && (isWord(i - 1, "AS") || isWord(i - 1, "NOT"))) {
      tell("cte-materialized", i);
    } else if (word.equals("ROW") && isSymbol(i + 1, '(')) {
      tell("row", i);
    } else if (word.equals("COUNT") && isSymbol(i + 1, '(') && isSymbol(i + 2, ')')) {
      tell("count-nothing", i);
    } else if (isSymbol(i + 1, ':')
        && !isSymbol(i + 2, ':')
        && (isWord(i - 1, "SELECT") || isSymbol(i - 1, ','))) {
      tell("alias-first", i);
    }
  }

  private boolean isComparison(int i) {
    return isSymbol(i, '=') || isSymbol(i, '<') || isSymbol(i, '>');
  }

  private void brackets(int i, Deque<Bracket> open) {
    if (isSymbol(i, '(')) {
      open.push(new Bracket(upper(i - 1), 0));
    } else if (isSymbol(i, ')') && !open.isEmpty()) {
      open.pop();
    } else if (isSymbol(i, ',') && !open.isEmpty()) {
      Bracket bracket = open.pop();
      open.push(new Bracket(bracket.before(), bracket.commas() + 1));
      if (TRIMS.contains(bracket.before())) {
        tell("trim", i);
      }
    } else if (isWord(i, "AS") && !open.isEmpty()) {
      String before = open.peek().before();
      if (before.equals("CAST") || before.equals("TRY_CAST")) {
        type(i + 1);
      }
    }
  }

  private void type(int i) {
    String word = upper(i);
    if (WITH_DIGITS.contains(word)) {
      if (!isSymbol(i + 1, '(')) {
        tell("decimal-bare", i);
      }
    } else if (word.equals("VARCHAR") || word.equals("CHAR")) {
      if (!isSymbol(i + 1, '(')) {
        tell("type-name", i);
      }
    } else if (!word.isEmpty() && !TYPES.contains(word)) {
      tell("type-name", i);
    }
  }
}
