package io.ecluse.bench;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** The lines at the end of a benchmark: figure, value, unit, budget, ok or MISSED, by tabs. */
final class Figures {
  private final List<String> lines = new ArrayList<>();

  void atMost(String name, double value, String unit, double budget) {
    add(name, value, unit, "<= ", budget, value <= budget);
  }

  void atLeast(String name, double value, String unit, double budget) {
    add(name, value, unit, ">= ", budget, value >= budget);
  }

  private void add(
      String name, double value, String unit, String sign, double budget, boolean kept) {
    String limit = sign + (budget == Math.rint(budget) ? text((long) budget) : text(budget));
    lines.add(String.join("\t", name, text(value), unit, limit, kept ? "ok" : "MISSED"));
  }

  void print() {
    System.out.println();
    lines.forEach(System.out::println);
  }

  static double median(List<Double> values) {
    double[] sorted = values.stream().mapToDouble(v -> v).sorted().toArray();
    int half = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
  }

  /** A row of a table for people, the first cell to the left and the others to the right. */
  static void row(Object... cells) {
    StringBuilder line = new StringBuilder(String.format("%-34s", cells[0]));
    Arrays.stream(cells).skip(1).forEach(c -> line.append(String.format("%14s", cell(c))));
    System.out.println(line.toString().stripTrailing());
  }

  private static String cell(Object value) {
    return value instanceof Double number ? text(number) : String.valueOf(value);
  }

  private static String text(double value) {
    return String.format(Locale.ROOT, "%.2f", value);
  }

  private static String text(long value) {
    return String.valueOf(value);
  }
}
