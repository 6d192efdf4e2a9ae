package io.ecluse.query;

import io.ecluse.error.EcluseException;
import io.ecluse.error.ErrorCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * The disk that results and exports take together: what is written is watched, and ended when it
 * becomes too large. Safe for use by several threads.
 */
final class ResultSpace {
  private final long most;
  private final Map<Target, Runnable> written = new HashMap<>();
  private final Map<Path, Long> kept = new HashMap<>();
  private final Set<Target> ended = new HashSet<>();

  /**
   * @param most bytes of all; one file has half of them at most
   */
  ResultSpace(long most) {
    this.most = most;
  }

  /** Watches a file that is about to be written. */
  synchronized void watch(Target target, Runnable end) {
    written.put(target, end);
  }

  /** The file is whole, and stays until {@link #forget}. */
  synchronized void keep(Target target) {
    written.remove(target);
    kept.put(target.file(), size(target.file()));
  }

  /** It did not become whole; returns whether it was ended for its size. */
  synchronized boolean giveUp(Target target) {
    written.remove(target);
    return ended.remove(target);
  }

  /** Whether a file that is not whole was ended for its size. */
  synchronized boolean wasEnded(Target target) {
    return ended.contains(target);
  }

  /** The file is gone. */
  synchronized void forget(Path file) {
    kept.remove(file);
  }

  /** Whether nothing more should begin before something is removed. */
  synchronized boolean isFull() {
    return total() > most;
  }

  /** Looks at what is being written; called again and again. */
  synchronized void look() {
    boolean full = isFull();
    written.forEach(
        (target, end) -> {
          long size = size(target.now());
          if (size > most / 2 || (full && size > most / 20)) {
            ended.add(target);
            end.run();
          }
        });
  }

  private long total() {
    return kept.values().stream().mapToLong(Long::longValue).sum()
        + written.keySet().stream().mapToLong(t -> size(t.now())).sum();
  }

  EcluseException tooLarge() {
    return ErrorCode.RESULT_TOO_LARGE.error(
        "The result is too large: results and downloads may take %d MB of the disk together, one of them half; select fewer columns or rows"
            .formatted(most >> 20));
  }

  private static long size(Path file) {
    try {
      return Files.exists(file) ? Files.size(file) : 0;
    } catch (IOException e) {
      return 0; // it has just gone
    }
  }
}
