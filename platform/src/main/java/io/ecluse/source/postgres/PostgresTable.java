package io.ecluse.source.postgres;

import io.ecluse.schema.Column;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * A table to read.
 *
 * @param pages of the heap as it is now; 0 for what has no heap, a view for one
 */
record PostgresTable(
    String schema, String name, List<PostgresColumn> columns, long estimatedRows, long pages) {
  static final long PAGE_BYTES = 8192;

  PostgresTable {
    columns = List.copyOf(columns);
  }

  /** The same table, its rows counted because the server has no estimate. */
  PostgresTable withRows(long rows) {
    return new PostgresTable(schema, name, columns, rows, pages);
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
    if (pages <= pagesEach) {
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
      return " WHERE ctid >= '(%d,0)'::tid".formatted(from)
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
    return "COPY (%s FROM %s%s) TO STDOUT (FORMAT binary)"
        .formatted(selected, quoted(), range.map(PageRange::condition).orElse(""));
  }

  String count() {
    return "SELECT count(*) FROM " + quoted();
  }

  private String quoted() {
    return Column.quote(schema) + "." + Column.quote(name);
  }
}
