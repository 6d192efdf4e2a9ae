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
import java.util.Optional;
import java.util.UUID;
import org.apache.iceberg.types.Conversions;
import org.apache.iceberg.types.Type;
import org.apache.iceberg.types.Types;

/**
 * Iceberg's values as SQL text and back; empty for those that have no text that is surely right.
 */
final class IcebergValues {
  private static final DateTimeFormatter OFFSET_TIME =
      DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss[.SSSSSS][.SSSSS][.SSSS][.SSS][.SS][.S]X");
  private static final DateTimeFormatter LOCAL_TIME =
      DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss[.SSSSSS][.SSSSS][.SSSS][.SSS][.SS][.S]");
  private static final DateTimeFormatter WRITTEN_TIME =
      DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss.SSSSSS");
  private static final int LAST_YEAR = 9999;

  private IcebergValues() {}

  static Optional<Object> value(Type type, String text) {
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
        case STRING -> Optional.of(text);
        default -> Optional.empty();
      };
    } catch (DateTimeParseException | ArithmeticException | IllegalArgumentException e) {
      return Optional.empty(); // infinity, a year before 1: true values without a bound of ours
    }
  }

  static Optional<String> text(Type type, Object value) {
    return switch (type.typeId()) {
      case BOOLEAN, INTEGER, LONG, FLOAT, DOUBLE, UUID, STRING ->
          Optional.of(String.valueOf(value));
      case DECIMAL -> Optional.of(((BigDecimal) value).toPlainString());
      case DATE -> date(LocalDate.ofEpochDay((Integer) value)).map(LocalDate::toString);
      case TIMESTAMP -> {
        LocalDateTime time =
            LocalDateTime.ofEpochSecond(0, 0, ZoneOffset.UTC).plus((Long) value, ChronoUnit.MICROS);
        String zone = ((Types.TimestampType) type).shouldAdjustToUTC() ? "+00" : "";
        yield date(time.toLocalDate()).map(d -> WRITTEN_TIME.format(time) + zone);
      }
      default -> Optional.empty();
    };
  }

  static Optional<String> text(Type type, ByteBuffer bound) {
    return text(type, Conversions.<Object>fromByteBuffer(type, bound.duplicate()));
  }

  private static Optional<LocalDate> date(LocalDate date) {
    return date.getYear() >= 1 && date.getYear() <= LAST_YEAR
        ? Optional.of(date)
        : Optional.empty();
  }

  private static long micros(OffsetDateTime time) {
    return ChronoUnit.MICROS.between(java.time.Instant.EPOCH.atOffset(ZoneOffset.UTC), time);
  }
}
