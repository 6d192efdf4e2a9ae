package io.ecluse.decode;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.dhatim.fastexcel.reader.Cell;
import org.dhatim.fastexcel.reader.CellType;

/**
 * What a cell holds. A date is a number that is shown as one (ECMA-376, part 1, 18.8.30): days
 * since the end of 1899, where 1900 counts as a leap year.
 */
record SheetValue(Sort sort, String text) {
  private static final BigDecimal MILLIS_A_DAY = BigDecimal.valueOf(86_400_000);
  private static final BigDecimal EXACT = BigDecimal.valueOf(1L << 53);
  private static final int ELAPSED_FORMAT = 46;
  private static final int THE_DAY_THAT_NEVER_WAS = 60;
  private static final int LAST_DAY = 2_958_465; // of 9999
  private static final LocalDate ZERO_1900 = LocalDate.of(1899, 12, 30);
  private static final LocalDate ZERO_1904 = LocalDate.of(1904, 1, 1);

  /** What a format says literally, and in which colour or language. */
  private static final Pattern LITERAL =
      Pattern.compile("\"[^\"]*\"|\\\\.|_.|\\*.|\\[(?!h+\\]|m+\\]|s+\\])[^\\]]*\\]");

  private static final Pattern ELAPSED = Pattern.compile("(?i)\\[(h+|m+|s+)\\]");

  /** What formulas give when they fail; the reader tells it from a text of cells alone. */
  private static final Set<String> ERRORS =
      Set.of(
          "#DIV/0!",
          "#N/A",
          "#NAME?",
          "#NULL!",
          "#NUM!",
          "#REF!",
          "#VALUE!",
          "#SPILL!",
          "#CALC!",
          "#FIELD!",
          "#BLOCKED!",
          "#CONNECT!",
          "#BUSY!",
          "#UNKNOWN!",
          "#GETTING_DATA");

  /** What a value is. */
  enum Sort {
    WHOLE,
    DECIMAL,
    DATE,
    TIMESTAMP,
    BOOLEAN,
    TEXT
  }

  /** A cell that has no value. */
  static final class Wrong extends Exception {
    private static final long serialVersionUID = 1;

    Wrong(String what) {
      super(what);
    }

    @Override
    public String getMessage() {
      return String.valueOf(super.getMessage());
    }
  }

  static Optional<SheetValue> of(Cell cell, boolean since1904) throws Wrong {
    Object value = cell.getValue();
    String raw = Optional.ofNullable(cell.getRawValue()).orElse("");
    boolean failed = cell.getType() == CellType.FORMULA && ERRORS.contains(raw);
    if (failed || cell.getType() == CellType.ERROR) {
      throw new Wrong(
          "%s stands there, which is no value; correct it in the workbook"
              .formatted(raw.startsWith("#") ? raw : "an error"));
    } else if (cell.getType() == CellType.FORMULA && value == null) {
      throw new Wrong(
          "a formula stands there that was never calculated; open the workbook in a spreadsheet and save it");
    } else if (value instanceof Boolean flag) {
      return Optional.of(new SheetValue(Sort.BOOLEAN, flag.toString()));
    } else if (value instanceof BigDecimal number) {
      return Optional.of(number(number, cell, since1904));
    }
    String text = String.valueOf(value);
    if (!text.isEmpty() && text.charAt(0) == SheetDates.MARK) {
      return Optional.of(iso(text.substring(1).strip()));
    }
    return Optional.of(new SheetValue(Sort.TEXT, SheetText.of(text)))
        .filter(v -> !v.text().isEmpty());
  }

  /** A date that is written as one, by the same words as one that is a number. */
  private static SheetValue iso(String text) throws Wrong {
    try {
      if (text.indexOf('T') < 0) {
        return text.indexOf(':') < 0
            ? new SheetValue(Sort.DATE, LocalDate.parse(text).toString())
            : new SheetValue(Sort.TEXT, seconds(LocalTime.parse(text)));
      }
      LocalDateTime time =
          LocalDateTime.parse(text.endsWith("Z") ? text.substring(0, text.length() - 1) : text);
      return timestamp(time);
    } catch (DateTimeException e) {
      throw new Wrong("a date stands there that no calendar has; correct it in the workbook");
    }
  }

