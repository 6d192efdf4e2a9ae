package io.ecluse.staging;

import java.util.Locale;

/** How the parts of batches are written. The name of a part tells its format. */
public enum PartFormat {
  PARQUET(".parquet"),
  /** RFC 4180 in gzip: NULL is nothing, an empty text is {@code ""}. */
  CSV(".csv.gz");

  private final String ending;

  PartFormat(String ending) {
    this.ending = ending;
  }

  /** The format of this name, in whichever case. */
  public static PartFormat called(String name) {
    return valueOf(name.toUpperCase(Locale.ROOT));
  }

  /** The name of a part: {@code part-00003.parquet}. */
  public String file(String prefix, int number) {
    return "%s-%05d%s".formatted(prefix, number, ending);
  }

  /** The format of a file by its name. */
  public static PartFormat of(String file) {
    return file.endsWith(CSV.ending) ? CSV : PARQUET;
  }
}
