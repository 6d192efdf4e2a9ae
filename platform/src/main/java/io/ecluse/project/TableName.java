package io.ecluse.project;

import java.util.Locale;
import java.util.Optional;

/** A warehouse table or view: {@code schema.name}. Compares as written; see {@link #key()}. */
public record TableName(String schema, String name) implements Comparable<TableName> {
  public TableName {
    if (schema.isEmpty() || name.isEmpty()) {
      throw new IllegalArgumentException("A table is named schema.name");
    }
  }

  /** Splits at the first dot; empty if the text is not {@code schema.name}. */
  public static Optional<TableName> parse(String text) {
    int dot = text.indexOf('.');
    return dot < 1 || dot == text.length() - 1
        ? Optional.empty()
        : Optional.of(new TableName(text.substring(0, dot), text.substring(dot + 1)));
  }

  /** SQL ignores case, so two names with one key are one table. */
  public String key() {
    return toString().toLowerCase(Locale.ROOT);
  }

  @Override
  public int compareTo(TableName other) {
    int bySchema = schema.compareTo(other.schema);
    return bySchema != 0 ? bySchema : name.compareTo(other.name);
  }

  @Override
  public String toString() {
    return schema + "." + name;
  }
}
