package io.ecluse.schema;

import java.util.Locale;

/** Which rows of a stream are to be read. */
public enum RowsWanted {
  /** As the project says of each stream. */
  AS_PLANNED,
  /** Every row, even of streams that are read by increments; these go on from there. */
  WHOLE,
  /** Those that could not land before, of streams that are read by increments. */
  REJECTED;

  /** As it is written down. */
  public String text() {
    return name().toLowerCase(Locale.ROOT);
  }

  public static RowsWanted of(String text) {
    return valueOf(text.toUpperCase(Locale.ROOT));
  }
}
