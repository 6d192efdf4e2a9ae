package io.ecluse.project;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Cuts SQL into tokens, as far as finding tables needs: comments and white space fall away, strings
 * stay whole. Follows PostgreSQL's lexical rules (nested comments, dollar quotes), which DuckDB
 * shares.
 */
final class SqlLexer {
  /** What a token is. */
  enum Kind {
    WORD,
    QUOTED,
    STRING,
    NUMBER,
    SYMBOL
  }

  /**
   * A token.
   *
   * @param text without quotes
   * @param start offset in the SQL
   */
  record Token(Kind kind, String text, Position at, int start) {
    boolean is(String word) {
      return kind == Kind.WORD && text.toUpperCase(Locale.ROOT).equals(word);
    }

    boolean isSymbol(char symbol) {
      return kind == Kind.SYMBOL && text.charAt(0) == symbol;
    }
  }

  private final String sql;
  private final Problems.OfFile problems;
  private final List<Token> tokens = new ArrayList<>();
  private int next;
  private int line = 1;
  private int lineStart;

  private SqlLexer(String sql, Problems.OfFile problems) {
    this.sql = sql;
    this.problems = problems;
  }

  /** The tokens; empty if a string, name or comment never ends, which is then reported. */
  static Optional<List<Token>> read(String sql, Problems.OfFile problems) {
    SqlLexer lexer = new SqlLexer(sql, problems);
    while (lexer.next < sql.length()) {
      if (!lexer.step()) {
        return Optional.empty();
      }
    }
    return Optional.of(lexer.tokens);
  }

  private boolean step() {
    char c = sql.charAt(next);
    if (Character.isWhitespace(c)) {
      advance(next + 1);
      return true;
    } else if (c == '-' && sql.startsWith("--", next)) {
      int end = sql.indexOf('\n', next);
      advance(end < 0 ? sql.length() : end);
      return true;
    } else if (c == '/' && sql.startsWith("/*", next)) {
      return skipComment();
    } else if (c == '\'') {
      return quoted('\'', Kind.STRING, escapes());
    } else if (c == '"' || c == '`') {
      return quoted(c, Kind.QUOTED, Escapes.NONE);
    } else if (c == '$' && dollarTag().isPresent()) {
      return dollarQuoted(dollarTag().orElseThrow());
    } else if (Character.isLetter(c) || c == '_') {
      run(Kind.WORD);
      return true;
    } else if (c >= '0' && c <= '9') {
      run(Kind.NUMBER);
      return true;
    }
    token(Kind.SYMBOL, String.valueOf(c), next + 1);
    return true;
  }

  private enum Escapes {
    BACKSLASH,
    NONE
  }

  /** {@code E'…'} knows backslashes, {@code '…'} does not. */
  private Escapes escapes() {
    boolean marked =
        !tokens.isEmpty()
            && tokens.get(tokens.size() - 1).is("E")
            && tokens.get(tokens.size() - 1).start() == next - 1;
    return marked ? Escapes.BACKSLASH : Escapes.NONE;
  }

  private boolean quoted(char quote, Kind kind, Escapes escapes) {
    StringBuilder text = new StringBuilder();
    int i = next + 1;
    while (i < sql.length()) {
      char c = sql.charAt(i);
      boolean doubled = c == quote && i + 1 < sql.length() && sql.charAt(i + 1) == quote;
      if (c == quote && !doubled) {
        token(kind, text.toString(), i + 1);
        return true;
      }
      boolean pair = doubled || (escapes == Escapes.BACKSLASH && c == '\\' && i + 1 < sql.length());
      text.append(pair ? sql.charAt(i + 1) : c);
      i += pair ? 2 : 1;
    }
    problems.error(
        here(),
        (kind == Kind.STRING ? "A string" : "A quoted name") + " starts here and never ends");
    return false;
  }

  private Optional<String> dollarTag() {
    int i = next + 1;
    while (i < sql.length() && (Character.isLetterOrDigit(sql.charAt(i)) || sql.charAt(i) == '_')) {
      i++;
    }
    boolean opens = i < sql.length() && sql.charAt(i) == '$';
    boolean parameter = next + 1 < sql.length() && Character.isDigit(sql.charAt(next + 1));
    return opens && !parameter ? Optional.of(sql.substring(next, i + 1)) : Optional.empty();
  }

  private boolean dollarQuoted(String tag) {
    int end = sql.indexOf(tag, next + tag.length());
    if (end < 0) {
      problems.error(
          here(), "A string starts here and never ends: " + tag + " does not come again");
      return false;
    }
    token(Kind.STRING, sql.substring(next + tag.length(), end), end + tag.length());
    return true;
  }

  private boolean skipComment() {
    int depth = 0;
    int i = next;
    do {
      char c = sql.charAt(i);
      if (c == '/' && sql.startsWith("/*", i)) {
        depth++;
        i += 2;
      } else if (c == '*' && sql.startsWith("*/", i)) {
        depth--;
        i += 2;
      } else {
        i++;
      }
    } while (depth > 0 && i < sql.length());
    if (depth > 0) {
      problems.error(here(), "A comment starts here and never ends", "close it with */");
      return false;
    }
    advance(i);
    return true;
  }

  private void run(Kind kind) {
    int i = next + 1;
    while (i < sql.length()
        && (Character.isLetterOrDigit(sql.charAt(i))
            || sql.charAt(i) == '_'
            || (kind == Kind.WORD && sql.charAt(i) == '$')
            || (kind == Kind.NUMBER && sql.charAt(i) == '.'))) {
      i++;
    }
    token(kind, sql.substring(next, i), i);
  }

  private void token(Kind kind, String text, int end) {
    tokens.add(new Token(kind, text, here(), next));
    advance(end);
  }

  private Position here() {
    return new Position(line, next - lineStart + 1);
  }

  private void advance(int to) {
    for (int i = next; i < to; i++) {
      if (sql.charAt(i) == '\n') {
        line++;
        lineStart = i + 1;
      }
    }
    next = to;
  }
}
