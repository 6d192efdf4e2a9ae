package io.ecluse.duckdb;

import io.ecluse.schema.Column;
import io.ecluse.schema.Layout;
import io.ecluse.warehouse.StagedTable;
import io.ecluse.warehouse.TableColumn;
import io.ecluse.warehouse.WrittenFile;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Writes rows into files for a table of a run, laid out as the table wants it. */
final class TableWriter {
  private static final String FILE_SIZE = "512MB";

  private final DuckDbSession session;
  private final StagedTable table;
  private final Path folder;
  private final List<Column> columns;

  TableWriter(DuckDbSession session, StagedTable table) {
    this(session, table, table.dataFolder());
  }

  /**
   * @param folder empty, or not there
   */
  private TableWriter(DuckDbSession session, StagedTable table, Path folder) {
    this.session = session;
    this.table = table;
    this.folder = folder;
    this.columns = table.columns().stream().map(TableColumn::column).toList();
  }

  /**
   * What rows come from.
   *
   * @param linesBefore lines of ours before the person's text
   * @param rowBytes about how long a row is
   */
  record From(String sql, int linesBefore, long rowBytes) {}

  /** The same for files that are written beside those of another. */
  TableWriter beside(int number) {
    return new TableWriter(session, table, folder.resolve("more-" + number));
  }

  List<Column> columns() {
    return columns;
  }

  List<WrittenFile> write(From from) {
    List<Layout.Part> partition = table.partition();
    List<String> parts =
        IntStream.range(0, partition.size()).mapToObj(i -> "\u0001part" + i).toList();
    String sql =
        "COPY (\n%s%s) TO %s (FORMAT parquet, COMPRESSION zstd, FIELD_IDS %s, RETURN_STATS, ROW_GROUP_SIZE %d, %s)"
            .formatted(
                select(partition, parts, from.sql()),
                order(),
                Sql.text(folder.toString()),
                Sql.fieldIds(table.columns()),
                Sql.rowGroup(from.rowBytes()),
                parts.isEmpty()
                    ? "FILE_SIZE_BYTES '" + FILE_SIZE + "'"
                    : "PARTITION_BY (%s), HIVE_FILE_PATTERN false, FILENAME_PATTERN 'part_{uuid}'"
                        .formatted(list(parts, Column::quote)));
    return session.copy(sql, from.linesBefore(), parts).stream().filter(f -> f.rows() > 0).toList();
  }

  private String select(List<Layout.Part> partition, List<String> parts, String from) {
    if (parts.isEmpty()) {
      return Sql.cast(columns, from);
    }
    List<String> more = new ArrayList<>();
    for (int i = 0; i < parts.size(); i++) {
      Layout.Part part = partition.get(i);
      Column column =
          columns.stream().filter(c -> c.name().equals(part.column())).findFirst().orElseThrow();
      more.add(
          PartSql.of(part, column, "CAST(%s AS %s)".formatted(column.quoted(), column.type().sql()))
              + " AS "
              + Column.quote(parts.get(i)));
    }
    return Sql.cast(columns, more, from);
  }

  private String order() {
    List<Layout.Order> sort = table.sort();
    return sort.isEmpty()
        ? ""
        : " ORDER BY "
            + list(
                sort, s -> Column.quote(s.column()) + " " + s.direction().name() + " NULLS LAST");
  }

  private static <T> String list(List<T> items, Function<T, String> text) {
    return items.stream().map(text).collect(Collectors.joining(", "));
  }

  static long rows(List<WrittenFile> files) {
    return files.stream().mapToLong(WrittenFile::rows).sum();
  }
}
