package io.ecluse.duckdb;

import io.ecluse.schema.Column;
import io.ecluse.schema.ContentSums;
import io.ecluse.schema.ContentSums.Sum;
import io.ecluse.schema.DataType;
import java.math.BigInteger;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** {@link ContentSums} as DuckDB computes them. */
final class SumsSql {
  private SumsSql() {}

  /**
   * @param from what the rows come from
   */
  static ContentSums of(DuckDbSession session, List<Column> columns, String from) {
    String selected =
        columns.stream()
            .map(c -> "count(%s), coalesce(sum(%s), 0)::VARCHAR".formatted(c.quoted(), number(c)))
            .collect(Collectors.joining(", "));
    return session.query(
        "SELECT " + selected + " FROM " + from,
        0,
        rows -> {
          rows.next();
          Map<String, Sum> sums = new LinkedHashMap<>();
          int at = 1;
          for (Column column : columns) {
            sums.put(
                column.name(), new Sum(rows.getLong(at), new BigInteger(rows.getString(at + 1))));
            at += 2;
          }
          return new ContentSums(sums);
        });
  }

  private static String number(Column column) {
    String value = column.quoted();
    return switch (column.type().kind()) {
      case BOOLEAN -> value + "::INTEGER";
      case INTEGER, BIGINT -> value + "::BIGINT";
      case REAL -> value + "::FLOAT::BIT::INTEGER::BIGINT";
      case DOUBLE -> value + "::DOUBLE::BIT::BIGINT";
      case DATE -> "(%s - DATE '1970-01-01')::BIGINT".formatted(value);
      case TIMESTAMP, TIMESTAMPTZ -> "epoch_us(%s)".formatted(value);
      case BLOB -> md5(value);
      case DECIMAL -> md5(decimal(value, column.type()));
      case VARCHAR, UUID -> md5(value + "::VARCHAR");
    };
  }

  /**
   * As everybody else writes it: DuckDB leaves out the zero before the point if it has no place.
   */
  private static String decimal(String value, DataType type) {
    return type.precision() == type.scale()
        ? "regexp_replace(%s::VARCHAR, '^(-?)[.]', '\\10.')".formatted(value)
        : value + "::VARCHAR";
  }

  private static String md5(String value) {
    return "('0x' || left(md5(%s), 15))::BIGINT".formatted(value);
  }
}
