package io.ecluse.duckdb;

import io.ecluse.warehouse.FileReach;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Which small files become one, so that there are never many, however often a table changes: eight
 * of about the same size, as in a log-structured merge tree (O'Neil et al., 1996). A row is written
 * again once for each size that its file grows through.
 */
final class Compaction {
  private static final int FILES = 8;
  private static final long LEAST = 1L << 20;
  private static final long LARGE = 64L << 20;

  private Compaction() {}

  /** Those that are to be written anew. */
  static List<FileReach> of(Collection<FileReach> files) {
    Map<String, List<FileReach>> alike = new TreeMap<>();
    for (FileReach file : files) {
      if (file.file().bytes() < LARGE) {
        alike.computeIfAbsent(size(file) + "/" + file.spread(), s -> new ArrayList<>()).add(file);
      }
    }
    return alike.values().stream().filter(f -> f.size() >= FILES).flatMap(List::stream).toList();
  }

  private static int size(FileReach file) {
    int size = 0;
    for (long bytes = LEAST; bytes <= file.file().bytes(); bytes *= FILES) {
      size++;
    }
    return size;
  }
}
