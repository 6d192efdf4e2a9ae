package io.ecluse.source.postgres;

import io.ecluse.error.EcluseException;
import io.ecluse.error.ErrorCode;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.HexFormat;
import org.apache.arrow.vector.BaseFixedWidthVector;
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

/**
 * Puts the values of one column from PostgreSQL's binary form (its {@code *_send} functions) into
 * an Arrow vector. A value that the warehouse cannot hold is an error that names the column: it
 * never becomes NULL.
 */
interface ColumnDecoder {
  /** Days from 1970-01-01 to PostgreSQL's epoch, 2000-01-01. */
  int EPOCH_DAYS = 10_957;

  /** The same in microseconds. */
  long EPOCH_MICROS = 946_684_800_000_000L;

  void decode(byte[] bytes, int at, int length, int row);

  void setNull(int row);

  static Field field(PostgresColumn column) {
    ArrowType type =
        switch (column.wire()) {
          case BOOL -> ArrowType.Bool.INSTANCE;
          case INT2, INT4 -> new ArrowType.Int(32, true);
          case INT8 -> new ArrowType.Int(64, true);
          case FLOAT4 -> new ArrowType.FloatingPoint(FloatingPointPrecision.SINGLE);
          case FLOAT8 -> new ArrowType.FloatingPoint(FloatingPointPrecision.DOUBLE);
          case NUMERIC ->
              new ArrowType.Decimal(
                  column.staged().column().type().precision(),
                  column.staged().column().type().scale(),
                  128);
          case TEXT, AS_TEXT, UUID -> ArrowType.Utf8.INSTANCE;
          case DATE -> new ArrowType.Date(DateUnit.DAY);
          case TIMESTAMP -> new ArrowType.Timestamp(TimeUnit.MICROSECOND, null);
          case TIMESTAMPTZ -> new ArrowType.Timestamp(TimeUnit.MICROSECOND, "UTC");
          case BYTEA -> ArrowType.Binary.INSTANCE;
        };
    return new Field(column.staged().column().name(), FieldType.nullable(type), null);
  }

  static ColumnDecoder of(String stream, PostgresColumn column, FieldVector vector) {
    String where = stream + "." + column.staged().column().name();
    return switch (column.wire()) {
      case BOOL -> bool((BitVector) vector);
      case INT2 -> int2((IntVector) vector);
      case INT4 -> int4((IntVector) vector);
      case INT8 -> int8((BigIntVector) vector);
      case FLOAT4 -> float4((Float4Vector) vector);
      case FLOAT8 -> float8((Float8Vector) vector);
      case NUMERIC -> numeric(where, (DecimalVector) vector);
      case TEXT, AS_TEXT -> text((VarCharVector) vector);
      case DATE -> date(where, (DateDayVector) vector);
      case TIMESTAMP, TIMESTAMPTZ -> timestamp(where, (TimeStampVector) vector);
      case BYTEA -> bytea((VarBinaryVector) vector);
      case UUID -> uuid((VarCharVector) vector);
    };
  }

  private static ColumnDecoder bool(BitVector vector) {
    return fixed(vector, (b, at, n, row) -> vector.setSafe(row, b[at]));
  }

  private static ColumnDecoder int2(IntVector vector) {
    return fixed(vector, (b, at, n, row) -> vector.setSafe(row, CopyReader.int16(b, at)));
  }

  private static ColumnDecoder int4(IntVector vector) {
    return fixed(vector, (b, at, n, row) -> vector.setSafe(row, CopyReader.int32(b, at)));
  }

  private static ColumnDecoder int8(BigIntVector vector) {
    return fixed(vector, (b, at, n, row) -> vector.setSafe(row, CopyReader.int64(b, at)));
  }

  private static ColumnDecoder float4(Float4Vector vector) {
    return fixed(
        vector,
        (b, at, n, row) -> vector.setSafe(row, Float.intBitsToFloat(CopyReader.int32(b, at))));
  }

  private static ColumnDecoder float8(Float8Vector vector) {
    return fixed(
        vector,
        (b, at, n, row) -> vector.setSafe(row, Double.longBitsToDouble(CopyReader.int64(b, at))));
  }

