package io.ecluse.query;

import io.ecluse.query.WireWriter.Tag;
import java.io.DataInputStream;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
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

/** Reads what {@link WireWriter} wrote. Believes no length that is larger than it may be. */
final class WireReader {
  private final DataInputStream in;
  private final int most;

  /**
   * @param most bytes of one text or block, items of one list
   */
  WireReader(DataInputStream in, int most) {
    this.in = in;
    this.most = most;
  }

  int oneByte() throws IOException {
    return in.readUnsignedByte();
  }

  int number() throws IOException {
    return in.readInt();
  }

  long longNumber() throws IOException {
    return in.readLong();
  }

  String text() throws IOException {
    return new String(block(), StandardCharsets.UTF_8);
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
    int count = in.readInt();
    if (count < 0 || count > most) {
      throw new IOException("A length of " + count + " cannot be");
    }
    return count;
  }

  private byte[] block() throws IOException {
    byte[] block = new byte[count()];
    in.readFully(block);
    return block;
  }

  @SuppressWarnings("NullAway") // a NULL stays one
  Object value() throws IOException {
    int tag = in.readUnsignedByte();
    return switch (tag) {
      case Tag.NULL -> null;
      case Tag.FALSE -> false;
      case Tag.TRUE -> true;
      case Tag.INT -> in.readInt();
      case Tag.LONG -> in.readLong();
      case Tag.BIG_INTEGER -> new BigInteger(block());
      case Tag.FLOAT -> Float.intBitsToFloat(in.readInt());
      case Tag.DOUBLE -> Double.longBitsToDouble(in.readLong());
      case Tag.DECIMAL -> {
        int scale = in.readInt();
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
      case Tag.DATE -> LocalDate.ofEpochDay(in.readLong());
      case Tag.TIME -> LocalTime.ofNanoOfDay(in.readLong());
      case Tag.DATE_TIME ->
          LocalDateTime.of(
              LocalDate.ofEpochDay(in.readLong()), LocalTime.ofNanoOfDay(in.readLong()));
      case Tag.OFFSET_DATE_TIME ->
          OffsetDateTime.ofInstant(
              Instant.ofEpochSecond(in.readLong(), in.readInt()), ZoneOffset.UTC);
      case Tag.UUID_VALUE -> new UUID(in.readLong(), in.readLong());
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
