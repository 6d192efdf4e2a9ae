package io.ecluse.engine;

import java.util.List;

/**
 * Takes the rows of a query while they are computed. A value is a Java object: Boolean, Integer,
 * Long, BigInteger, Float, Double, BigDecimal, String, LocalDate, LocalTime, LocalDateTime,
 * OffsetDateTime, byte[], UUID, or what DuckDB gives for nested types; null for NULL.
 */
public interface RowReader {
  /** Called once, before the first row. {@code types} are DuckDB's names. */
  void columns(List<String> names, List<String> types);

  /**
   * Called once a row. The array is the reader's to keep.
   *
   * @return whether it wants another row
   */
  boolean row(Object[] values);
}