  private static ColumnDecoder date(String where, DateDayVector vector) {
    return fixed(
        vector,
        (b, at, n, row) -> {
          int days = CopyReader.int32(b, at);
          if (days == Integer.MAX_VALUE || days == Integer.MIN_VALUE) {
            throw unrepresentable(where, "an infinite date");
          }
          vector.setSafe(row, days + EPOCH_DAYS);
        });
  }

  private static ColumnDecoder timestamp(String where, TimeStampVector vector) {
    return fixed(
        vector,
        (b, at, n, row) -> {
          long micros = CopyReader.int64(b, at);
          if (micros == Long.MAX_VALUE || micros == Long.MIN_VALUE) {
            throw unrepresentable(where, "an infinite timestamp");
          }
          if (micros > Long.MAX_VALUE - EPOCH_MICROS) {
            throw unrepresentable(where, "a timestamp after the year 294246");
          }
          vector.setSafe(row, micros + EPOCH_MICROS);
        });
  }

  private static ColumnDecoder numeric(String where, DecimalVector vector) {
    return fixed(
        vector,
        (b, at, n, row) -> {
          BigDecimal value = decimal(where, b, at);
          vector.setSafe(row, value.setScale(vector.getScale()));
        });
  }

  /** Base 10,000 digits after a header of count, weight, sign and scale (numeric_send). */
  static BigDecimal decimal(String where, byte[] b, int at) {
    int digits = CopyReader.int16(b, at);
    int weight = CopyReader.int16(b, at + 2);
    int sign = CopyReader.int16(b, at + 4) & 0xffff;
    if (sign != 0 && sign != 0x4000) {
      throw unrepresentable(where, sign == 0xC000 ? "NaN" : "an infinity");
    }
    BigInteger unscaled = BigInteger.ZERO;
    BigInteger base = BigInteger.valueOf(10_000);
    for (int i = 0; i < digits; i++) {
      unscaled =
          unscaled.multiply(base).add(BigInteger.valueOf(CopyReader.int16(b, at + 8 + 2 * i)));
    }
    BigDecimal value = new BigDecimal(unscaled, 4 * (digits - 1 - weight));
    return sign == 0 ? value : value.negate();
  }

  private static ColumnDecoder text(VarCharVector vector) {
    return new ColumnDecoder() {
      @Override
      public void decode(byte[] bytes, int at, int length, int row) {
        vector.setSafe(row, bytes, at, length);
      }

      @Override
      public void setNull(int row) {
        vector.setNull(row);
      }
    };
  }

  private static ColumnDecoder uuid(VarCharVector vector) {
    HexFormat hex = HexFormat.of();
    return new ColumnDecoder() {
      @Override
      public void decode(byte[] bytes, int at, int length, int row) {
        String digits = hex.formatHex(bytes, at, at + length);
        vector.setSafe(row, digits.getBytes(java.nio.charset.StandardCharsets.US_ASCII));
      }

      @Override
      public void setNull(int row) {
        vector.setNull(row);
      }
    };
  }

  private static ColumnDecoder bytea(VarBinaryVector vector) {
    return new ColumnDecoder() {
      @Override
      public void decode(byte[] bytes, int at, int length, int row) {
        vector.setSafe(row, bytes, at, length);
      }

      @Override
      public void setNull(int row) {
        vector.setNull(row);
      }
    };
  }

  /** Where one value goes. */
  interface Put {
    void at(byte[] bytes, int at, int length, int row);
  }

  private static ColumnDecoder fixed(BaseFixedWidthVector vector, Put put) {
    return new ColumnDecoder() {
      @Override
      public void decode(byte[] bytes, int at, int length, int row) {
        put.at(bytes, at, length, row);
      }

      @Override
      public void setNull(int row) {
        vector.setNull(row);
      }
    };
  }

  private static EcluseException unrepresentable(String where, String what) {
    return new EcluseException(
        ErrorCode.DATA_INVALID,
        "%s holds %s, which a warehouse table cannot hold".formatted(where, what));
  }
}
