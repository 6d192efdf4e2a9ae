package io.ecluse.duckdb;

import io.ecluse.warehouse.FileReach;
import io.ecluse.warehouse.TableSnapshot;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Which of a table's files lose rows, and what becomes of them.
 *
 * @param anew files that are written anew, without the rows that they lose: small ones, and those
 *     of which a quarter is gone
 * @param marked the others that lose some
 * @param lost how many rows each file loses
 */
record Losses(List<FileReach> anew, List<FileReach> marked, Map<FileReach, Long> lost) {
  private static final long SMALL = 1L << 20;
  private static final int PARTS = 4;

  /**
   * @param all files of the table
   * @param lost how many rows each loses, if any
   */
  static Losses of(List<FileReach> all, Map<FileReach, Long> lost) {
    List<FileReach> anew = new ArrayList<>();
    List<FileReach> marked = new ArrayList<>();
    List<FileReach> others = new ArrayList<>();
    for (FileReach file : all) {
      long rows = lost.getOrDefault(file, 0L);
      if (rows == 0) {
        others.add(file);
      } else if (isWrittenAnew(file, rows)) {
        anew.add(file);
      } else {
        marked.add(file);
      }
    }
    anew.addAll(Compaction.of(others));
    return new Losses(anew, marked, new LinkedHashMap<>(lost));
  }

  private static boolean isWrittenAnew(FileReach file, long rows) {
    TableSnapshot.Deleted before = file.file().deleted();
    return file.file().bytes() < SMALL
        || !before.positions().isEmpty() // by another engine, beside those of other files
        || (before.rows() + rows) * PARTS >= file.file().rows();
  }

  /** The locations of files that the table has no more. */
  List<String> removed() {
    return anew.stream().map(FileReach::location).toList();
  }

  long rows() {
    return lost.values().stream().mapToLong(l -> l).sum();
  }

  /** Rows of those written anew that go on. */
  long left() {
    return anew.stream()
        .mapToLong(f -> f.file().rows() - f.file().deleted().rows() - lost.getOrDefault(f, 0L))
        .sum();
  }
}
