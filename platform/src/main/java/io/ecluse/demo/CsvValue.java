package io.ecluse.demo;

import io.ecluse.demo.ErpTable.Column;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One field of a CSV file as a value of a column. An empty field is NULL.
 *
 * @param key what tells a key apart from another
 * @param writing writes it
 * @param changed what had to be changed to make it one
 */
record CsvValue(Object key, Consumer<CopyWriter> writing, Optional<String> changed) {
  private static final Pattern DATE =
      Pattern.compile(
          "(\\d{4}-\\d{2}-\\d{2})([ T]\\d{2}:\\d{2}(:\\d{2}(\\.\\d+)?)?(Z|[+-]\\d{2}(:?\\d{2})?)?)?");
  private static final Pattern WHOLE_WITH_POINT = Pattern.compile("([+-]?\\d+)\\.0+");

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
      return asIs("", CopyWriter::missing);
    }
    return switch (column.type()) {
      case TEXT -> text(field, column.length());
      case SERIAL, INTEGER -> trimmed(field, whole(field.strip()));
      case DATE -> trimmed(field, day(field.strip()));
      case BOOLEAN -> trimmed(field, flag(field.strip()));
      case REAL -> trimmed(field, real(field.strip()));
    };
  }

  private static CsvValue asIs(Object key, Consumer<CopyWriter> writing) {
    return new CsvValue(key, writing, Optional.empty());
  }

  private CsvValue changed(String how) {
    return new CsvValue(key, writing, Optional.of(how));
  }

  private static CsvValue trimmed(String field, CsvValue value) {
    boolean spaces = field.length() != field.strip().length();
    return spaces && value.changed().isEmpty()
        ? value.changed("spaces around it were dropped")
        : value;
  }

  private static CsvValue text(String field, int length) throws Unfit {
    if (field.codePointCount(0, field.length()) > length) {
      throw new Unfit("longer than %d characters".formatted(length));
    }
    if (field.indexOf('\0') >= 0) {
      throw new Unfit("holds the character U+0000, which PostgreSQL cannot store");
    }
    return asIs(field, copy -> copy.text(field));
  }

  private static CsvValue whole(String text) throws Unfit {
    Matcher withPoint = WHOLE_WITH_POINT.matcher(text);
    try {
      int number = Integer.parseInt(withPoint.matches() ? withPoint.group(1) : text);
      CsvValue value = asIs(number, copy -> copy.integer(number));
      return withPoint.matches()
          ? value.changed("zeros after the decimal point were dropped")
          : value;
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
      long number = LocalDate.parse(matcher.group(1)).toEpochDay();
      CsvValue day = asIs(number, copy -> copy.date(number));
      return matcher.group(2) == null ? day : day.changed("the time of day was dropped");
    } catch (DateTimeException e) {
      throw new Unfit("not a day of the calendar");
    }
  }

  private static CsvValue flag(String text) throws Unfit {
    return switch (text.toLowerCase(Locale.ROOT)) {
      case "true", "t", "1", "yes", "y" -> asIs(true, copy -> copy.flag(true));
      case "false", "f", "0", "no", "n" -> asIs(false, copy -> copy.flag(false));
      default -> throw new Unfit("neither true nor false");
    };
  }

  private static CsvValue real(String text) throws Unfit {
    try {
      float value = Float.parseFloat(text);
      boolean plain = !text.matches(".*[dDfFxXpP]") && !text.contains("0x");
      if (plain && !Float.isNaN(value) && !Float.isInfinite(value)) {
        return asIs(value, copy -> copy.real(value));
      }
    } catch (NumberFormatException e) {
      // told below
    }
    throw new Unfit("not a number as 12.5");
  }
}
