package io.ecluse.source;

import java.math.BigDecimal;
import java.util.HexFormat;

/** Values of rows as texts, by which they can be asked for again. */
public final class Values {
  private Values() {}

  /** All of its digits: what is a little higher than the highest would be lost, or seem new. */
  public static String text(Object value) {
    if (value instanceof Float || value instanceof Double) {
      double number = ((Number) value).doubleValue();
      return Double.isFinite(number) ? new BigDecimal(number).toPlainString() : value.toString();
    } else if (value instanceof byte[] bytes) {
      return HexFormat.of().formatHex(bytes);
    }
    return value instanceof BigDecimal number ? number.toPlainString() : value.toString();
  }
}
