package io.ecluse.source;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * How a file is written.
 *
 * @param kind what it holds
 * @param packing what is around it
 * @param csv for {@link Kind#CSV} only
 * @param sheet for {@link Kind#XLSX} only
 * @param encoding of text; Parquet and workbooks have none
 */
public record FileFormat(Kind kind, Packing packing, Csv csv, Sheet sheet, Charset encoding) {
  /** What a file holds. */
  public enum Kind {
    CSV,
    JSON,
    NDJSON,
    PARQUET,
    XLSX
  }

  /** What is around a file. */
  public enum Packing {
    NONE,
    GZIP,
    ZIP
  }

  /** Whether a file begins with a line that names its columns. */
  public enum Header {
    YES,
    NO
  }

  /**
   * What is said of a CSV; what is not is found out by looking at it.
   *
   * @param nullText what stands for NULL, beside nothing at all
   * @param skip lines before those that are read
   * @param comment what lines begin with that are not read
   */
  public record Csv(
      Optional<String> delimiter,
      Optional<String> quote,
      Header header,
      Optional<String> nullText,
      long skip,
      Optional<String> comment) {
    public static final Csv USUAL =
        new Csv(
            Optional.empty(), Optional.empty(), Header.YES, Optional.empty(), 0, Optional.empty());

    /** The same, once the lines that are not read are gone. */
    public Csv bare() {
      return new Csv(delimiter, quote, header, nullText, 0, Optional.empty());
    }

    /** The same, split and quoted like this. */
    public Csv written(Optional<String> delimiter, Optional<String> quote) {
      return new Csv(delimiter, quote, header, nullText, skip, comment);
    }
  }

  /**
   * Where in a workbook the rows are.
   *
   * @param sheet its name, or its number from 1; the first that is not hidden if empty
   * @param start the cell of the first column's name, as B3
   */
  public record Sheet(Optional<String> sheet, String start, Header header) {
    public static final Sheet USUAL = new Sheet(Optional.empty(), "A1", Header.YES);
  }

  /** The same, but for what is said of a CSV. */
  public FileFormat with(Csv csv) {
    return new FileFormat(kind, packing, csv, sheet, encoding);
  }

  public static FileFormat of(Kind kind, Packing packing) {
    return new FileFormat(kind, packing, Csv.USUAL, Sheet.USUAL, StandardCharsets.UTF_8);
  }
}
