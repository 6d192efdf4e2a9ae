package io.ecluse.cli;

import java.io.PrintWriter;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import tools.jackson.databind.json.JsonMapper;

/** What commands print: tables for people, JSON for programs. */
final class Output {
  private Output() {}

  /** Lines of a table, the columns as wide as they need be; numbers to the right. */
  static void table(PrintWriter out, List<String> header, List<List<String>> rows) {
    int[] width = new int[header.size()];
    boolean[] number = new boolean[header.size()];
    for (int i = 0; i < width.length; i++) {
      width[i] = length(header.get(i));
      int column = i;
      number[i] =
          !rows.isEmpty()
              && rows.stream()
                  .allMatch(r -> r.get(column).matches("-|[-−]?[0-9][0-9., ]*( [A-Za-z]+)?"));
      for (List<String> row : rows) {
        width[i] = Math.max(width[i], length(row.get(i)));
      }
    }
    line(out, header, width, number);
    line(out, header.stream().map(h -> "").toList(), width, new boolean[width.length], '-');
    rows.forEach(r -> line(out, r, width, number));
  }

  private static void line(PrintWriter out, List<String> row, int[] width, boolean[] number) {
    line(out, row, width, number, ' ');
  }

  private static void line(
      PrintWriter out, List<String> row, int[] width, boolean[] number, char fill) {
    StringBuilder line = new StringBuilder();
    for (int i = 0; i < width.length; i++) {
      String pad = String.valueOf(fill).repeat(width[i] - length(row.get(i)));
      line.append(i == 0 ? "" : "  ").append(number[i] ? pad + row.get(i) : row.get(i) + pad);
    }
    out.println(line.toString().stripTrailing());
  }

  private static int length(String text) {
    return text.codePointCount(0, text.length());
  }

  static void json(PrintWriter out, Object value) {
    out.println(JsonMapper.shared().writerWithDefaultPrettyPrinter().writeValueAsString(value));
  }

  /** Constants as people write them. */
  static List<String> words(Collection<? extends Enum<?>> constants) {
    return constants.stream().map(c -> c.name().toLowerCase(Locale.ROOT)).toList();
  }

  static String seconds(Duration duration) {
    return String.format(Locale.ROOT, "%.2f", duration.toMillis() / 1000.0);
  }
}
