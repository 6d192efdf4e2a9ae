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
  private final Map<Path, Runnable> written = new HashMap<>();
  private final Map<Path, Long> kept = new HashMap<>();
  private final Set<Path> ended = new HashSet<>();

  /**
   * @param most bytes of all; one file has half of them at most
   */
  ResultSpace(long most) {
    this.most = most;
  }

  /** Watches a file that is about to be written. */
  synchronized void watch(Path file, Runnable end) {
    written.put(file, end);
  }

  /** The file is whole, and stays until {@link #forget}. */
  synchronized void keep(Path file) {
    written.remove(file);
    kept.put(file, size(file));
  }

  /** The file is gone. */
  synchronized void forget(Path file) {
    written.remove(file);
    kept.remove(file);
    ended.remove(file);
  }

  /** Whether nothing more should begin before something is removed. */
  synchronized boolean isFull() {
    return total() > most;
  }

  /** Whether this file was ended for its size. */
  synchronized boolean wasEnded(Path file) {
    return ended.contains(file);
  }

  /** Looks at what is being written; called again and again. */
  synchronized void look() {
    boolean full = isFull();
    written.forEach(
        (file, end) -> {
          if (size(file) > most / 2 || (full && size(file) > most / 20)) {
            ended.add(file);
            end.run();
          }
        });
  }

  private long total() {
    return kept.values().stream().mapToLong(Long::longValue).sum()
        + written.keySet().stream().mapToLong(ResultSpace::size).sum();
  }

  EcluseException tooLarge() {
    return new EcluseException(
        ErrorCode.RESULT_TOO_LARGE,
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
