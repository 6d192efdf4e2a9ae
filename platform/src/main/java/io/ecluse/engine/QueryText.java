package io.ecluse.engine;

import io.ecluse.error.ErrorCode;

/** The text of a query as people write it. */
public final class QueryText {
  private QueryText() {}

  /** A semicolon at the end is a habit, not a second statement. */
  public static String trimmed(String sql) {
    String text = sql.stripTrailing();
    while (text.endsWith(";")) {
      text = text.substring(0, text.length() - 1).stripTrailing();
    }
    if (text.isBlank()) {
      throw ErrorCode.SQL_INVALID.error("The query is empty");
    }
    return text;
  }
}
