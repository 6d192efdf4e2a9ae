package io.ecluse.source;

/** Where the values of a row go. A column that is not set is NULL. */
public interface RowTarget {
  /**
   * Sets a value, of the Java class that stands for the column's type: Boolean, Integer, Long,
   * Float, Double, BigDecimal, String, LocalDate, LocalDateTime, Instant, {@code byte[]}, UUID.
   *
   * @param column from 0
   * @throws io.ecluse.error.EcluseException DATA_INVALID, naming stream and column, for a value
   *     that the type cannot hold without loss
   */
  void set(int column, Object value);
}
