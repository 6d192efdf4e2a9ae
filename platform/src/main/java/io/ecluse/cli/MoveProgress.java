package io.ecluse.cli;

import io.ecluse.storage.Relocation;
import io.ecluse.text.Amounts;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.function.Consumer;

/** Says every few seconds how far a move is, and how long the rest may take. */
final class MoveProgress implements Consumer<Relocation.Progress> {
  private static final Duration PAUSE = Duration.ofSeconds(2);

  private static final double ENOUGH = 0.02;

  private final PrintWriter out;
  private final long begin = System.nanoTime();
  private double first = -1;
  private long last = begin;

  MoveProgress(PrintWriter out) {
    this.out = out;
  }

  @Override
  public synchronized void accept(Relocation.Progress now) {
    double part = part(now);
    if (first < 0) {
      first = part; // what was there before
    }
    long time = System.nanoTime();
    if (time - last < PAUSE.toNanos()) {
      return;
    }
    last = time;
    out.printf(
        "%s of %s files, %s of %s%s%n",
        Amounts.number(now.files()),
        Amounts.number(now.allFiles()),
        Amounts.bytes(now.bytes()),
        Amounts.bytes(now.allBytes()),
        left(part - first, 1 - part, Duration.ofNanos(time - begin)));
    out.flush();
  }

  /** Small files cost by their number, large ones by their bytes. */
  private static double part(Relocation.Progress now) {
    return (now.files() / Math.max(1.0, now.allFiles())
            + now.bytes() / Math.max(1.0, now.allBytes()))
        / 2;
  }

  private static String left(double done, double open, Duration taken) {
    if (done < ENOUGH) {
      return "";
    }
    long seconds = Math.round(taken.toSeconds() * open / done);
    return "; about %s left"
        .formatted(seconds < 90 ? seconds + " s" : (seconds + 30) / 60 + " min");
  }
}
