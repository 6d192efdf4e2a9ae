package io.ecluse.access;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Counts the tries to sign in that failed, of each client for itself, so that nobody can shut out
 * others. Safe for use by several threads.
 */
public final class SignInTries {
  private static final int A_MINUTE = 10;
  private static final int CLIENTS = 10_000;
  private static final long MINUTE_NANOS = 60_000_000_000L;

  private final Map<String, Deque<Long>> failures =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Deque<Long>> eldest) {
          return size() > CLIENTS;
        }
      };

  /** Whether a client may try (again). */
  public synchronized boolean mayTry(String client) {
    Deque<Long> failed = failures.get(client);
    if (failed == null) {
      return true;
    }
    long now = System.nanoTime();
    while (!failed.isEmpty() && now - failed.peek() > MINUTE_NANOS) {
      failed.poll();
    }
    return failed.size() < A_MINUTE;
  }

  public synchronized void failed(String client) {
    failures.computeIfAbsent(client, c -> new ArrayDeque<>()).add(System.nanoTime());
  }
}