  private static SheetValue timestamp(LocalDateTime time) {
    return time.toLocalTime().equals(LocalTime.MIDNIGHT)
        ? new SheetValue(Sort.DATE, time.toLocalDate().toString())
        : new SheetValue(Sort.TIMESTAMP, time.toLocalDate() + " " + seconds(time.toLocalTime()));
  }

  private static SheetValue number(BigDecimal number, Cell cell, boolean since1904) throws Wrong {
    int format = Optional.ofNullable(cell.getDataFormatId()).orElse(0);
    String shown = Optional.ofNullable(cell.getDataFormatString()).orElse("");
    if (isDuration(format, shown)) {
      return duration(number);
    } else if (isTime(format, shown)) {
      return time(number, since1904);
    }
    boolean whole = number.stripTrailingZeros().scale() <= 0 && number.abs().compareTo(EXACT) <= 0;
    return new SheetValue(
        whole ? Sort.WHOLE : Sort.DECIMAL,
        whole ? number.toBigInteger().toString() : number.toPlainString());
  }

  /** Whether numbers of a format are shown as dates or times of day. */
  static boolean isTime(int id, String format) {
    boolean builtIn =
        (id >= 14 && id <= 22)
            || (id >= 27 && id <= 36)
            || id == 45
            || id == 47
            || (id >= 50 && id <= 58);
    if (builtIn || format.isEmpty()) {
      return builtIn;
    }
    String first = LITERAL.matcher(format.split(";", 2)[0]).replaceAll("");
    return !ELAPSED.matcher(first).find()
        && !first.equalsIgnoreCase("General")
        && first.matches("(?i).*[ymdhs].*");
  }

  /** Whether numbers of a format are shown as time that has passed: [h]:mm:ss. */
  private static boolean isDuration(int id, String format) {
    return id == ELAPSED_FORMAT
        || ELAPSED.matcher(LITERAL.matcher(format.split(";", 2)[0]).replaceAll("")).find();
  }

  /** Hours, which may be many, minutes and seconds, as a format [h]:mm:ss shows them. */
  private static SheetValue duration(BigDecimal days) {
    long millis =
        days.abs().multiply(MILLIS_A_DAY).setScale(0, RoundingMode.HALF_UP).longValueExact();
    Duration time = Duration.ofMillis(millis);
    String text =
        "%s%02d:%02d:%02d"
            .formatted(
                days.signum() < 0 && millis > 0 ? "-" : "",
                time.toHours(),
                time.toMinutesPart(),
                time.toSecondsPart());
    int rest = time.toMillisPart();
    return new SheetValue(Sort.TEXT, rest == 0 ? text : text + ".%03d".formatted(rest));
  }

  private static SheetValue time(BigDecimal days, boolean since1904) throws Wrong {
    if (days.signum() < 0 || days.intValue() > LAST_DAY) {
      throw new Wrong("a date stands there that no calendar has; correct it in the workbook");
    }
    long day = days.toBigInteger().longValueExact();
    long millis =
        days.subtract(BigDecimal.valueOf(day))
            .multiply(MILLIS_A_DAY)
            .setScale(0, RoundingMode.HALF_UP)
            .longValueExact();
    if (day == 0 && !since1904) {
      return new SheetValue(Sort.TEXT, seconds(LocalTime.MIDNIGHT.plus(millis, ChronoUnit.MILLIS)));
    } else if (day == THE_DAY_THAT_NEVER_WAS && !since1904) {
      throw new Wrong("29 February 1900 stands there, which never was; correct it in the workbook");
    }
    long shift = !since1904 && day < THE_DAY_THAT_NEVER_WAS ? 1 : 0;
    LocalDateTime time =
        (since1904 ? ZERO_1904 : ZERO_1900)
            .plusDays(day + shift)
            .atStartOfDay()
            .plus(millis, ChronoUnit.MILLIS);
    return timestamp(time);
  }

  private static String seconds(LocalTime time) {
    String text = time.toString();
    return text.length() == "hh:mm".length() ? text + ":00" : text;
  }
}
