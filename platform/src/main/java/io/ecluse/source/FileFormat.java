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
 * @param encoding of text; Parquet has none
 */
public record FileFormat(Kind kind, Packing packing, Csv csv, Charset encoding) {
  /** What a file holds. */
  public enum Kind {
    CSV,
    JSON,
    NDJSON,
    PARQUET
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
   */
  public record Csv(
      Optional<String> delimiter,
      Optional<String> quote,
      Header header,
      Optional<String> nullText) {
    public static final Csv USUAL =
        new Csv(Optional.empty(), Optional.empty(), Header.YES, Optional.empty());
  }

  public static FileFormat of(Kind kind, Packing packing) {
    return new FileFormat(kind, packing, Csv.USUAL, StandardCharsets.UTF_8);
  }
}
