package io.ecluse.schema;

import io.ecluse.error.ErrorCode;
import java.util.Locale;
import java.util.Optional;

/**
 * The name of a table or view: a schema and a name. SQL does not tell case apart; the warehouse
 * holds {@linkplain #lower() lower case}.
 *
 * @param schema the source's name for loaded data, the folder under {@code models/} for models
 * @param name the stream's or the model's name
 */
public record TableName(String schema, String name) implements Comparable<TableName> {
  public TableName {
    if (schema.isEmpty() || name.isEmpty()) {
      throw new IllegalArgumentException("A table is named schema.name");
    }
  }

  /** Reads {@code schema.name}; empty if the text has no dot, or nothing on a side of it. */
  public static Optional<TableName> find(String text) {
    int dot = text.indexOf('.');
    return dot < 1 || dot == text.length() - 1
        ? Optional.empty()
        : Optional.of(new TableName(text.substring(0, dot), text.substring(dot + 1)));
  }

  /** Reads {@code schema.name}, or says what is wrong with it. */
  public static TableName parse(String text) {
    return find(text)
        .orElseThrow(
            () ->
                ErrorCode.INVALID_USAGE.error(
                    "'%s' is not a table name: write schema.table, as in erp.students"
                        .formatted(text)));
  }

  /** The name as the warehouse holds it. */
  public TableName lower() {
    return new TableName(schema.toLowerCase(Locale.ROOT), name.toLowerCase(Locale.ROOT));
  }

  /** What is equal for names that SQL cannot tell apart. */
  public String key() {
    return toString().toLowerCase(Locale.ROOT);
  }

  /** The name in double quotes, for SQL. */
  public String quoted() {
    return Column.quote(schema) + "." + Column.quote(name);
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
