package io.ecluse.source.postgres;

import org.apache.arrow.memory.util.MemoryUtil;
import org.apache.arrow.vector.BaseVariableWidthVector;
import org.apache.arrow.vector.FieldVector;

/** Texts and bytes, each as long as it is. */
final class BytesDecoder extends ColumnDecoder {
  private static final long FIRST_BYTES = 8;
  private static final long MOST_AT_FIRST = 4 << 20;

  private BaseVariableWidthVector vector;
  private long offsets;
  private long values;
  private long capacity;
  private long end;

  /** What the last batch took, so that the next one needs not grow. */
  private long usual;

  @SuppressWarnings("NullAway") // there is no vector before the first batch begins
  BytesDecoder() {}

  @Override
  void allocate(FieldVector into, int rows) {
    vector = (BaseVariableWidthVector) into;
    vector.allocateNew(Math.max(usual, rows * FIRST_BYTES), rows);
    offsets = vector.getOffsetBufferAddress();
    end = 0;
    MemoryUtil.putInt(offsets, 0);
    look();
  }

  private void look() {
    values = vector.getDataBufferAddress();
    capacity = vector.getDataBuffer().capacity();
  }

  @Override
  void decode(byte[] bytes, int at, int length, int row) {
    if (end + length > capacity) {
      vector.reallocDataBuffer(end + length);
      look();
    }
    MemoryUtil.copyToMemory(bytes, at, values + end, length);
    end += length;
    ends(row);
  }

  @Override
  void setNull(int row) {
    super.setNull(row);
    ends(row);
  }

  private void ends(int row) {
    MemoryUtil.putInt(offsets + ((row + 1L) << 2), (int) end);
  }

  @Override
  void undo(int row) {
    super.undo(row);
    end = MemoryUtil.getInt(offsets + ((long) row << 2));
  }

  @Override
  void end(int rows) {
    vector.setLastSet(rows - 1);
    usual = Math.min(end, MOST_AT_FIRST);
  }
}
