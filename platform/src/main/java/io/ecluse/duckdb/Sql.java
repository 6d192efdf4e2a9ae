package io.ecluse.duckdb;

import io.ecluse.schema.Column;
import io.ecluse.warehouse.TableColumn;
import io.ecluse.warehouse.TableSnapshot;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

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

  /**
   * What reads a state of a table: its very files, each column found by its field id. A view is
   * read by its query, with the types that a table made from it would have.
   */
  static String scan(TableSnapshot snapshot) {
    if (snapshot.view().isPresent()) {
      List<Column> columns = snapshot.columns().stream().map(TableColumn::column).toList();
      return cast(columns, "(\n" + snapshot.view().get().sql() + "\n)");
    }
    if (snapshot.files().isEmpty()) {
      return snapshot.columns().stream()
          .map(c -> "CAST(NULL AS " + c.column().type().sql() + ") AS " + c.column().quoted())
          .collect(Collectors.joining(", ", "SELECT ", " WHERE false"));
    }
    Map<Boolean, List<TableSnapshot.DataFile>> clean =
        snapshot.files().stream()
            .filter(f -> f.deletedPositions().isEmpty())
            .collect(Collectors.partitioningBy(TableSnapshot.DataFile::fit));
    List<String> scans = new ArrayList<>();
    clean.forEach(
        (fit, files) -> {
          if (!files.isEmpty()) {
            scans.add("SELECT * FROM " + parquet(files, snapshot.columns(), ""));
          }
        });
    for (TableSnapshot.DataFile file : snapshot.files()) {
      if (!file.deletedPositions().isEmpty()) {
        scans.add(withoutDeleted(file, snapshot.columns()));
      }
    }
    return String.join(" UNION ALL ", scans);
  }

  /**
   * Files that fit are read as they are. Where columns are found by id, DuckDB (1.5) knows neither
   * how many rows come nor between which bounds, and joins the wrong way round: at least it is told
   * the rows.
   */
  private static String parquet(
      List<TableSnapshot.DataFile> files, List<TableColumn> columns, String more) {
    String paths = list(files.stream().map(TableSnapshot.DataFile::path).toList());
    if (files.stream().allMatch(TableSnapshot.DataFile::fit)) {
      return "read_parquet(" + paths + more + ")";
    }
    long rows = files.stream().mapToLong(TableSnapshot.DataFile::rows).sum();
    return "read_parquet(%s, schema = %s, explicit_cardinality = %d%s)"
        .formatted(paths, schema(columns), Math.max(1, rows), more);
  }

  private static String withoutDeleted(TableSnapshot.DataFile file, List<TableColumn> columns) {
    String positions =
        file.deletedPositions().stream().map(String::valueOf).collect(Collectors.joining(", "));
    return "SELECT * EXCLUDE (file_row_number) FROM %s WHERE file_row_number NOT IN (%s)"
        .formatted(parquet(List.of(file), columns, ", file_row_number = true"), positions);
  }

  private static String schema(List<TableColumn> columns) {
    return columns.stream()
        .map(
            c ->
                "%d: {name: %s, type: '%s', default_value: NULL}"
                    .formatted(c.fieldId(), text(c.column().name()), c.column().type().sql()))
        .collect(Collectors.joining(", ", "MAP {", "}"));
  }

  /** The columns of a query, each cast to the type that the table has for it. */
  static String cast(List<Column> columns, String from) {
    return columns.stream()
        .map(c -> "CAST(" + c.quoted() + " AS " + c.type().sql() + ") AS " + c.quoted())
        .collect(Collectors.joining(", ", "SELECT ", " FROM " + from));
  }

  static String fieldIds(List<TableColumn> columns) {
    return columns.stream()
        .map(c -> c.column().quoted() + ": " + c.fieldId())
        .collect(Collectors.joining(", ", "{", "}"));
  }
}
