package io.ecluse.query;

import java.math.BigDecimal;
import java.sql.Timestamp;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.temporal.ChronoField;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Optional;

/**
 * Values as texts that a spreadsheet of a language reads as what they are.
 *
 * @param language {@link Locale#FRENCH}, or {@link Locale#ROOT} for programs
 */
record CellText(Locale language, Spreadsheets.Formulas formulas) {
  private static final DateTimeFormatter TIME =
      new DateTimeFormatterBuilder()
          .appendPattern("uuuu-MM-dd HH:mm:ss")
          .appendFraction(ChronoField.MICRO_OF_SECOND, 0, 6, true)
          .toFormatter(Locale.ROOT);

  /** Beyond these, a number is shorter with an exponent. */
  private static final double LARGEST_PLAIN = 1e15;

  private static final double SMALLEST_PLAIN = 1e-6;

  boolean isFrench() {
    return language.equals(Locale.FRENCH);
  }

  /** The text of a value; empty for NULL. */
  Optional<String> of(Object value) {
    if (value == null) {
      return Optional.empty();
    }
    if (value instanceof String text) {
      return Optional.of(formulas.cell(text));
    }
    if (value instanceof Boolean truth) {
      return Optional.of(isFrench() ? (truth ? "VRAI" : "FAUX") : truth.toString());
    }
    if (value instanceof Number number) {
      String text = number(number);
      return Optional.of(isFrench() ? text.replace('.', ',') : text);
    }
    return Optional.of(plain(value));
  }

  private static String number(Number number) {
    if (number instanceof BigDecimal decimal) {
      return decimal.toPlainString();
    }
    if (number instanceof Double || number instanceof Float) {
      double size = Math.abs(number.doubleValue());
      String text = number.toString();
      if (size == 0 || (size >= SMALLEST_PLAIN && size < LARGEST_PLAIN)) {
        text = new BigDecimal(text).toPlainString();
      }
      return text.endsWith(".0") ? text.substring(0, text.length() - 2) : text;
    }
    return number.toString();
  }

  /** Times, bytes and what has parts: no text that anybody typed, but it may hold one. */
  private String plain(Object value) {
    if (value instanceof LocalDateTime time) {
      return TIME.format(time);
    }
    if (value instanceof Timestamp time) {
      return TIME.format(time.toLocalDateTime());
    }
    if (value instanceof OffsetDateTime time) {
      return TIME.format(time.withOffsetSameInstant(ZoneOffset.UTC)) + "Z";
    }
    if (value instanceof byte[] bytes) {
      return HexFormat.of().formatHex(bytes);
    }
    return formulas.cell(String.valueOf(value));
  }
}
