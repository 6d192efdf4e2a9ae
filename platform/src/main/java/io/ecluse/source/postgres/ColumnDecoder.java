package io.ecluse.source.postgres;

import io.ecluse.error.EcluseException;
import io.ecluse.error.ErrorCode;
import java.util.Map;
import org.apache.arrow.memory.util.MemoryUtil;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.types.DateUnit;
import org.apache.arrow.vector.types.FloatingPointPrecision;
import org.apache.arrow.vector.types.TimeUnit;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.FieldType;

/**
 * Puts the values of one column from PostgreSQL's binary form (its {@code *_send} functions)
 * straight into the buffers of an Arrow vector, which are long enough for a batch from its
 * beginning; so nothing is checked or copied twice for a value. A value that the warehouse cannot
 * hold is an error that names the column: it never becomes NULL. Used by one thread.
 */
abstract class ColumnDecoder {
  private static final int BYTE_BITS = 8;

  private long validity;

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
          case TEXT, AS_TEXT -> ArrowType.Utf8.INSTANCE;
          case UUID -> new ArrowType.FixedSizeBinary(FixedDecoder.UUID_BYTES);
          case DATE -> new ArrowType.Date(DateUnit.DAY);
          case TIMESTAMP -> new ArrowType.Timestamp(TimeUnit.MICROSECOND, null);
          case TIMESTAMPTZ -> new ArrowType.Timestamp(TimeUnit.MICROSECOND, "UTC");
          case BYTEA -> ArrowType.Binary.INSTANCE;
        };
    return new Field(
        column.staged().column().name(),
        new FieldType(
            true,
            type,
            null,
            column.wire() == PostgresColumn.Wire.UUID
                ? Map.of("ARROW:extension:name", "arrow.uuid", "ARROW:extension:metadata", "")
                : Map.of()),
        null);
  }

  /**
   * @param stream that the column is of, for errors
   */
  static ColumnDecoder of(String stream, PostgresColumn column) {
    String where = stream + "." + column.staged().column().name();
    return switch (column.wire()) {
      case BOOL -> new FixedDecoder.Bool();
      case INT2 -> new FixedDecoder.Int2();
      case INT4, FLOAT4 -> new FixedDecoder.FourBytes();
      case INT8, FLOAT8 -> new FixedDecoder.EightBytes();
      case NUMERIC -> new NumericDecoder(where, column.staged().column().type());
      case DATE -> new FixedDecoder.Date(where);
      case TIMESTAMP, TIMESTAMPTZ -> new FixedDecoder.Timestamp(where);
      case UUID -> new FixedDecoder.Uuid();
      case TEXT, AS_TEXT, BYTEA -> new BytesDecoder();
    };
  }

  /** Takes a vector and makes place in it for so many rows, none of them NULL. */
  final void begin(FieldVector vector, int rows) {
    allocate(vector, rows);
    validity = vector.getValidityBufferAddress();
    MemoryUtil.setMemory(validity, (rows + BYTE_BITS - 1) / BYTE_BITS, (byte) -1);
  }

  abstract void allocate(FieldVector vector, int rows);

  /** Puts a value into the next row: rows come one after the other, unless one is {@link #undo}. */
  abstract void decode(byte[] bytes, int at, int length, int row);

  /** Puts NULL into the next row. */
  void setNull(int row) {
    long place = validity + (row >> 3);
    MemoryUtil.putByte(place, (byte) (MemoryUtil.getByte(place) & ~(1 << (row & 7))));
  }

  /** Forgets a row, whether anything was put into it or not. */
  void undo(int row) {
    long place = validity + (row >> 3);
    MemoryUtil.putByte(place, (byte) (MemoryUtil.getByte(place) | 1 << (row & 7)));
  }

  /** To be called before the vector is told how many values it has. */
  void end(int rows) {}

  static EcluseException unrepresentable(String where, String what) {
    return ErrorCode.DATA_INVALID.error(
        "%s holds %s, which a warehouse table cannot hold".formatted(where, what));
  }
}
