package io.ecluse.project;

import io.ecluse.schema.TableName;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.format.DateTimeFormatter;
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

  /**
   * The value lies between the bounds, which belong to the range; one of them may be absent. They
   * are numbers, or moments.
   */
  record Range(Optional<Literal> min, Optional<Literal> max) implements ColumnTest {
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
    /** Characters of a day as 2026-01-31. */
    int DAY = 10;

    DateTimeFormatter SECONDS = DateTimeFormatter.ofPattern("HH:mm:ss");

    /** The value as a literal of SQL. */
    String sql();

    /** Text; a backslash in a literal is no letter to every engine. */
    record Text(String value) implements Literal {
      @Override
      public String sql() {
        String quoted = "'" + value.replace("'", "''") + "'";
        return value.indexOf('\\') < 0
            ? quoted
            : "(" + quoted.replace("\\", "' || chr(92) || '") + ")";
      }
    }

    /** A number. */
    record Numeric(BigDecimal value) implements Literal {
      @Override
      public String sql() {
        return value.toPlainString();
      }
    }

    /** A day, or a time of a day without a zone. */
    record Moment(LocalDate day, Optional<LocalTime> time) implements Literal {
      /** DateTimeException if it is in no calendar. */
      static Moment of(String text) {
        return new Moment(
            LocalDate.parse(text.substring(0, DAY)),
            text.length() > DAY
                ? Optional.of(LocalTime.parse(text.substring(DAY + 1)))
                : Optional.empty());
      }

      LocalDateTime begin() {
        return day.atTime(time.orElse(LocalTime.MIN));
      }

      @Override
      public String sql() {
        return time.map(t -> "TIMESTAMP '" + day + " " + SECONDS.format(t) + "'")
            .orElse("DATE '" + day + "'");
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
