package io.ecluse.source;

import io.ecluse.error.EcluseException;
import io.ecluse.error.ErrorCode;
import io.ecluse.schema.Column;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.BitVector;
import org.apache.arrow.vector.DateDayVector;
import org.apache.arrow.vector.DecimalVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.Float4Vector;
import org.apache.arrow.vector.Float8Vector;
import org.apache.arrow.vector.IntVector;
import org.apache.arrow.vector.TimeStampVector;
import org.apache.arrow.vector.VarBinaryVector;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.types.DateUnit;
import org.apache.arrow.vector.types.FloatingPointPrecision;
import org.apache.arrow.vector.types.TimeUnit;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.FieldType;

/** How the values of a column go into an Arrow vector, without loss or not at all. */
record ArrowColumn(String stream, Column column) {
  private static final long MICROS = 1_000_000;
  private static final int MICRO_NANOS = 1_000;
  private static final int FIXED_BYTES = 8;
  private static final int DECIMAL_BYTES = 16;

  Field field() {
    ArrowType type =
        switch (column.type().kind()) {
          case BOOLEAN -> ArrowType.Bool.INSTANCE;
          case INTEGER -> new ArrowType.Int(32, true);
          case BIGINT -> new ArrowType.Int(64, true);
          case REAL -> new ArrowType.FloatingPoint(FloatingPointPrecision.SINGLE);
          case DOUBLE -> new ArrowType.FloatingPoint(FloatingPointPrecision.DOUBLE);
          case DECIMAL ->
              new ArrowType.Decimal(column.type().precision(), column.type().scale(), 128);
          case VARCHAR, UUID -> ArrowType.Utf8.INSTANCE;
          case DATE -> new ArrowType.Date(DateUnit.DAY);
          case TIMESTAMP -> new ArrowType.Timestamp(TimeUnit.MICROSECOND, null);
          case TIMESTAMPTZ -> new ArrowType.Timestamp(TimeUnit.MICROSECOND, "UTC");
          case BLOB -> ArrowType.Binary.INSTANCE;
        };
    return new Field(column.name(), FieldType.nullable(type), null);
  }

  /** Puts a value into a row of the vector and tells about how many bytes it takes. */
  int set(FieldVector vector, int row, Object value) {
    try {
      return put(vector, row, value);
    } catch (ClassCastException | ArithmeticException e) {
      throw wrong("a value that " + column.type() + " cannot hold (" + kind(value) + ")", e);
    }
  }

  private int put(FieldVector vector, int row, Object value) {
    switch (column.type().kind()) {
      case BOOLEAN -> ((BitVector) vector).setSafe(row, (Boolean) value ? 1 : 0);
      case INTEGER -> ((IntVector) vector).setSafe(row, (Integer) value);
      case BIGINT -> ((BigIntVector) vector).setSafe(row, (Long) value);
      case REAL -> ((Float4Vector) vector).setSafe(row, (Float) value);
      case DOUBLE -> ((Float8Vector) vector).setSafe(row, (Double) value);
      case DATE ->
          ((DateDayVector) vector).setSafe(row, Math.toIntExact(((LocalDate) value).toEpochDay()));
      case TIMESTAMP ->
          ((TimeStampVector) vector)
              .setSafe(row, micros(((LocalDateTime) value).toInstant(ZoneOffset.UTC)));
      case TIMESTAMPTZ -> ((TimeStampVector) vector).setSafe(row, micros((Instant) value));
      case DECIMAL -> {
        ((DecimalVector) vector).setSafe(row, decimal((BigDecimal) value));
        return DECIMAL_BYTES;
      }
      case VARCHAR, UUID -> {
        byte[] bytes = value.toString().getBytes(StandardCharsets.UTF_8);
        ((VarCharVector) vector).setSafe(row, bytes);
        return bytes.length;
      }
      case BLOB -> {
        byte[] bytes = (byte[]) value;
        ((VarBinaryVector) vector).setSafe(row, bytes);
        return bytes.length;
      }
    }
    return FIXED_BYTES;
  }

  private BigDecimal decimal(BigDecimal value) {
    BigDecimal scaled = value.setScale(column.type().scale(), RoundingMode.UNNECESSARY);
    if (scaled.precision() > column.type().precision()) {
      throw new ArithmeticException("too many digits");
    }
    return scaled;
  }

  private long micros(Instant moment) {
    if (moment.getNano() % MICRO_NANOS != 0) {
      throw wrong("a time finer than a microsecond", new ArithmeticException("nanoseconds"));
    }
    return Math.addExact(
        Math.multiplyExact(moment.getEpochSecond(), MICROS), moment.getNano() / MICRO_NANOS);
  }

  private EcluseException wrong(String what, RuntimeException cause) {
    return ErrorCode.DATA_INVALID.error(
        "%s.%s holds %s, which the warehouse has no place for"
            .formatted(stream, column.name(), what),
        cause);
  }

  private static String kind(Object value) {
    return value.getClass().getSimpleName();
  }
}
