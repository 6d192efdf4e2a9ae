package io.ecluse.source;

import io.ecluse.error.EcluseException;

/** Where the values of a row go. A column that is not set is NULL. */
public interface RowTarget {
  /**
   * Sets a value, of the Java class that stands for the column's type: Boolean, Integer, Long,
   * Float, Double, BigDecimal, String, LocalDate, LocalDateTime, Instant, {@code byte[]}, UUID. One
   * that the type cannot hold without loss has the row rejected.
   *
   * @param column from 0
   */
  void set(int column, Object value);

  /**
   * Says that the row cannot land, because of a value that cannot be read. It is left out, and
   * counted, as far as the project allows; else the extract fails when the row is complete. Its
   * other values may still be set: those of its key name it.
   *
   * @param why DATA_INVALID with stream and column, never the value
   */
  void reject(EcluseException why);
}
