package io.ecluse.schema;

/**
 * A column of a batch or a table. Every column may hold NULL: what must not is said by a test,
 * which can name the rows, not by the type, which can only refuse them all.
 */
public record Column(String name, DataType type) {
  public Column {
    if (name.isEmpty()) {
      throw new IllegalArgumentException("A column needs a name");
    }
  }

  /** The name in double quotes, for SQL. */
  public String quoted() {
    return quote(name);
  }

  /** Any identifier in double quotes, inner quotes doubled. */
  public static String quote(String identifier) {
    return "\"" + identifier.replace("\"", "\"\"") + "\"";
  }
}
