package io.ecluse.bench;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Trials of what must hold whatever happens, one after the other. Each has a time in which it must
 * have held; one that does not hold is {@code MISSED}, with the reason for people, and the others
 * go on.
 */
final class Trials {
  private final List<String> lines = new ArrayList<>();
  private int missed;

  /** What is tried. It fails by any exception or error; its message is the reason. */
  interface Trial {
    void run() throws Exception;
  }

  /** Fails a trial. */
  static void require(boolean holds, String otherwise) {
    if (!holds) {
      throw new AssertionError(otherwise);
    }
  }

  void run(String name, Duration within, Trial trial) {
    long begin = System.nanoTime();
    String reason = "";
    try {
      trial.run();
    } catch (Exception | AssertionError e) {
      reason = String.valueOf(e.getMessage() == null ? e : e.getMessage());
    }
    double seconds = (System.nanoTime() - begin) / 1e9;
    if (reason.isEmpty() && seconds > within.toMillis() / 1e3) {
      reason = "took too long";
    }
    if (!reason.isEmpty()) {
      missed++;
    }
    System.out.printf(
        Locale.ROOT,
        "%-6s %6.1f s  %s%s%n",
        reason.isEmpty() ? "ok" : "MISSED",
        seconds,
        name,
        reason.isEmpty() ? "" : "\n         " + shortened(reason));
    lines.add(
        String.format(
            Locale.ROOT,
            "%s\t%.1f\ts\t<= %d\t%s",
            name,
            seconds,
            within.toSeconds(),
            reason.isEmpty() ? "ok" : "MISSED"));
  }

  /** Says that a trial cannot be made on this machine, and why. */
  void leaveOut(String name, String why) {
    System.out.printf("SKIPPED           %s: %s%n", name, why);
  }

  /** Prints a line a trial, and returns the exit code: 1 if any was missed. */
  int end() {
    System.out.println();
    lines.forEach(System.out::println);
    return missed == 0 ? 0 : 1;
  }

  private static String shortened(String text) {
    String one = text.strip().replaceAll("\\s*\\n\\s*", " | ");
    return one.length() > 500 ? one.substring(0, 500) + "…" : one;
  }
}
