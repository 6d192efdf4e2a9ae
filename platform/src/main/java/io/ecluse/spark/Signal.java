package io.ecluse.spark;

import java.time.Duration;

/** Wakes who waits for anything of jobs to change; whoever waits looks again in any case. */
final class Signal {
  private long changes;

  synchronized void changed() {
    changes++;
    notifyAll();
  }

  synchronized long seen() {
    return changes;
  }

  /**
   * Waits until something changes after {@code seen}, no longer than {@code most}.
   *
   * @throws InterruptedException as {@link Object#wait}
   */
  synchronized void await(long seen, Duration most) throws InterruptedException {
    long until = System.nanoTime() + most.toNanos();
    for (long left = most.toMillis(); changes == seen && left > 0; ) {
      wait(left);
      left = Duration.ofNanos(until - System.nanoTime()).toMillis();
    }
  }
}
