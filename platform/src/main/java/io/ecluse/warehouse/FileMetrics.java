package io.ecluse.warehouse;

import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.apache.iceberg.Metrics;
import org.apache.iceberg.Schema;
import org.apache.iceberg.types.Conversions;
import org.apache.iceberg.types.Type;
import org.apache.iceberg.types.Types;
import org.apache.iceberg.types.Types.NestedField;
import org.apache.iceberg.util.BinaryUtil;
import org.apache.iceberg.util.UnicodeUtil;

/**
 * What the writer counted, as Iceberg keeps it. A bound that is not surely right is left out: an
 * engine skips files by these, and a wrong bound is a wrong answer.
 */
final class FileMetrics {
  private static final DateTimeFormatter OFFSET_TIME =
      DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss[.SSSSSS][.SSSSS][.SSSS][.SSS][.SS][.S]X");
  private static final DateTimeFormatter LOCAL_TIME =
      DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss[.SSSSSS][.SSSSS][.SSSS][.SSS][.SS][.S]");

  /** Iceberg's own default: a bound of a text keeps this many characters. */
  private static final int TEXT_BOUND = 16;

  private FileMetrics() {}

  static Metrics of(WrittenFile file, Schema schema) {
    Map<Integer, Long> sizes = new HashMap<>();
    Map<Integer, Long> values = new HashMap<>();
    Map<Integer, Long> nulls = new HashMap<>();
    Map<Integer, Long> nans = new HashMap<>();
    Map<Integer, ByteBuffer> lower = new HashMap<>();
    Map<Integer, ByteBuffer> upper = new HashMap<>();
    for (NestedField field : schema.columns()) {
      ColumnStatistics column = file.columns().get(field.name());
      if (column == null) {
        continue;
      }
      int id = field.fieldId();
      sizes.put(id, column.bytes());
      values.put(id, column.values());
      nulls.put(id, column.nulls());
      if (column.nan().isPresent() && !column.nan().get()) {
        nans.put(id, 0L);
      }
      column.min().flatMap(m -> lowerBound(field.type(), m)).ifPresent(b -> lower.put(id, b));
      column.max().flatMap(m -> upperBound(field.type(), m)).ifPresent(b -> upper.put(id, b));
    }
    return new Metrics(file.rows(), sizes, values, nulls, nans, lower, upper);
  }

  private static Optional<ByteBuffer> lowerBound(Type type, String text) {
    if (type.typeId() == Type.TypeID.STRING) {
      CharSequence cut = UnicodeUtil.truncateString(text, TEXT_BOUND);
      return Optional.of(Conversions.toByteBuffer(type, cut));
    }
    return exact(type, text);
  }

  private static Optional<ByteBuffer> upperBound(Type type, String text) {
    if (type.typeId() == Type.TypeID.STRING) {
      CharSequence cut = UnicodeUtil.truncateStringMax(text, TEXT_BOUND);
      return Optional.ofNullable(cut).map(c -> Conversions.toByteBuffer(type, c));
    }
    return exact(type, text);
  }

  private static Optional<ByteBuffer> exact(Type type, String text) {
    return value(type, text)
        .map(v -> BinaryUtil.truncateBinary(Conversions.toByteBuffer(type, v), Integer.MAX_VALUE));
  }

  private static Optional<Object> value(Type type, String text) {
    try {
      return switch (type.typeId()) {
        case BOOLEAN -> Optional.of(text.equals("1") || text.equalsIgnoreCase("true"));
        case INTEGER -> Optional.of(Integer.valueOf(text));
        case LONG -> Optional.of(Long.valueOf(text));
        case FLOAT -> Optional.of(Float.valueOf(text));
        case DOUBLE -> Optional.of(Double.valueOf(text));
        case DECIMAL ->
            Optional.of(new BigDecimal(text).setScale(((Types.DecimalType) type).scale()));
        case DATE -> Optional.of((int) LocalDate.parse(text).toEpochDay());
        case TIMESTAMP ->
            Optional.of(
                ((Types.TimestampType) type).shouldAdjustToUTC()
                    ? micros(OffsetDateTime.parse(text, OFFSET_TIME))
                    : micros(LocalDateTime.parse(text, LOCAL_TIME).atOffset(ZoneOffset.UTC)));
        case UUID -> Optional.of(UUID.fromString(text));
        default -> Optional.empty();
      };
    } catch (DateTimeParseException | ArithmeticException | IllegalArgumentException e) {
      return Optional.empty(); // infinity, a year before 1: true values without a bound of ours
    }
  }

  private static long micros(OffsetDateTime time) {
    return ChronoUnit.MICROS.between(java.time.Instant.EPOCH.atOffset(ZoneOffset.UTC), time);
  }
}
