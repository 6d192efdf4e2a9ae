package io.ecluse.transform;

import io.ecluse.project.ColumnTest;
import io.ecluse.schema.Column;
import io.ecluse.schema.TableName;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The query of a test: it returns the rows that break it. The SQL is the subset on which engines
 * agree.
 */
final class TestSql {
  private TestSql() {}

  /** A day as a bound means all of it, also of a column of times. */
  private static String bounded(String tested, ColumnTest.Literal bound) {
    boolean isDay = bound instanceof ColumnTest.Literal.Moment moment && moment.time().isEmpty();
    return isDay ? "CAST(" + tested + " AS DATE)" : tested;
  }

  /**
   * @param key the column that tells rows apart, if the model names one as unique
   */
  static String failing(TableName table, String column, ColumnTest test, Optional<String> key) {
    String tested = "t." + Column.quote(column);
    String shown = key.map(k -> "t." + Column.quote(k)).orElse("NULL");
    String rows = "SELECT " + shown + " AS failing_key FROM " + table + " t WHERE ";
    if (test instanceof ColumnTest.Unique) {
      return "SELECT %s AS failing_key FROM %s t WHERE %s IN (SELECT u.%s FROM %s u GROUP BY u.%s HAVING count(*) > 1)"
          .formatted(
              key.isPresent() ? shown : tested,
              table,
              tested,
              Column.quote(column),
              table,
              Column.quote(column));
    } else if (test instanceof ColumnTest.NotNull) {
      return rows + tested + " IS NULL";
    } else if (test instanceof ColumnTest.AcceptedValues accepted) {
      return rows
          + tested
          + " IS NOT NULL AND "
          + tested
          + accepted.values().stream()
              .map(ColumnTest.Literal::sql)
              .collect(Collectors.joining(", ", " NOT IN (", ")"));
    } else if (test instanceof ColumnTest.Range range) {
      List<String> outside = new ArrayList<>();
      range.min().ifPresent(m -> outside.add(bounded(tested, m) + " < " + m.sql()));
      range.max().ifPresent(m -> outside.add(bounded(tested, m) + " > " + m.sql()));
      return rows + (outside.isEmpty() ? "FALSE" : String.join(" OR ", outside));
    } else if (test instanceof ColumnTest.Relationship relationship) {
      return rows
          + "%s IS NOT NULL AND NOT EXISTS (SELECT 1 FROM %s r WHERE r.%s = %s)"
              .formatted(tested, relationship.to(), Column.quote(relationship.column()), tested);
    }
    throw new AssertionError("Unhandled " + test);
  }
}
