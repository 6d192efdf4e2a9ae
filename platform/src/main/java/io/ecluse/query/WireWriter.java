package io.ecluse.query;

import io.ecluse.engine.RowReader;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * Numbers, texts and values as bytes, for {@link WireReader}. Grows in memory up to a size, behind
 * which a {@link TooLarge} is thrown.
 */
final class WireWriter {
  private static final VarHandle INTS =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);
  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

  /** Room for the length of the frame. */
  private static final int HEAD = 4;

  private final int most;
  private byte[] bytes = new byte[1 << 12];
  private int size = HEAD;

  /** What was to be written is larger than is allowed. */
  static final class TooLarge extends RuntimeException {
    private static final long serialVersionUID = 1L;
  }

  /** What stands before a value. */
  static final class Tag {
    static final byte NULL = 0;
    static final byte FALSE = 1;
    static final byte TRUE = 2;
    static final byte INT = 3;
    static final byte LONG = 4;
    static final byte BIG_INTEGER = 5;
    static final byte FLOAT = 6;
    static final byte DOUBLE = 7;
    static final byte DECIMAL = 8;
    static final byte TEXT = 9;
    static final byte DATE = 10;
    static final byte TIME = 11;
    static final byte DATE_TIME = 12;
    static final byte OFFSET_DATE_TIME = 13;
    static final byte BYTES = 14;
    static final byte UUID_VALUE = 15;
    static final byte LIST = 16;
    static final byte MAP = 17;

    private Tag() {}
  }

  /**
   * @param most bytes
   */
  WireWriter(int most) {
    this.most = most;
  }

  /** Writes a frame of all this, and begins anew. */
  void sendTo(OutputStream out) throws IOException {
    int length = size - HEAD;
    size = 0;
    number(length);
    out.write(bytes, 0, HEAD + length);
    out.flush();
    clear();
  }

  int size() {
    return size;
  }

  void clear() {
    size = HEAD;
  }

  WireWriter oneByte(int value) {
    room(1);
    bytes[size++] = (byte) value;
    return this;
  }

  WireWriter number(int value) {
    room(4);
    INTS.set(bytes, size, value);
    size += 4;
    return this;
  }

  WireWriter longNumber(long value) {
    room(8);
    LONGS.set(bytes, size, value);
    size += 8;
    return this;
  }

  WireWriter text(String value) {
    if (value.length() > most) {
      throw new TooLarge(); // before it is there twice
    }
    return block(value.getBytes(StandardCharsets.UTF_8));
  }

  WireWriter texts(List<String> values) {
    number(values.size());
    values.forEach(this::text);
    return this;
  }

  private WireWriter block(byte[] value) {
    return block(value, 0, value.length);
  }

  WireWriter block(byte[] value, int from, int length) {
    number(length);
    room(length);
    System.arraycopy(value, from, bytes, size, length);
    size += length;
    return this;
  }

  private void room(int wanted) {
    long needed = (long) size + wanted;
    if (needed > most) {
      throw new TooLarge();
    }
    if (needed > bytes.length) {
      bytes = Arrays.copyOf(bytes, (int) Math.min(most, Math.max(needed, bytes.length * 2L)));
    }
  }

  /** A value of a row, as {@link RowReader} tells. */
  void value(Object value) {
    if (value == null) {
      oneByte(Tag.NULL);
    } else if (value instanceof Number number) {
      number(number);
    } else if (value instanceof String text) {
      oneByte(Tag.TEXT).text(text);
    } else if (value instanceof Boolean flag) {
      oneByte(flag ? Tag.TRUE : Tag.FALSE);
    } else if (value instanceof byte[] block) {
      oneByte(Tag.BYTES).block(block);
    } else if (value instanceof List<?> list) {
      oneByte(Tag.LIST).number(list.size());
      list.forEach(this::value);
    } else if (value instanceof Map<?, ?> map) {
      oneByte(Tag.MAP).number(map.size());
      map.forEach(
          (k, v) -> {
            text(String.valueOf(k));
            value(v);
          });
    } else {
      moment(value);
    }
  }

  private void number(Number value) {
    if (value instanceof Integer number) {
      room(5);
      bytes[size++] = Tag.INT;
      INTS.set(bytes, size, number.intValue());
      size += 4;
    } else if (value instanceof Long number) {
      oneByte(Tag.LONG).longNumber(number);
    } else if (value instanceof Double number) {
      oneByte(Tag.DOUBLE).longNumber(Double.doubleToRawLongBits(number));
    } else if (value instanceof Float number) {
      oneByte(Tag.FLOAT).number(Float.floatToRawIntBits(number));
    } else if (value instanceof BigInteger number) {
      oneByte(Tag.BIG_INTEGER).block(number.toByteArray());
    } else if (value instanceof BigDecimal number) {
      oneByte(Tag.DECIMAL).number(number.scale()).block(number.unscaledValue().toByteArray());
    } else {
      oneByte(Tag.INT).number(value.intValue());
    }
  }

  private void moment(Object value) {
    if (value instanceof LocalDate date) {
      oneByte(Tag.DATE).longNumber(date.toEpochDay());
    } else if (value instanceof LocalTime time) {
      oneByte(Tag.TIME).longNumber(time.toNanoOfDay());
    } else if (value instanceof LocalDateTime time) {
      oneByte(Tag.DATE_TIME).longNumber(time.toLocalDate().toEpochDay());
      longNumber(time.toLocalTime().toNanoOfDay());
    } else if (value instanceof OffsetDateTime time) {
      oneByte(Tag.OFFSET_DATE_TIME).longNumber(time.toEpochSecond()).number(time.getNano());
    } else if (value instanceof UUID id) {
      oneByte(Tag.UUID_VALUE).longNumber(id.getMostSignificantBits());
      longNumber(id.getLeastSignificantBits());
    } else {
      oneByte(Tag.TEXT).text(value.toString());
    }
  }
}
