package io.ecluse.schema;

import io.ecluse.error.EcluseException;
import io.ecluse.error.ErrorCode;

/**
 * The name of a warehouse table or view: a schema and a name, both lower case.
 *
 * @param schema the source's name for loaded data, the folder under {@code models/} for models
 * @param name the stream's or the model's name
 */
public record TableName(String schema, String name) implements Comparable<TableName> {
  private static final String PART = "[a-z_][a-z0-9_]{0,62}";

  public TableName {
    if (!schema.matches(PART) || !name.matches(PART)) {
      throw new EcluseException(
          ErrorCode.INVALID_USAGE,
          "'%s.%s' is not a table name: both parts are 1 to 63 of a-z, 0-9 and _, and start with a letter or _"
              .formatted(schema, name));
    }
  }

  /** Reads {@code schema.name}. */
  public static TableName parse(String text) {
    int dot = text.indexOf('.');
    if (dot < 0) {
      throw new EcluseException(
          ErrorCode.INVALID_USAGE,
          "'%s' is not a table name: write schema.table, as in erp.students".formatted(text));
    }
    return new TableName(text.substring(0, dot), text.substring(dot + 1));
  }

  /** The name in double quotes, for SQL. */
  public String quoted() {
    return "\"" + schema + "\".\"" + name + "\"";
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
