package io.ecluse.text;

import java.util.List;
import java.util.Locale;

/** Numbers and bytes as people read them, whatever the machine's language. */
public final class Amounts {
  private static final List<String> UNITS = List.of("B", "kB", "MB", "GB", "TB");
  private static final double STEP = 1000;

  private Amounts() {}

  /** A whole number with its thousands apart: {@code 1 234 567}. */
  public static String number(long value) {
    return String.format(Locale.ROOT, "%,d", value).replace(',', ' ');
  }

  /** Bytes in the largest unit of which there is one, in steps of a thousand: {@code 1.2 MB}. */
  public static String bytes(long bytes) {
    double value = bytes;
    int unit = 0;
    while (value >= STEP && unit < UNITS.size() - 1) {
      value /= STEP;
      unit++;
    }
    return String.format(Locale.ROOT, unit == 0 ? "%.0f %s" : "%.1f %s", value, UNITS.get(unit));
  }
}
