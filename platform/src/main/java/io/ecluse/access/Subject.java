package io.ecluse.access;

import io.ecluse.schema.TableName;

/**
 * What an action is done to.
 *
 * @param name empty for all of a kind: a list asks for those first, and then for each line
 */
public record Subject(Kind kind, String name) {
  /** The project as a whole. */
  public static final Subject PROJECT = new Subject(Kind.PROJECT, "");

  /** Kinds of what there is. */
  public enum Kind {
    PROJECT,
    SOURCE,
    /** {@code source.stream}; its batches are seen and read with it. */
    STREAM,
    TABLE,
    DAG,
    RUN,
    DASHBOARD,
    /** One of the caller's own. */
    QUERY,
    /** A file of the project, by its path. */
    FILE
  }

  /** All of a kind. */
  public static Subject every(Kind kind) {
    return new Subject(kind, "");
  }

  public static Subject table(TableName table) {
    return new Subject(Kind.TABLE, table.lower().toString());
  }

  public static Subject stream(String source, String stream) {
    return new Subject(Kind.STREAM, source + "." + stream);
  }

  public boolean isEvery() {
    return name.isEmpty();
  }

  /** As a message names it: {@code dag erp_daily}, {@code tables}, {@code the project}. */
  @Override
  public String toString() {
    String word = kind.name().toLowerCase(java.util.Locale.ROOT);
    if (kind == Kind.PROJECT) {
      return "the project";
    }
    return isEvery() ? (kind == Kind.QUERY ? "queries" : word + "s") : word + " " + name;
  }
}
