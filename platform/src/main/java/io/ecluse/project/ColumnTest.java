package io.ecluse.project;

import io.ecluse.schema.TableName;
import java.math.BigDecimal;
import java.util.List;
import java.util.Optional;

/** A rule that every row of a model must keep. NULL breaks only {@link NotNull}. */
public sealed interface ColumnTest {
  /** The name of the rule, as the header spells it. */
  String name();

  /** No two rows have the same value. */
  record Unique() implements ColumnTest {
    @Override
    public String name() {
      return "unique";
    }
  }

  /** No row lacks a value. */
  record NotNull() implements ColumnTest {
    @Override
    public String name() {
      return "not_null";
    }
  }

  /** The value is one of these. */
  record AcceptedValues(List<Literal> values) implements ColumnTest {
    public AcceptedValues {
      values = List.copyOf(values);
    }

    @Override
    public String name() {
      return "accepted_values";
    }
  }

  /** The value lies between the bounds, which belong to the range; one of them may be absent. */
  record Range(Optional<BigDecimal> min, Optional<BigDecimal> max) implements ColumnTest {
    @Override
    public String name() {
      return "range";
    }
  }

  /** The value is found in a column of another table. */
  record Relationship(TableName to, String column) implements ColumnTest {
    @Override
    public String name() {
      return "relationship";
    }
  }

  /** A value as it is written in a header. */
  sealed interface Literal {
    /** The value as a literal of SQL. */
    String sql();

    /** Text. */
    record Text(String value) implements Literal {
      @Override
      public String sql() {
        return "'" + value.replace("'", "''") + "'";
      }
    }

    /** A number. */
    record Numeric(BigDecimal value) implements Literal {
      @Override
      public String sql() {
        return value.toPlainString();
      }
    }

    /** True or false. */
    record Flag(boolean value) implements Literal {
      @Override
      public String sql() {
        return value ? "TRUE" : "FALSE";
      }
    }
  }
}
