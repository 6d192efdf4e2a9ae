package io.ecluse.duckdb;

import io.ecluse.schema.Column;
import io.ecluse.warehouse.TableColumn;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Pieces of DuckDB's SQL. */
public final class Sql {
  /** What a writer of Parquet gathers before it writes. */
  private static final long ROW_GROUP_BYTES = 24L << 20;

  /** DuckDB's own default. */
  private static final long MOST_ROWS = 122_880;

  private Sql() {}

  /** Rows of a row group, so that what is gathered stays small however long a row is. */
  static long rowGroup(long rowBytes) {
    return Math.max(1, Math.min(MOST_ROWS, ROW_GROUP_BYTES / Math.max(1, rowBytes)));
  }

  /** A text in single quotes. */
  public static String text(String value) {
    return "'" + value.replace("'", "''") + "'";
  }

  public static String list(List<String> paths) {
    return paths.stream().map(Sql::text).collect(Collectors.joining(", ", "[", "]"));
  }

  /** What reads files, of whose paths nothing is taken for a column. */
  static String parquet(List<String> paths, String more) {
    return "read_parquet(%s, hive_partitioning = false%s)".formatted(list(paths), more);
  }

  /** The columns of a query, each cast to the type that the table has for it. */
  static String cast(List<Column> columns, String from) {
    return cast(columns, List.of(), from);
  }

  /** The same, and more columns after them. */
  static String cast(List<Column> columns, List<String> more, String from) {
    return Stream.concat(
            columns.stream()
                .map(c -> "CAST(" + c.quoted() + " AS " + c.type().sql() + ") AS " + c.quoted()),
            more.stream())
        .collect(Collectors.joining(", ", "SELECT ", " FROM " + from));
  }

  static String fieldIds(List<TableColumn> columns) {
    return columns.stream()
        .map(c -> c.column().quoted() + ": " + c.fieldId())
        .collect(Collectors.joining(", ", "{", "}"));
  }
}
