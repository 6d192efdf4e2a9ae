package io.ecluse.source.postgres;

import io.ecluse.schema.Column;
import java.util.List;
import java.util.Optional;

/**
 * What the catalog says of a table, or of what looks like one.
 *
 * @param kind as pg_class.relkind has it
 * @param persistence as pg_class.relpersistence has it
 * @param rows an estimate, of all partitions; empty if nothing was ever counted
 * @param bytes an estimate, of all partitions
 * @param partitions that rows are in; 0 of a plain table
 * @param readable whether every column may be selected
 * @param filtered whether a row-level policy may hide rows from us
 * @param extension that it belongs to
 */
record PostgresRelation(
    long oid,
    String name,
    char kind,
    char persistence,
    Optional<Long> rows,
    long bytes,
    int partitions,
    String comment,
    String owner,
    boolean readable,
    boolean filtered,
    Optional<String> extension,
    List<String> primaryKey,
    List<CommentedColumn> columns) {
  PostgresRelation {
    primaryKey = List.copyOf(primaryKey);
    columns = List.copyOf(columns);
  }

  /** A column, and what its COMMENT says. */
  record CommentedColumn(PostgresColumn column, String comment) {
    String name() {
      return column.staged().column().name();
    }
  }

  boolean isTable() {
    return kind == 'r' || kind == 'p';
  }

  /** For people. */
  String what() {
    return switch (kind) {
      case 'v' -> "a view";
      case 'm' -> "a materialised view";
      case 'f' -> "a foreign table";
      case 'p' -> "a partitioned table";
      default -> persistence == 'u' ? "an unlogged table" : "a table";
    };
  }

  String quoted(String schema) {
    return Column.quote(schema) + "." + Column.quote(name);
  }
}
