package io.ecluse.demo;

import io.ecluse.demo.ErpTable.Column;
import java.sql.SQLException;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One field of a CSV file as a value of a column. An empty field is NULL.
 *
 * @param changed what had to be changed to make it one
 */
record CsvValue(Content content, Optional<String> changed) {
  private static final Pattern DATE =
      Pattern.compile(
          "(\\d{4}-\\d{2}-\\d{2})([ T]\\d{2}:\\d{2}(:\\d{2}(\\.\\d+)?)?(Z|[+-]\\d{2}(:?\\d{2})?)?)?");
  private static final Pattern WHOLE_WITH_POINT = Pattern.compile("([+-]?\\d+)\\.0+");

  /** A value that can be written. */
  sealed interface Content {
    void write(CopyWriter copy) throws SQLException;

    /** What tells a key apart from another. */
    Object key();

    record Missing() implements Content {
      @Override
      public void write(CopyWriter copy) {
        copy.missing();
      }

      @Override
      public Object key() {
        return this;
      }
    }

    record Whole(int value) implements Content {
      @Override
      public void write(CopyWriter copy) {
        copy.integer(value);
      }

      @Override
      public Object key() {
        return value;
      }
    }

    record Text(String value) implements Content {
      @Override
      public void write(CopyWriter copy) {
        copy.text(value);
      }

      @Override
      public Object key() {
        return value;
      }
    }

    record Day(long epochDay) implements Content {
      @Override
      public void write(CopyWriter copy) {
        copy.date(epochDay);
      }

      @Override
      public Object key() {
        return epochDay;
      }
    }

    record Flag(boolean value) implements Content {
      @Override
      public void write(CopyWriter copy) {
        copy.flag(value);
      }

      @Override
      public Object key() {
        return value;
      }
    }

    record Real(float value) implements Content {
      @Override
      public void write(CopyWriter copy) {
        copy.real(value);
      }

      @Override
      public Object key() {
        return value;
      }
    }
  }

  /** A field that is no value of its column; the message says why, without the value. */
  static final class Unfit extends Exception {
    private static final long serialVersionUID = 1L;

    Unfit(String reason) {
      super(reason, null, false, false);
    }

    String reason() {
      return String.valueOf(getMessage());
    }
  }

  static CsvValue of(String field, Column column) throws Unfit {
    if (field.isEmpty()) {
      if (column.isKey()) {
        throw new Unfit("the key is empty");
      }
      return asIs(new Content.Missing());
    }
    return switch (column.type()) {
      case TEXT -> text(field, column.length());
      case SERIAL, INTEGER -> trimmed(field, whole(field.strip()));
      case DATE -> trimmed(field, day(field.strip()));
      case BOOLEAN -> trimmed(field, flag(field.strip()));
      case REAL -> trimmed(field, real(field.strip()));
    };
  }

  private static CsvValue asIs(Content content) {
    return new CsvValue(content, Optional.empty());
  }

  private static CsvValue trimmed(String field, CsvValue value) {
    boolean spaces = field.length() != field.strip().length();
    return spaces && value.changed().isEmpty()
        ? new CsvValue(value.content(), Optional.of("spaces around it were dropped"))
        : value;
  }

  private static CsvValue text(String field, int length) throws Unfit {
    if (field.codePointCount(0, field.length()) > length) {
      throw new Unfit("longer than %d characters".formatted(length));
    }
    if (field.indexOf('\0') >= 0) {
      throw new Unfit("holds the character U+0000, which PostgreSQL cannot store");
    }
    return asIs(new Content.Text(field));
  }

  private static CsvValue whole(String text) throws Unfit {
    Matcher withPoint = WHOLE_WITH_POINT.matcher(text);
    try {
      if (withPoint.matches()) {
        return new CsvValue(
            new Content.Whole(Integer.parseInt(withPoint.group(1))),
            Optional.of("zeros after the decimal point were dropped"));
      }
      return asIs(new Content.Whole(Integer.parseInt(text)));
    } catch (NumberFormatException e) {
      throw new Unfit("not a whole number of 32 bits");
    }
  }

  private static CsvValue day(String text) throws Unfit {
    Matcher matcher = DATE.matcher(text);
    if (!matcher.matches()) {
      throw new Unfit("not a date as 2024-01-31");
    }
    try {
      Content day = new Content.Day(LocalDate.parse(matcher.group(1)).toEpochDay());
      return matcher.group(2) == null
          ? asIs(day)
          : new CsvValue(day, Optional.of("the time of day was dropped"));
    } catch (DateTimeException e) {
      throw new Unfit("not a day of the calendar");
    }
  }

  private static CsvValue flag(String text) throws Unfit {
    return switch (text.toLowerCase(Locale.ROOT)) {
      case "true", "t", "1", "yes", "y" -> asIs(new Content.Flag(true));
      case "false", "f", "0", "no", "n" -> asIs(new Content.Flag(false));
      default -> throw new Unfit("neither true nor false");
    };
  }

  private static CsvValue real(String text) throws Unfit {
    try {
      float value = Float.parseFloat(text);
      boolean plain = !text.matches(".*[dDfFxXpP]") && !text.contains("0x");
      if (plain && !Float.isNaN(value) && !Float.isInfinite(value)) {
        return asIs(new Content.Real(value));
      }
    } catch (NumberFormatException e) {
      // told below
    }
    throw new Unfit("not a number as 12.5");
  }
}
