package io.ecluse.web;

import java.util.HashMap;
import java.util.Map;

/** Places of one kind: so many in all, so many of one client. Safe for use by several threads. */
final class Shares {
  private final int all;
  private final int each;
  private final Map<String, Integer> taken = new HashMap<>();
  private int sum;

  Shares(int all, int each) {
    this.all = all;
    this.each = each;
  }

  /** Takes a place for a client, who gives it back by {@link #leave}; false if there is none. */
  synchronized boolean enter(String client) {
    int now = taken.getOrDefault(client, 0);
    if (sum >= all || now >= each) {
      return false;
    }
    taken.put(client, now + 1);
    sum++;
    return true;
  }

  /** Takes a place as soon as there is one, within so many milliseconds. */
  synchronized boolean enter(String client, long millis) throws InterruptedException {
    long end = System.nanoTime() + millis * 1_000_000;
    while (!enter(client)) {
      long left = (end - System.nanoTime()) / 1_000_000;
      if (left <= 0) {
        return false;
      }
      wait(left);
    }
    return true;
  }

  synchronized void leave(String client) {
    taken.computeIfPresent(client, (c, n) -> n == 1 ? null : n - 1);
    sum--;
    notifyAll();
  }
}
