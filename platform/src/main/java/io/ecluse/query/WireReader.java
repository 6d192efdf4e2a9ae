package io.ecluse.query;

import io.ecluse.query.WireWriter.Tag;
import java.io.DataInputStream;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * Reads what {@link WireWriter} wrote, frame by frame. Believes no length that is larger than it
 * may be.
 */
final class WireReader {
  private final DataInputStream in;
  private final int most;
  private ByteBuffer frame = ByteBuffer.allocate(0);

  /**
   * @param most bytes of a frame
   */
  WireReader(DataInputStream in, int most) {
    this.in = in;
    this.most = most;
  }

  /** Goes to the next frame when this one is read. */
  private void begin() throws IOException {
    if (frame.hasRemaining()) {
      return;
    }
    int length = in.readInt();
    if (length < 1 || length > most) {
      throw new IOException("A frame of " + length + " bytes cannot be");
    }
    byte[] bytes = frame.array().length >= length ? frame.array() : new byte[length];
    in.readFully(bytes, 0, length);
    frame = ByteBuffer.wrap(bytes, 0, length);
  }

  /** What begins a message, for which it waits. */
  int first() throws IOException {
    begin();
    return oneByte();
  }

  int oneByte() throws IOException {
    return frame.get() & 0xff;
  }

  int number() throws IOException {
    return frame.getInt();
  }

  long longNumber() throws IOException {
    return frame.getLong();
  }

  String text() throws IOException {
    int length = count();
    String text = new String(frame.array(), frame.position(), length, StandardCharsets.UTF_8);
    frame.position(frame.position() + length);
    return text;
  }

  List<String> texts() throws IOException {
    int count = count();
    List<String> texts = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      texts.add(text());
    }
    return texts;
  }

  private int count() throws IOException {
    int count = frame.getInt();
    if (count < 0 || count > frame.remaining()) {
      throw new IOException("A length of " + count + " cannot be");
    }
    return count;
  }

  byte[] block() throws IOException {
    byte[] block = new byte[count()];
    frame.get(block);
    return block;
  }

  @SuppressWarnings("NullAway") // a NULL stays one
  Object value() throws IOException {
    int tag = frame.get() & 0xff;
    return switch (tag) {
      case Tag.NULL -> null;
      case Tag.FALSE -> false;
      case Tag.TRUE -> true;
      case Tag.INT -> frame.getInt();
      case Tag.LONG -> frame.getLong();
      case Tag.BIG_INTEGER -> new BigInteger(block());
      case Tag.FLOAT -> Float.intBitsToFloat(frame.getInt());
      case Tag.DOUBLE -> Double.longBitsToDouble(frame.getLong());
      case Tag.DECIMAL -> {
        int scale = frame.getInt();
        yield new BigDecimal(new BigInteger(block()), scale);
      }
      case Tag.TEXT -> text();
      case Tag.BYTES -> block();
      case Tag.LIST -> list();
      case Tag.MAP -> map();
      default -> moment(tag);
    };
  }

  private Object moment(int tag) throws IOException {
    return switch (tag) {
      case Tag.DATE -> LocalDate.ofEpochDay(frame.getLong());
      case Tag.TIME -> LocalTime.ofNanoOfDay(frame.getLong());
      case Tag.DATE_TIME ->
          LocalDateTime.of(
              LocalDate.ofEpochDay(frame.getLong()), LocalTime.ofNanoOfDay(frame.getLong()));
      case Tag.OFFSET_DATE_TIME ->
          OffsetDateTime.ofInstant(
              Instant.ofEpochSecond(frame.getLong(), frame.getInt()), ZoneOffset.UTC);
      case Tag.UUID_VALUE -> new UUID(frame.getLong(), frame.getLong());
      default -> throw new IOException("A value of kind " + tag + " cannot be");
    };
  }

  private List<Object> list() throws IOException {
    int count = count();
    List<Object> list = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      list.add(value());
    }
    return list;
  }

  private Map<String, Object> map() throws IOException {
    int count = count();
    Map<String, Object> map = new LinkedHashMap<>();
    for (int i = 0; i < count; i++) {
      String key = text();
      map.put(key, value());
    }
    return map;
  }
}
