package io.ecluse.source.postgres;

import org.apache.arrow.memory.util.MemoryUtil;
import org.apache.arrow.vector.BaseFixedWidthVector;
import org.apache.arrow.vector.FieldVector;

/** Values that all take the same place. */
abstract class FixedDecoder extends ColumnDecoder {
  static final int UUID_BYTES = 16;

  /** Days from 1970-01-01 to PostgreSQL's epoch, 2000-01-01. */
  static final int EPOCH_DAYS = 10_957;

  /** The same in microseconds. */
  private static final long EPOCH_MICROS = 946_684_800_000_000L;

  private long values;

  @Override
  final void allocate(FieldVector vector, int rows) {
    ((BaseFixedWidthVector) vector).allocateNew(rows);
    values = vector.getDataBufferAddress();
  }

  /** Where the vector's first value is. */
  final long values() {
    return values;
  }

  final void put(int row, int value) {
    MemoryUtil.putInt(values + ((long) row << 2), value);
  }

  final void put(int row, long value) {
    MemoryUtil.putLong(values + ((long) row << 3), value);
  }

  static final class Bool extends FixedDecoder {
    @Override
    void decode(byte[] bytes, int at, int length, int row) {
      long place = values() + (row >> 3);
      int bit = 1 << (row & 7);
      int others = MemoryUtil.getByte(place) & ~bit;
      MemoryUtil.putByte(place, (byte) (bytes[at] == 0 ? others : others | bit));
    }
  }

  static final class Int2 extends FixedDecoder {
    @Override
    void decode(byte[] bytes, int at, int length, int row) {
      put(row, WireNumbers.int16(bytes, at));
    }
  }

  /** Whole numbers and floats alike. */
  static final class FourBytes extends FixedDecoder {
    @Override
    void decode(byte[] bytes, int at, int length, int row) {
      put(row, WireNumbers.int32(bytes, at));
    }
  }

  /** Whole numbers and floats alike. */
  static final class EightBytes extends FixedDecoder {
    @Override
    void decode(byte[] bytes, int at, int length, int row) {
      put(row, WireNumbers.int64(bytes, at));
    }
  }

  static final class Date extends FixedDecoder {
    private final String where;

    Date(String where) {
      this.where = where;
    }

    @Override
    void decode(byte[] bytes, int at, int length, int row) {
      int days = WireNumbers.int32(bytes, at);
      if (days == Integer.MAX_VALUE || days == Integer.MIN_VALUE) {
        throw unrepresentable(where, "an infinite date");
      }
      put(row, days + EPOCH_DAYS);
    }
  }

  static final class Timestamp extends FixedDecoder {
    private final String where;

    Timestamp(String where) {
      this.where = where;
    }

    @Override
    void decode(byte[] bytes, int at, int length, int row) {
      long micros = WireNumbers.int64(bytes, at);
      if (micros == Long.MAX_VALUE || micros == Long.MIN_VALUE) {
        throw unrepresentable(where, "an infinite timestamp");
      }
      if (micros > Long.MAX_VALUE - EPOCH_MICROS) {
        throw unrepresentable(where, "a timestamp after the year 294246");
      }
      put(row, micros + EPOCH_MICROS);
    }
  }

  static final class Uuid extends FixedDecoder {
    @Override
    void decode(byte[] bytes, int at, int length, int row) {
      long place = values() + (long) row * UUID_BYTES;
      MemoryUtil.putLong(place, MemoryUtil.getLong(bytes, at));
      MemoryUtil.putLong(place + Long.BYTES, MemoryUtil.getLong(bytes, at + Long.BYTES));
    }
  }
}
