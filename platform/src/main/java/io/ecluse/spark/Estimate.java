package io.ecluse.spark;

import io.ecluse.engine.Demand;
import io.ecluse.engine.Engine;
import io.ecluse.schema.Column;
import io.ecluse.schema.TableName;
import io.ecluse.text.Amounts;
import io.ecluse.warehouse.ReadView;
import io.ecluse.warehouse.TableColumn;
import io.ecluse.warehouse.TableSnapshot;
import io.ecluse.warehouse.Warehouse;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What a query will take, by what is known before it runs: the rows of its tables, what their
 * columns take in files, and what its text does with them. Of what is joined, all but the largest
 * is held in memory, as engines build their tables of hashes; of a table with a condition of its
 * own a fifth of the rows, which is what DuckDB supposes of conditions, too. bench/engine compares
 * it with what happens.
 *
 * @param read bytes of files that hold what it needs
 * @param files bytes of all files of its tables
 * @param held bytes of rows in memory
 */
record Estimate(long read, long files, long held, Demand demand) {
  private static final double KEPT_BY_CONDITION = 0.2;
  private static final double ROWS_IN_A_GROUP = 10;
  private static final int BYTES_OF_A_GROUP = 32;

  /** Of a row that is held: its hash, and where the next is. */
  private static final int BYTES_BESIDE = 16;

  /** Of a text that is held, in any case. */
  private static final int BYTES_OF_TEXT = 16;

  /** How much longer texts are in memory than packed in files. */
  private static final int UNPACKED = 3;

  private static final int NUMBER = 8;

  /**
   * @param usual who knows SQL
   */
  static Estimate of(Engine usual, Warehouse warehouse, String sql, ReadView view) {
    Map<TableName, TableSnapshot> tables = new LinkedHashMap<>();
    List<Demand> demands = new ArrayList<>();
    Set<TableName> seen = new HashSet<>();
    Deque<String> open = new ArrayDeque<>(List.of(sql));
    while (!open.isEmpty()) { // views are read by their queries
      String next = open.remove();
      demands.add(usual.demand(next));
      Set<TableName> names = new HashSet<>(usual.tables(next));
      names.removeIf(table -> !seen.add(table.lower()));
      for (TableSnapshot table : warehouse.snapshots(names, view).values()) {
        table.view().ifPresent(v -> open.add(v.sql()));
        if (table.view().isEmpty()) {
          tables.put(table.table().lower(), table);
        }
      }
    }
    Demand all = together(demands);
    Map<TableName, Sizes> sizes = new LinkedHashMap<>();
    tables.forEach(
        (name, table) ->
            sizes.put(name, Sizes.of(table, warehouse.columnBytes(table), all.columns())));
    return new Estimate(
        sizes.values().stream().mapToLong(Sizes::bytes).sum(),
        tables.values().stream().mapToLong(TableSnapshot::bytes).sum(),
        (long) all.parts().stream().mapToDouble(p -> held(p, sizes)).sum(),
        all);
  }

  /** For people. */
  String words() {
    return "%s to read of %s in its tables, %d joins, %d groups, %d sorts, for which rows of about %s are held"
        .formatted(
            Amounts.bytes(read),
            Amounts.bytes(files),
            demand.joins(),
            demand.groups(),
            demand.sorts(),
            Amounts.bytes(held));
  }

  private static Demand together(List<Demand> all) {
    boolean named = all.stream().allMatch(d -> d.columns().isPresent());
    Set<String> columns = new HashSet<>();
    all.forEach(d -> d.columns().ifPresent(columns::addAll));
    return new Demand(
        all.stream().mapToInt(Demand::joins).sum(),
        all.stream().mapToInt(Demand::groups).sum(),
        all.stream().mapToInt(Demand::sorts).sum(),
        all.stream().flatMap(d -> d.parts().stream()).toList(),
        named ? Optional.of(columns) : Optional.empty());
  }

  /**
   * A table as a query needs it.
   *
   * @param bytes of its files that hold the columns
   * @param width bytes of a row of them in memory
   */
  private record Sizes(long rows, long bytes, double width, Set<String> columns) {
    static Sizes of(
        TableSnapshot table, Map<Integer, Long> columnBytes, Optional<Set<String>> needed) {
      long rows = table.rows();
      long bytes = 0;
      double width = 0;
      Set<String> names = new HashSet<>();
      boolean told = true;
      for (TableColumn each : table.columns()) {
        String name = each.column().name().toLowerCase(Locale.ROOT);
        names.add(name);
        if (needed.isEmpty() || needed.get().contains(name)) {
          Optional<Long> packed = Optional.ofNullable(columnBytes.get(each.fieldId()));
          told &= packed.isPresent();
          bytes += packed.orElse(0L);
          width += width(each.column(), packed.orElse(0L) / (double) Math.max(1, rows));
        }
      }
      return new Sizes(rows, told ? Math.min(bytes, table.bytes()) : table.bytes(), width, names);
    }

    private static double width(Column column, double packed) {
      return switch (column.type().kind()) {
        case BOOLEAN -> 1;
        case INTEGER, REAL, DATE -> NUMBER / 2.0;
        case BIGINT, DOUBLE, TIMESTAMP, TIMESTAMPTZ -> NUMBER;
        case DECIMAL -> column.type().precision() > 18 ? 2 * NUMBER : NUMBER;
        case UUID -> 2 * NUMBER;
        case VARCHAR, BLOB -> BYTES_OF_TEXT + UNPACKED * packed;
      };
    }

    double rowsOf(Demand.Reading reading) {
      return reading.conditions().stream().anyMatch(columns::containsAll)
          ? rows * KEPT_BY_CONDITION
          : rows;
    }
  }

  private static double held(Demand.Part part, Map<TableName, Sizes> sizes) {
    double all = 0;
    double largest = 0;
    double mostRows = 0;
    for (Demand.Reading reading : part.readings()) {
      Sizes table = sizes.get(reading.table());
      if (table != null) {
        double rows = table.rowsOf(reading);
        double bytes = rows * (table.width() + BYTES_BESIDE);
        all += bytes;
        largest = Math.max(largest, bytes);
        mostRows = Math.max(mostRows, rows);
      }
    }
    double grouped = part.groups() * mostRows / ROWS_IN_A_GROUP * BYTES_OF_A_GROUP;
    double sorted = part.sorts() > 0 && part.groups() == 0 ? largest : 0;
    return all - largest + grouped + sorted;
  }
}
