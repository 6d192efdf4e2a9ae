package io.ecluse.source.postgres;

import io.ecluse.source.ImpactLimits;
import io.ecluse.source.Throttle;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/** How many rows the source has, counted by itself. Used by one thread. */
final class Counts {
  /** A megabyte: so long the server works at a time when its time is limited. */
  private static final long PAGES_A_STEP = 128;

  /** Than sending the same rows, for the server. */
  private static final long CHEAPER = 4;

  private final ImpactLimits limits;
  private final Throttle throttle;
  private final BooleanSupplier stopped;
  private final Map<String, Long> byKind = new LinkedHashMap<>();

  Counts(ImpactLimits limits, Throttle throttle, BooleanSupplier stopped) {
    this.limits = limits;
    this.throttle = throttle;
    this.stopped = stopped;
  }

  /** By {@link Batches.Kind#of}. */
  Map<String, Long> byKind() {
    return byKind;
  }

  /**
   * Counts what of a table is not counted yet. Returns by how many rows it has more than was
   * estimated, the first time.
   */
  long add(Connection connection, ReadPlan plan) throws SQLException {
    PostgresTable table = plan.table();
    long more = 0;
    String all = Batches.Kind.ROWS.of(table.name());
    if (!byKind.containsKey(all)) {
      byKind.put(all, gently(connection, table));
      more = byKind.get(all) - Math.max(0, table.estimatedRows());
    }
    String keys = Batches.Kind.KEYS.of(table.name());
    if (plan.keys().isPresent() && !byKind.containsKey(keys)) {
      byKind.put(keys, gently(connection, plan.keys().get()));
    }
    return more;
  }

  private long gently(Connection connection, PostgresTable table) throws SQLException {
    if (!limits.isSlowed()) {
      return count(connection, table.count());
    }
    long count = 0;
    for (Optional<PostgresTable.PageRange> range : table.ranges(PAGES_A_STEP)) {
      count += count(connection, table.count(range));
      long pages = range.isPresent() ? PAGES_A_STEP : table.pages();
      throttle.spend(pages * PostgresTable.PAGE_BYTES / CHEAPER, stopped);
    }
    return count;
  }

  static long count(Connection connection, String sql) throws SQLException {
    return Long.parseLong(text(connection, sql));
  }

  static String text(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      rows.next();
      return rows.getString(1);
    }
  }
}
