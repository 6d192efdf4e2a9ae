package io.ecluse.duckdb;

import io.ecluse.schema.Column;
import io.ecluse.warehouse.FileReach;
import io.ecluse.warehouse.TableColumn;
import io.ecluse.warehouse.TableSnapshot;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * What reads a state of a table: its very files, each column found by its field id, without the
 * rows that files have lost. A view is read by its query, with the types that a table made from it
 * would have.
 */
final class Scan {
  /** The column of {@link #numbered} with the number of a row's file, from 0. */
  static final String FILE = Column.quote("\u0001file");

  /** The column of {@link #numbered} with the number of a row in its file, from 0. */
  static final String ROW = Column.quote("\u0001row");

  private final List<TableColumn> columns;
  private final Map<Integer, TableSnapshot.DataFile> files = new LinkedHashMap<>();
  private final Numbers numbers;

  /** The numbers of files in the order in which they are read. */
  private final List<Integer> read = new ArrayList<>();

  private enum Numbers {
    SHOWN,
    HIDDEN
  }

  private Scan(TableSnapshot snapshot, Numbers numbers) {
    this.columns = snapshot.columns();
    this.numbers = numbers;
  }

  /** Its rows. */
  static String rows(TableSnapshot snapshot) {
    if (snapshot.view().isPresent()) {
      List<Column> columns = snapshot.columns().stream().map(TableColumn::column).toList();
      return Sql.cast(columns, "(\n" + snapshot.view().get().sql() + "\n)");
    }
    Scan scan = new Scan(snapshot, Numbers.HIDDEN);
    snapshot.files().forEach(f -> scan.files.put(scan.files.size(), f));
    return scan.text();
  }

  /**
   * The rows of some of its files and, beside each, in which of all it is, and where there.
   *
   * @param join of the rows, which are {@code s}: only of those that it leaves it is worked out
   *     which file they are in; before, files are numbered as they are read
   */
  static String numbered(TableSnapshot snapshot, List<FileReach> some, String join) {
    Scan scan = new Scan(snapshot, Numbers.SHOWN);
    some.forEach(f -> scan.files.put(f.number(), f.file()));
    String rows = scan.text();
    return "SELECT s.* REPLACE (%s[s.%s + 1] AS %s) FROM (%s) s %s"
        .formatted(scan.read.isEmpty() ? "[0]" : scan.read, FILE, FILE, rows, join);
  }

  /** Files that are read in one way. */
  private enum Way {
    WHOLE,
    WITHOUT_ROWS_OF_FILES,
    WITHOUT_LISTED_ROWS;

    static Way of(TableSnapshot.DataFile file) {
      if (file.deleted().file().isPresent()) {
        return WITHOUT_ROWS_OF_FILES;
      }
      return file.deleted().positions().isEmpty() ? WHOLE : WITHOUT_LISTED_ROWS;
    }
  }

  private record Kind(Way way, boolean fit, int alone) {}

  private String text() {
    if (files.isEmpty()) {
      return columns.stream()
          .map(c -> "CAST(NULL AS " + c.column().type().sql() + ") AS " + c.column().quoted())
          .collect(Collectors.joining(", ", "SELECT ", numbers("0", "0") + " WHERE false"));
    }
    Map<Kind, List<Integer>> kinds = new LinkedHashMap<>();
    files.forEach(
        (number, file) -> {
          Way way = Way.of(file);
          Kind kind = new Kind(way, file.fit(), way == Way.WITHOUT_LISTED_ROWS ? number : 0);
          kinds.computeIfAbsent(kind, k -> new ArrayList<>()).add(number);
        });
    List<String> scans = new ArrayList<>();
    kinds.forEach((kind, some) -> scans.add(scan(kind, some)));
    return String.join(" UNION ALL ", scans);
  }

  private String numbers(String file, String row) {
    return switch (numbers) {
      case HIDDEN -> "";
      case SHOWN -> ", CAST(%s AS BIGINT) AS %s, %s AS %s".formatted(file, FILE, row, ROW);
    };
  }

  private String scan(Kind kind, List<Integer> numbered) {
    List<TableSnapshot.DataFile> some = numbered.stream().map(files::get).toList();
    String rows =
        "SELECT s.*%s FROM %s s"
            .formatted(
                numbers("s.file_index + " + read.size(), "s.file_row_number"), parquet(kind, some));
    read.addAll(numbered);
    return switch (kind.way()) {
      case WHOLE -> rows;
      case WITHOUT_ROWS_OF_FILES ->
          rows
              + " ANTI JOIN %s d ON s.file_index = d.file_index AND s.file_row_number = d.pos"
                  .formatted(deleted(some));
      case WITHOUT_LISTED_ROWS ->
          rows
              + some.get(0).deleted().positions().stream()
                  .map(String::valueOf)
                  .collect(Collectors.joining(", ", " WHERE s.file_row_number NOT IN (", ")"));
    };
  }

  private static String deleted(List<TableSnapshot.DataFile> files) {
    return Sql.parquet(files.stream().map(f -> f.deleted().file().orElseThrow()).toList(), "");
  }

  /**
   * Files that fit are read as they are. Where columns are found by id, DuckDB (1.5) knows neither
   * how many rows come nor between which bounds, and joins the wrong way round: at least it is told
   * the rows.
   */
  private String parquet(Kind kind, List<TableSnapshot.DataFile> some) {
    List<String> paths = some.stream().map(TableSnapshot.DataFile::path).toList();
    if (kind.fit()) {
      return Sql.parquet(paths, "");
    }
    long rows = some.stream().mapToLong(TableSnapshot.DataFile::rows).sum();
    return Sql.parquet(
        paths, ", schema = %s, explicit_cardinality = %d".formatted(schema(), Math.max(1, rows)));
  }

  private String schema() {
    return columns.stream()
        .map(
            c ->
                "%d: {name: %s, type: '%s', default_value: NULL}"
                    .formatted(c.fieldId(), Sql.text(c.column().name()), c.column().type().sql()))
        .collect(Collectors.joining(", ", "MAP {", "}"));
  }
}
