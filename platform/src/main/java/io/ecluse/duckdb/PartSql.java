package io.ecluse.duckdb;

import io.ecluse.error.ErrorCode;
import io.ecluse.schema.Column;
import io.ecluse.schema.DataType;
import io.ecluse.schema.Layout;
import java.math.BigDecimal;

/**
 * Iceberg's partition transforms in DuckDB's SQL, value for value (Iceberg table spec, appendices B
 * "32-bit hash requirements" and "Partition transforms").
 */
final class PartSql {
  private static final String WORD = "4294967296";

  /** What puts the same 32 bits into both halves of 64, so that a shift rotates them. */
  private static final String BOTH_HALVES = "4294967297";

  private static final long MICROS_OF_HOUR = 3_600_000_000L;
  private static final int MOST_DIGITS = 38;

  private PartSql() {}

  /**
   * @param value SQL that gives a value of the column's type
   */
  static String of(Layout.Part part, Column column, String value) {
    String time =
        column.type().kind() == DataType.Kind.TIMESTAMPTZ
            ? "timezone('UTC', " + value + ")"
            : value;
    return switch (part.transform()) {
      case IDENTITY -> value;
      case YEAR -> "CAST(year(%s) - 1970 AS INTEGER)".formatted(time);
      case MONTH -> "CAST((year(%1$s) - 1970) * 12 + month(%1$s) - 1 AS INTEGER)".formatted(time);
      case DAY -> "CAST(%s AS DATE)".formatted(time);
      case HOUR ->
          "CAST(%s // %d AS INTEGER)"
              .formatted(floored("epoch_us(" + time + ")", MICROS_OF_HOUR), MICROS_OF_HOUR);
      case BUCKET ->
          "CAST((%s & 2147483647) %% %d AS INTEGER)".formatted(hash(column, value), part.width());
      case TRUNCATE -> truncated(part, column, value);
    };
  }

  /** The next lower multiple. */
  private static String floored(String value, long width) {
    return "(%1$s - ((%1$s %% %2$d) + %2$d) %% %2$d)".formatted(value, width);
  }

  private static String truncated(Layout.Part part, Column column, String value) {
    DataType type = column.type();
    if (type.kind() == DataType.Kind.VARCHAR) {
      return "left(%s, %d)".formatted(value, part.width());
    }
    if (type.kind() != DataType.Kind.DECIMAL) {
      return "CAST(%s AS %s)".formatted(floored(value, part.width()), type.sql());
    }
    if (type.precision() + type.scale() + 1 > MOST_DIGITS) {
      throw ErrorCode.INVALID_PROJECT.error(
          "%s cannot be written: %s is %s, too wide to be truncated; partition by another column"
              .formatted(part, column.name(), type));
    }
    BigDecimal unit = BigDecimal.ONE.movePointLeft(type.scale());
    String unscaled =
        "CAST(%s * %s AS HUGEINT)"
            .formatted(value, BigDecimal.ONE.movePointRight(type.scale()).toPlainString());
    return "CAST(CAST(%s AS DECIMAL(%d, 0)) * CAST(%s AS DECIMAL(%d, %d)) AS %s)"
        .formatted(
            floored(unscaled, part.width()),
            type.precision(),
            unit.toPlainString(),
            type.scale() + 1,
            type.scale(),
            type.sql());
  }

  private static String hash(Column column, String value) {
    return switch (column.type().kind()) {
      case INTEGER, BIGINT -> ofLong(value);
      case DATE -> ofLong("(%s - DATE '1970-01-01')".formatted(value));
      case TIMESTAMP -> ofLong("epoch_us(" + value + ")");
      case TIMESTAMPTZ -> ofLong("epoch_us(timezone('UTC', " + value + "))");
      case UUID -> ofBytes("unhex(replace(CAST(%s AS VARCHAR), '-', ''))".formatted(value));
      case VARCHAR -> ofBytes("encode(" + value + ")");
      case BOOLEAN, REAL, DOUBLE, DECIMAL, BLOB ->
          throw new AssertionError("Unhandled " + column.type());
    };
  }

  /** Of eight bytes, the least first. */
  private static String ofLong(String value) {
    String bits =
        "CAST(CASE WHEN %1$s < 0 THEN CAST(%1$s AS HUGEINT) + 18446744073709551616 ELSE %1$s END AS UBIGINT)"
            .formatted(value);
    return mixed(
        "xor(%s, 8::UBIGINT)"
            .formatted(
                block(
                    block("0::UBIGINT", "(%s %% %s)".formatted(bits, WORD)),
                    "(%s >> 32)".formatted(bits))));
  }

  /** Of bytes, four at a time, the least first, and up to three that are left. */
  private static String ofBytes(String bytes) {
    String hex = "hex(" + bytes + ")";
    String length = "(length(" + hex + ") // 2)";
    String words =
        "list_prepend(0::UBIGINT, list_transform(range(%s // 4), lambda i: %s))"
            .formatted(length, word(hex, "i * 8"));
    String body = "list_reduce(%s, lambda h, w: %s)".formatted(words, block("h", "w"));
    String rest = scrambled(word(hex, "(%s // 4) * 8".formatted(length)));
    return mixed("xor(xor(%s, %s), %s::UBIGINT)".formatted(body, rest, length));
  }

  /** Four bytes as a number, missing ones as 0. */
  private static String word(String hex, String from) {
    return "CAST('0x' || rpad(substr(%1$s, %2$s + 7, 2), 2, '0') || rpad(substr(%1$s, %2$s + 5, 2), 2, '0') || rpad(substr(%1$s, %2$s + 3, 2), 2, '0') || rpad(substr(%1$s, %2$s + 1, 2), 2, '0') AS UBIGINT)"
        .formatted(hex, from);
  }

  private static String scrambled(String word) {
    return product(rotated(product(word, "3432918353"), 15), "461845907");
  }

  private static String block(String hash, String word) {
    return "((%s * 5 + 3864292196) %% %s)"
        .formatted(rotated("xor(%s, %s)".formatted(hash, scrambled(word)), 13), WORD);
  }

  private static String product(String word, String factor) {
    return "((%s * %s::UBIGINT) %% %s)".formatted(word, factor, WORD);
  }

  private static String rotated(String word, int bits) {
    return "(((%s * %s::UBIGINT) >> %d) %% %s)".formatted(word, BOTH_HALVES, 32 - bits, WORD);
  }

  private static String mixed(String hash) {
    String once = product(shifted(hash, 16), "2246822507");
    return shifted(product(shifted(once, 13), "3266489909"), 16);
  }

  private static String shifted(String word, int bits) {
    return "xor(%1$s, (%1$s) >> %2$d)".formatted(word, bits);
  }
}
