package io.ecluse.query;

import io.ecluse.schema.TableName;
import java.time.Duration;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongSupplier;

/**
 * Answers by what was asked and which state of each table was read for it, so that what it holds is
 * never stale; those that nobody has asked for the longest go first. What a query of the time or of
 * chance came to is kept for a minute. Safe for use by several threads.
 */
final class AnswerCache {
  private static final int MOST = 256;
  private static final long MOST_BYTES = 64L << 20;

  private static final long MINUTE = Duration.ofMinutes(1).toNanos();

  private final Map<Key, Kept> kept = new LinkedHashMap<>(16, 0.75f, true);
  private final LongSupplier nanos;
  private long bytes;

  /**
   * @param nanos the time that has passed since whenever
   */
  AnswerCache(LongSupplier nanos) {
    this.nanos = nanos;
  }

  /** For how long an answer holds. */
  enum Life {
    WHILE_TABLES_STAY,
    A_MINUTE
  }

  /**
   * @param rows how many were wanted at most
   * @param roles of the caller: what is hidden from one is not shown by way of another
   */
  record Key(String sql, int rows, Set<String> roles, Map<TableName, Long> snapshots) {}

  private record Kept(Answer answer, long bytes, Life life, long since) {}

  synchronized Optional<Answer> find(Key key) {
    return Optional.ofNullable(kept.get(key))
        .filter(k -> k.life() == Life.WHILE_TABLES_STAY || nanos.getAsLong() - k.since() < MINUTE)
        .map(Kept::answer);
  }

  /**
   * @param size about what it takes in memory
   */
  synchronized void keep(Key key, Answer answer, long size, Life life) {
    Kept before = kept.put(key, new Kept(answer, size, life, nanos.getAsLong()));
    bytes += size - (before == null ? 0 : before.bytes());
    Iterator<Kept> oldest = kept.values().iterator();
    while (kept.size() > MOST || (bytes > MOST_BYTES && kept.size() > 1)) {
      bytes -= oldest.next().bytes();
      oldest.remove();
    }
  }
}
