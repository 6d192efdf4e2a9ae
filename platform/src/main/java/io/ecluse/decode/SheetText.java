package io.ecluse.decode;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Texts of a workbook, in which characters that XML cannot hold are written as {@code _x000D_}
 * (ECMA-376, part 1, 22.9.2.19), and an underline before what only looks so as {@code _x005F_}.
 */
final class SheetText {
  private static final Pattern ESCAPED = Pattern.compile("_x([0-9A-Fa-f]{4})_");
  private static final int HEX = 16;

  private SheetText() {}

  static String of(String written) {
    if (!written.contains("_x")) {
      return written;
    }
    return ESCAPED
        .matcher(written)
        .replaceAll(
            m ->
                Matcher.quoteReplacement(String.valueOf((char) Integer.parseInt(m.group(1), HEX))));
  }
}
