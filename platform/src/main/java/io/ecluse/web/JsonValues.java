package io.ecluse.web;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Values of rows as JSON holds them without loss: a number that JavaScript would round is a text.
 */
final class JsonValues {
  private static final long SAFE = 1L << 53;
  private static final int SAFE_DIGITS = 15;

  private JsonValues() {}

  static List<List<@Nullable Object>> rows(List<Object[]> rows) {
    List<List<@Nullable Object>> plain = new ArrayList<>(rows.size());
    for (Object[] row : rows) {
      plain.add(row(row));
    }
    return plain;
  }

  static List<@Nullable Object> row(Object[] row) {
    List<@Nullable Object> values = new ArrayList<>(row.length);
    for (Object value : row) {
      values.add(plain(value));
    }
    return values;
  }

  private static @Nullable Object plain(@Nullable Object value) {
    if (value == null
        || value instanceof Boolean
        || value instanceof Integer
        || value instanceof Short
        || value instanceof Byte) {
      return value;
    } else if (value instanceof Long number) {
      return Math.abs(number) <= SAFE ? number : String.valueOf(number);
    } else if (value instanceof BigInteger number) {
      return number.bitLength() <= 53 ? number : number.toString();
    } else if (value instanceof BigDecimal number) {
      return number.precision() <= SAFE_DIGITS ? number : number.toPlainString();
    } else if (value instanceof Double number) {
      return Double.isFinite(number) ? number : String.valueOf(number);
    } else if (value instanceof Float number) {
      return Float.isFinite(number) ? number : String.valueOf(number);
    } else if (value instanceof byte[] bytes) {
      return HexFormat.of().formatHex(bytes);
    } else if (value instanceof List<?> list) {
      List<@Nullable Object> values = new ArrayList<>(list.size());
      list.forEach(v -> values.add(plain(v)));
      return values;
    } else if (value instanceof Map<?, ?> map) {
      Map<String, @Nullable Object> values = new LinkedHashMap<>();
      map.forEach((k, v) -> values.put(String.valueOf(k), plain(v)));
      return values;
    }
    return String.valueOf(value);
  }
}
