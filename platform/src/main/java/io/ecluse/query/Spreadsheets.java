package io.ecluse.query;

import io.ecluse.error.EcluseException;
import io.ecluse.error.ErrorCode;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import java.util.Locale;

/**
 * Writes results for spreadsheets. A text that one would take for a formula gets an apostrophe in
 * front, for it may come from anybody who once filled in a form: at {@link Formulas#NEUTRAL}. A
 * file is read back a page at a time, so its size costs no memory.
 */
public final class Spreadsheets {
  private static final int PAGE = 10_000;

  /** Characters at which spreadsheets begin a formula, or drop to find one behind. */
  private static final String BEGIN_FORMULAS = "=+-@\t\r\n＝＋－＠";

  private Spreadsheets() {}

  /** What is written. */
  public enum Format {
    /** With commas and points, as programs like it. */
    CSV,
    /** With semicolons, decimal commas and a byte order mark, as a French Excel opens it. */
    CSV_EXCEL_FR,
    /** A workbook with one sheet. */
    XLSX;

    /** What is done with texts that look like formulas, unless told otherwise. */
    public Formulas usual() {
      return this == CSV ? Formulas.AS_THEY_ARE : Formulas.NEUTRAL;
    }
  }

  /** What happens to texts that a spreadsheet would take for formulas. */
  public enum Formulas {
    NEUTRAL,
    AS_THEY_ARE;

    String cell(String text) {
      return this == NEUTRAL && !text.isEmpty() && BEGIN_FORMULAS.indexOf(text.charAt(0)) >= 0
          ? "'" + text
          : text;
    }
  }

  /** Reads rows {@code offset} to {@code offset + limit} at most; none when there are no more. */
  public interface Pages {
    List<Object[]> read(long offset, int limit);
  }

  /** Takes the cells of a result, row by row. */
  interface Sheet extends AutoCloseable {
    void header(List<String> names) throws IOException;

    void row(Object[] values) throws IOException;

    @Override
    void close() throws IOException;
  }

  /**
   * Writes a whole result.
   *
   * @throws EcluseException CONFLICT if it does not fit into the format
   */
  public static void write(
      ResultFiles.Shape shape, Pages pages, Format format, Formulas formulas, OutputStream out)
      throws IOException {
    try (Sheet sheet = sheet(shape, format, formulas, out)) {
      sheet.header(shape.names().stream().map(formulas::cell).toList());
      long done = 0;
      while (done < shape.rows()) {
        List<Object[]> page = pages.read(done, (int) Math.min(PAGE, shape.rows() - done));
        if (page.isEmpty()) {
          throw ErrorCode.INTERNAL.error(
              "The result ended after %d of %d rows".formatted(done, shape.rows()));
        }
        for (Object[] row : page) {
          sheet.row(row);
        }
        done += page.size();
      }
    }
  }

  private static Sheet sheet(
      ResultFiles.Shape shape, Format format, Formulas formulas, OutputStream out)
      throws IOException {
    return switch (format) {
      case CSV -> new SeparatedSheet(new CellText(Locale.ROOT, formulas), out);
      case CSV_EXCEL_FR -> new SeparatedSheet(new CellText(Locale.FRENCH, formulas), out);
      case XLSX -> new WorkbookSheet(shape, formulas, out);
    };
  }
}
