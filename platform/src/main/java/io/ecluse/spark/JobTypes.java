package io.ecluse.spark;

import io.ecluse.schema.DataType;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.util.Base64;
import java.util.Locale;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Types and values as jobs write them: Iceberg's words, and texts where JSON would lose digits. */
final class JobTypes {
  private JobTypes() {}

  static String word(DataType type) {
    return switch (type.kind()) {
      case BOOLEAN -> "boolean";
      case INTEGER -> "int";
      case BIGINT -> "long";
      case REAL -> "float";
      case DOUBLE -> "double";
      case DECIMAL -> "decimal(%d,%d)".formatted(type.precision(), type.scale());
      case VARCHAR -> "string";
      case DATE -> "date";
      case TIMESTAMP -> "timestamp";
      case TIMESTAMPTZ -> "timestamptz";
      case BLOB -> "binary";
      case UUID -> "uuid";
    };
  }

  /** How DuckDB calls a type. */
  static String engineName(String word) {
    return switch (word) {
      case "int" -> "INTEGER";
      case "long" -> "BIGINT";
      case "float" -> "FLOAT";
      case "string" -> "VARCHAR";
      case "timestamptz" -> "TIMESTAMP WITH TIME ZONE";
      case "binary" -> "BLOB";
      default -> word.toUpperCase(Locale.ROOT);
    };
  }

  /** A value as {@link io.ecluse.engine.RowReader} has it; null for NULL. */
  static @Nullable Object value(String word, JsonNode value) {
    if (value.isNull() || value.isMissingNode()) {
      return null;
    }
    String text = value.asString("");
    if (word.startsWith("decimal")) {
      return new BigDecimal(text);
    }
    return switch (word) {
      case "boolean" -> value.isBoolean() ? value.booleanValue() : Boolean.valueOf(text);
      case "int" -> Integer.valueOf(text);
      case "long" -> Long.valueOf(text);
      case "float" -> Float.valueOf(text);
      case "double" -> Double.valueOf(text);
      case "date" -> LocalDate.parse(text);
      case "timestamp" -> LocalDateTime.parse(text.replace(' ', 'T'));
      case "timestamptz" -> OffsetDateTime.parse(text.replace(' ', 'T'));
      case "uuid" -> UUID.fromString(text);
      case "binary" -> Base64.getDecoder().decode(text);
      default -> text;
    };
  }
}
