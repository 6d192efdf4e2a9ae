package io.ecluse.query;

import io.ecluse.error.ErrorCode;
import java.io.IOException;
import java.io.OutputStream;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.dhatim.fastexcel.Workbook;
import org.dhatim.fastexcel.Worksheet;

/**
 * A result as a workbook. Numbers are numbers as long as Excel keeps their digits, else texts; so
 * are dates from its first one on.
 */
final class WorkbookSheet implements Spreadsheets.Sheet {
  private static final int MOST_ROWS = (1 << 20) - 1;
  private static final int MOST_COLUMNS = 1 << 14;
  private static final int LONGEST_TEXT = 32_767;
  private static final int EXACT_DIGITS = 15;
  private static final long EXACT = 1_000_000_000_000_000L;
  private static final int ROWS_IN_MEMORY = 1_000;
  private static final double MICROS_PER_DAY = 86_400_000_000d;

  /** Excel counts days from here; before March 1900 it counts one that never was. */
  private static final LocalDate DAY_ZERO = LocalDate.of(1899, 12, 30);

  private static final LocalDate FIRST_DATE = LocalDate.of(1900, 3, 1);

  /** What a workbook cannot hold as it is, and what reads like its escape for that. */
  private static final Pattern TO_ESCAPE =
      Pattern.compile(
          "[\\x00-\\x08\\x0b\\x0c\\x0d\\x0e-\\x1f\\ufffe\\uffff]|_(?=x[0-9A-Fa-f]{4}_)");

  private final Workbook workbook;
  private final Worksheet sheet;
  private final List<String> names;
  private final CellText text;
  private int row;

  WorkbookSheet(ResultFiles.Shape shape, Spreadsheets.Formulas formulas, OutputStream out) {
    if (shape.rows() > MOST_ROWS || shape.names().size() > MOST_COLUMNS) {
      throw ErrorCode.CONFLICT.error(
          "The result has %d rows and %d columns, but a sheet holds %d and %d; take csv instead"
              .formatted(shape.rows(), shape.names().size(), MOST_ROWS, MOST_COLUMNS));
    }
    this.workbook = new Workbook(out, "Ecluse", "1.0");
    this.sheet = workbook.newWorksheet("Result");
    this.names = shape.names();
    this.text = new CellText(Locale.ROOT, formulas);
  }

  @Override
  public void header(List<String> titles) {
    for (int i = 0; i < titles.size(); i++) {
      write(i, titles.get(i));
      sheet.style(row, i).bold().set();
    }
    sheet.freezePane(0, 1);
    row++;
  }

  @Override
  public void row(Object[] values) throws IOException {
    for (int i = 0; i < values.length; i++) {
      cell(i, values[i]);
    }
    row++;
    if (row % ROWS_IN_MEMORY == 0) {
      sheet.flush();
    }
  }

  private void cell(int column, Object value) {
    if (value instanceof Number number && isExact(number)) {
      sheet.value(row, column, number);
    } else if (value instanceof Boolean truth) {
      sheet.value(row, column, truth);
    } else if (value instanceof LocalDate date && !date.isBefore(FIRST_DATE)) {
      sheet.value(row, column, ChronoUnit.DAYS.between(DAY_ZERO, date));
      sheet.style(row, column).format("yyyy-mm-dd").set();
    } else if (value instanceof LocalDateTime time && !time.toLocalDate().isBefore(FIRST_DATE)) {
      sheet.value(
          row, column, ChronoUnit.MICROS.between(DAY_ZERO.atStartOfDay(), time) / MICROS_PER_DAY);
      sheet.style(row, column).format("yyyy-mm-dd hh:mm:ss").set();
    } else {
      text.of(value).ifPresent(t -> write(column, t));
    }
  }

  private static boolean isExact(Number number) {
    if (number instanceof Double || number instanceof Float) {
      return Double.isFinite(number.doubleValue());
    }
    if (number instanceof BigDecimal decimal) {
      return decimal.stripTrailingZeros().precision() <= EXACT_DIGITS;
    }
    return number instanceof BigInteger large
        ? large.bitLength() < Long.SIZE && Math.abs(large.longValue()) < EXACT
        : Math.abs(number.longValue()) < EXACT;
  }

  private void write(int column, String cell) {
    if (cell.length() > LONGEST_TEXT) {
      throw ErrorCode.CONFLICT.error(
          "A text of column %s has %d characters, but a cell holds %d; take csv instead"
              .formatted(names.get(column), cell.length(), LONGEST_TEXT));
    }
    Matcher odd = TO_ESCAPE.matcher(cell);
    sheet.inlineString(
        row, column, odd.replaceAll(m -> "_x%04X_".formatted((int) m.group().charAt(0))));
  }

  @Override
  public void close() throws IOException {
    workbook.finish();
  }
}
