package io.ecluse.spark;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.sql.Blob;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import org.apache.spark.sql.Row;

/** Types in Iceberg's words, as the platform makes tables of them, and values in words. */
final class TableTypes {
  private TableTypes() {}

  /** As the platform makes a column of what DuckDB describes. */
  static String ofDuckDb(String type) {
    return switch (type) {
      case "TINYINT", "SMALLINT", "UTINYINT", "USMALLINT", "INTEGER" -> "int";
      case "UINTEGER", "BIGINT", "UBIGINT", "HUGEINT", "UHUGEINT" -> "long";
      case "FLOAT" -> "float";
      case "DOUBLE" -> "double";
      case "BOOLEAN" -> "boolean";
      case "VARCHAR", "TIME", "TIME WITH TIME ZONE", "INTERVAL", "JSON", "BIT", "\"NULL\"" ->
          "string";
      case "DATE" -> "date";
      case "TIMESTAMP", "TIMESTAMP_S", "TIMESTAMP_MS", "TIMESTAMP_NS" -> "timestamp";
      case "TIMESTAMP WITH TIME ZONE" -> "timestamptz";
      case "BLOB" -> "binary";
      case "UUID" -> "uuid";
      default -> type.toLowerCase(Locale.ROOT);
    };
  }

  static String ofSpark(String type) {
    return switch (type) {
      case "tinyint", "smallint", "int" -> "int";
      case "bigint" -> "long";
      case "timestamp_ntz" -> "timestamp";
      case "timestamp" -> "timestamptz";
      case "void" -> "nothing";
      default -> type;
    };
  }

  static String toSpark(String type) {
    return switch (type) {
      case "long" -> "bigint";
      case "timestamp" -> "timestamp_ntz";
      case "timestamptz" -> "timestamp_ltz";
      case "uuid" -> "string";
      default -> type;
    };
  }

  /**
   * Whether values go from each type to the one beside it and stay what they are, or do not go at
   * all: of a decimal the digits before the point may differ.
   */
  static boolean areWider(List<String> narrow, List<String> wide) {
    return narrow.size() == wide.size()
        && IntStream.range(0, wide.size()).allMatch(i -> isWider(narrow.get(i), wide.get(i)));
  }

  private static boolean isWider(String narrow, String wide) {
    if (narrow.equals(wide)
        || narrow.equals("nothing")
        || narrow.equals("int") && wide.equals("long")) {
      return true;
    }
    return narrow.startsWith("decimal(")
        && wide.startsWith("decimal(")
        && scale(narrow) == scale(wide);
  }

  private static int scale(String decimal) {
    return Integer.parseInt(decimal.substring(decimal.indexOf(',') + 1, decimal.length() - 1));
  }

  /** The row that the cursor is on. */
  static List<String> words(ResultSet row, List<String> types) throws SQLException {
    List<String> words = new ArrayList<>();
    for (int i = 1; i <= types.size(); i++) {
      Object value =
          switch (types.get(i - 1)) {
            case "timestamp" -> row.getObject(i, LocalDateTime.class);
            case "timestamptz" -> {
              OffsetDateTime at = row.getObject(i, OffsetDateTime.class);
              yield at == null ? null : at.toInstant();
            }
            case "string" -> row.getString(i);
            default -> row.getObject(i);
          };
      words.add(word(value));
    }
    return words;
  }

  static List<String> words(Row row) {
    return IntStream.range(0, row.size()).mapToObj(i -> word(row.get(i))).toList();
  }

  private static String word(Object value) {
    if (value == null) {
      return "NULL";
    } else if (value instanceof BigDecimal decimal) {
      return decimal.signum() == 0 ? "0" : decimal.stripTrailingZeros().toPlainString();
    } else if (value instanceof byte[] bytes) {
      return HexFormat.of().formatHex(bytes);
    } else if (value instanceof Blob blob) {
      try {
        return HexFormat.of().formatHex(blob.getBytes(1, (int) blob.length()));
      } catch (SQLException e) {
        throw new AssertionError(e);
      }
    } else if (value instanceof String text) {
      return "'" + new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8) + "'";
    }
    return value.toString();
  }
}
