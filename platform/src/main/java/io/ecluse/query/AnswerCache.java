package io.ecluse.query;

import io.ecluse.schema.TableName;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Answers by what was asked and which state of each table was read for it, so that what it holds is
 * never stale; those that nobody has asked for the longest go first. Safe for use by several
 * threads.
 */
final class AnswerCache {
  private static final int MOST = 256;
  private static final long MOST_BYTES = 64L << 20;

  private final Map<Key, Kept> kept = new LinkedHashMap<>(16, 0.75f, true);
  private long bytes;

  /**
   * @param rows how many were wanted at most
   * @param roles of the caller: what is hidden from one is not shown by way of another
   */
  record Key(String sql, int rows, Set<String> roles, Map<TableName, Long> snapshots) {}

  private record Kept(Answer answer, long bytes) {}

  synchronized Optional<Answer> find(Key key) {
    return Optional.ofNullable(kept.get(key)).map(Kept::answer);
  }

  /**
   * @param size about what it takes in memory
   */
  synchronized void keep(Key key, Answer answer, long size) {
    Kept before = kept.put(key, new Kept(answer, size));
    bytes += size - (before == null ? 0 : before.bytes());
    Iterator<Kept> oldest = kept.values().iterator();
    while (kept.size() > MOST || (bytes > MOST_BYTES && kept.size() > 1)) {
      bytes -= oldest.next().bytes();
      oldest.remove();
    }
  }
}
