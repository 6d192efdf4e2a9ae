package io.ecluse.duckdb;

import java.sql.Array;
import java.sql.Blob;
import java.sql.SQLException;
import java.sql.Struct;
import java.sql.Timestamp;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.duckdb.DuckDBStruct;

/**
 * Values of DuckDB's as plain Java objects: a list as {@link List}, a struct as {@link Map} with
 * its fields in order, a map as {@link Map} with texts as keys. The same in every time zone.
 */
final class PlainValue {
  private PlainValue() {}

  @SuppressWarnings("NullAway") // a NULL stays one
  static Object of(Object value) throws SQLException {
    if (value == null
        || value instanceof Number
        || value instanceof String
        || value instanceof Boolean) {
      return value; // nearly all
    } else if (value instanceof OffsetDateTime time) {
      return time.withOffsetSameInstant(ZoneOffset.UTC);
    } else if (value instanceof Timestamp time) {
      return time.toLocalDateTime();
    } else if (value instanceof Blob blob) {
      return blob.getBytes(1, (int) blob.length());
    } else if (value instanceof Array array) {
      return list((Object[]) array.getArray());
    } else if (value instanceof Object[] array) {
      return list(array);
    } else if (value instanceof DuckDBStruct struct) {
      return map(struct.getMap());
    } else if (value instanceof Struct struct) {
      return list(struct.getAttributes());
    } else if (value instanceof Map<?, ?> map) {
      return map(map);
    } else if (value instanceof List<?> list) {
      return list(list.toArray());
    }
    return value;
  }

  private static List<Object> list(Object[] values) throws SQLException {
    List<Object> list = new ArrayList<>(values.length);
    for (Object value : values) {
      list.add(of(value));
    }
    return list;
  }

  private static Map<String, Object> map(Map<?, ?> values) throws SQLException {
    Map<String, Object> map = new LinkedHashMap<>();
    for (Map.Entry<?, ?> entry : values.entrySet()) {
      map.put(String.valueOf(of(entry.getKey())), of(entry.getValue()));
    }
    return map;
  }
}
