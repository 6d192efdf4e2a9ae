package io.ecluse.source.postgres;

import io.ecluse.schema.Column;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A table to read.
 *
 * @param pages of the heap as it is now; 0 for what has no heap, a view for one
 * @param filter the condition on its rows; empty for every row
 */
record PostgresTable(
    String schema,
    String name,
    List<PostgresColumn> columns,
    long estimatedRows,
    long pages,
    Optional<String> filter) {
  static final long PAGE_BYTES = 8192;

  PostgresTable {
    columns = List.copyOf(columns);
  }

  /** Some rows of the table; how many, nobody knows before they are read. */
  PostgresTable where(String condition) {
    return new PostgresTable(schema, name, columns, -1, pages, Optional.of(condition));
  }

  /** Some columns of the table, in the given order. */
  PostgresTable only(List<String> names) {
    List<PostgresColumn> some = new ArrayList<>();
    for (String wanted : names) {
      columns.stream().filter(c -> c.staged().column().name().equals(wanted)).forEach(some::add);
    }
    return new PostgresTable(schema, name, some, estimatedRows, pages, filter);
  }

  /** About how long a row is. */
  long rowBytes() {
    return pages * PAGE_BYTES / Math.max(1, estimatedRows);
  }

  /**
   * Page ranges of about {@code pagesEach}, the last without an end: the table may have grown
   * since, though the snapshot sees nothing of that.
   */
  List<Optional<PageRange>> ranges(long pagesEach) {
    if (pages <= pagesEach || filter.isPresent()) { // an index may know what a filter wants
      return List.of(Optional.empty());
    }
    List<Optional<PageRange>> ranges = new ArrayList<>();
    for (long from = 0; from < pages; from += pagesEach) {
      boolean last = from + pagesEach >= pages;
      ranges.add(
          Optional.of(
              new PageRange(from, last ? Optional.empty() : Optional.of(from + pagesEach))));
    }
    return ranges;
  }

  /** Pages of the heap, the end left out. */
  record PageRange(long from, Optional<Long> to) {
    String condition() {
      return "ctid >= '(%d,0)'::tid".formatted(from)
          + to.map(t -> " AND ctid < '(%d,0)'::tid".formatted(t)).orElse("");
    }
  }

  String copy(Optional<PageRange> range) {
    String selected =
        columns.isEmpty()
            ? "SELECT"
            : columns.stream()
                .map(PostgresColumn::expression)
                .collect(Collectors.joining(", ", "SELECT ", ""));
    return "COPY (%s%s) TO STDOUT (FORMAT binary)".formatted(selected, from(range));
  }

  /** The rows of a range. */
  String from(Optional<PageRange> range) {
    return " FROM " + quoted() + where(range.map(PageRange::condition));
  }

  private String where(Optional<String> range) {
    String all =
        Stream.concat(range.stream(), filter.stream()).collect(Collectors.joining(" AND "));
    return all.isEmpty() ? "" : " WHERE " + all;
  }

  String quoted() {
    return quoted(schema, name);
  }

  static String quoted(String schema, String name) {
    return Column.quote(schema) + "." + Column.quote(name);
  }
}
