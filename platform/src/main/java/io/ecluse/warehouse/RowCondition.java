package io.ecluse.warehouse;

import java.util.List;
import org.apache.iceberg.expressions.Expression;
import org.apache.iceberg.expressions.Expressions;
import org.apache.iceberg.types.Type;
import org.apache.iceberg.types.Types;

/**
 * Something that is asked of a column of every row, in the terms of the table format's
 * specification (Apache Iceberg, "Scan Planning"): no value meets it if it is NULL.
 *
 * @param column its name, as the table has it
 * @param values one, or several for ONE_OF: of whole numbers longs, of texts texts, of days and
 *     moments without a zone texts as ISO 8601 has them
 */
public record RowCondition(String column, Test test, List<Object> values) {
  /** How a column's value is compared. */
  public enum Test {
    EQUAL,
    LESS,
    AT_MOST,
    GREATER,
    AT_LEAST,
    ONE_OF
  }

  public RowCondition {
    values = List.copyOf(values);
  }

  /** Whether values of a field are compared in the way that this means. */
  boolean fits(Types.NestedField field) {
    Type type = field.type();
    boolean isText = values.stream().allMatch(String.class::isInstance);
    return !column.contains(".") // which would be a part of another
        && (isText
            ? type.equals(Types.StringType.get())
                || type.equals(Types.DateType.get())
                || type.equals(Types.TimestampType.withoutZone())
            : type.equals(Types.IntegerType.get()) || type.equals(Types.LongType.get()));
  }

  Expression expression() {
    Object value = values.get(0);
    return switch (test) {
      case EQUAL -> Expressions.equal(column, value);
      case LESS -> Expressions.lessThan(column, value);
      case AT_MOST -> Expressions.lessThanOrEqual(column, value);
      case GREATER -> Expressions.greaterThan(column, value);
      case AT_LEAST -> Expressions.greaterThanOrEqual(column, value);
      case ONE_OF -> Expressions.in(column, values);
    };
  }
}
