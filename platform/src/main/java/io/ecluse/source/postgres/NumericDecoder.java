package io.ecluse.source.postgres;

import io.ecluse.schema.DataType;
import java.math.BigDecimal;
import java.math.BigInteger;
import org.apache.arrow.memory.util.MemoryUtil;

/**
 * Decimals: digits to the base of 10,000 after a header of count, weight, sign and scale
 * (numeric_send), as whole numbers of 128 bits, the lower half first. Up to 18 decimal digits, half
 * of that is enough to reckon with.
 */
final class NumericDecoder extends FixedDecoder {
  private static final int NEGATIVE = 0x4000;
  private static final int NAN = 0xC000;
  private static final int HEADER = 8;
  private static final int BASE = 10_000;
  private static final int BASE_DIGITS = 4;
  private static final int[] POWERS = {1, 10, 100, 1_000, BASE};

  /** Decimal digits that a long can hold, whichever they are. */
  private static final int LONG_DIGITS = 18;

  private final String where;
  private final int scale;

  /** Digits to the base after the point, the last of which may be cut short. */
  private final int places;

  /** What the last digit to the base is multiplied by less. */
  private final int lastPower;

  private final long limitHigh;
  private final long limitLow;

  NumericDecoder(String where, DataType type) {
    this.where = where;
    this.scale = type.scale();
    this.places = (scale + BASE_DIGITS - 1) / BASE_DIGITS;
    this.lastPower = POWERS[places * BASE_DIGITS - scale];
    BigInteger limit = BigInteger.TEN.pow(type.precision());
    this.limitHigh = limit.shiftRight(Long.SIZE).longValue();
    this.limitLow = limit.longValue();
  }

  @Override
  void decode(byte[] b, int at, int length, int row) {
    int digits = WireNumbers.int16(b, at);
    int weight = WireNumbers.int16(b, at + 2);
    int sign = WireNumbers.int16(b, at + 4) & 0xffff;
    if (sign != 0 && sign != NEGATIVE) {
      throw unrepresentable(where, sign == NAN ? "NaN" : "an infinity");
    }
    if (digits - 1 - weight > places) {
      throw unrepresentable(where, "a number with more than %d decimals".formatted(scale));
    }
    long high = 0;
    long low = 0;
    boolean narrow = (weight + 1) * BASE_DIGITS + scale <= LONG_DIGITS;
    for (int place = weight; place >= -places && digits > 0; place--) {
      int i = weight - place;
      int digit = i < digits ? WireNumbers.int16(b, at + HEADER + 2 * i) : 0;
      int power = BASE;
      if (place == -places && lastPower > 1) {
        if (digit % lastPower != 0) {
          throw unrepresentable(where, "a number with more than %d decimals".formatted(scale));
        }
        digit /= lastPower;
        power /= lastPower;
      }
      if (narrow) {
        low = low * power + digit;
      } else {
        long product = low * power;
        high = high * power + highOfProduct(low, power);
        low = product + digit;
        high += Long.compareUnsigned(low, product) < 0 ? 1 : 0;
      }
    }
    put(row, high, low, sign);
  }

  private void put(int row, long high, long low, int sign) {
    if (high > limitHigh || high == limitHigh && Long.compareUnsigned(low, limitLow) >= 0) {
      throw unrepresentable(where, "a number with more digits than its type says");
    }
    long place = values() + ((long) row << 4);
    boolean negative = sign == NEGATIVE;
    MemoryUtil.putLong(place, negative ? -low : low);
    MemoryUtil.putLong(place + Long.BYTES, negative ? ~high + (low == 0 ? 1 : 0) : high);
  }

  /** The upper half of a product of which the first number is unsigned. */
  private static long highOfProduct(long low, int power) {
    return Math.multiplyHigh(low, power) + (low < 0 ? power : 0);
  }

  /** The same of any size, for people. */
  static BigDecimal exact(byte[] b, int at) {
    int digits = WireNumbers.int16(b, at);
    BigInteger unscaled = BigInteger.ZERO;
    for (int i = 0; i < digits; i++) {
      unscaled =
          unscaled
              .multiply(BigInteger.valueOf(BASE))
              .add(BigInteger.valueOf(WireNumbers.int16(b, at + HEADER + 2 * i)));
    }
    BigDecimal value =
        new BigDecimal(unscaled, BASE_DIGITS * (digits - 1 - WireNumbers.int16(b, at + 2)));
    return (WireNumbers.int16(b, at + 4) & 0xffff) == 0 ? value : value.negate();
  }
}
