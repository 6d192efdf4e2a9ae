package io.ecluse.spark;

import java.util.ArrayList;
import java.util.List;

/** A text of several statements, taken apart at its semicolons. */
final class SqlStatements {
  private final String text;
  private int at;

  private SqlStatements(String text) {
    this.text = text;
  }

  /**
   * One of them.
   *
   * @param offset characters before it
   */
  record Statement(String sql, int offset) {}

  /** Those that say something; a semicolon in quotes or in a comment ends none. */
  static List<Statement> of(String text) {
    return new SqlStatements(text).all();
  }

  private List<Statement> all() {
    List<Statement> statements = new ArrayList<>();
    int begin = 0;
    boolean says = false;
    while (at < text.length()) {
      char c = text.charAt(at);
      if (c == ';') {
        add(statements, begin, says);
        begin = ++at;
        says = false;
      } else if (c == '\'' || c == '"' || c == '`') {
        says = true;
        skipQuoted(c);
      } else if (text.startsWith("--", at)) {
        skipTo("\n");
      } else if (text.startsWith("/*", at)) {
        skipTo("*/");
      } else {
        says |= !Character.isWhitespace(c);
        at++;
      }
    }
    add(statements, begin, says);
    return statements;
  }

  private void add(List<Statement> statements, int begin, boolean says) {
    if (says) {
      statements.add(new Statement(text.substring(begin, Math.min(at, text.length())), begin));
    }
  }

  private void skipTo(String end) {
    int found = text.indexOf(end, at);
    at = found < 0 ? text.length() : found + end.length();
  }

  /** In texts, a backslash takes the next character as it is. */
  private void skipQuoted(char quote) {
    at++;
    while (at < text.length() && text.charAt(at) != quote) {
      at += text.charAt(at) == '\\' && quote == '\'' ? 2 : 1;
    }
    at++;
  }
}
