package io.ecluse.project;

import io.ecluse.project.Problem.Severity;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

/**
 * Collects what is wrong, in any order. Thread-safe, while each {@link OfFile} is for one thread.
 */
final class Problems {
  private static final int MOST_PER_FILE = 100;
  private static final int LONGEST = 400;

  private final List<Problem> all = Collections.synchronizedList(new ArrayList<>());
  private final Set<String> broken = ConcurrentHashMap.newKeySet();

  /** The problems of one file. */
  OfFile in(String file) {
    return new OfFile(file);
  }

  /** Says what is wrong with a file as a whole, and what to do. */
  void error(String file, String message, String hint) {
    in(file).error(Position.START, message, hint);
  }

  /** Whether a file has an error that keeps it from being used, in whole. */
  boolean isBroken(String file) {
    return broken.contains(file);
  }

  /** How many files are broken; it only grows. */
  int brokenFiles() {
    return broken.size();
  }

  /** The errors of each file, sorted as all are. */
  Map<String, List<Problem>> errorsByFile() {
    return sorted().stream()
        .filter(p -> p.severity() == Severity.ERROR)
        .collect(Collectors.groupingBy(Problem::file));
  }

  /** By file and position, each once. */
  List<Problem> sorted() {
    return List.copyOf(all).stream().distinct().sorted(Problem.ORDER).toList();
  }

  /** Adds problems of one file, and no more than a person would read. */
  final class OfFile {
    private final String file;
    private int count;

    private OfFile(String file) {
      this.file = file;
    }

    void error(Position at, String message) {
      error(at, message, Optional.empty());
    }

    void error(Position at, String message, String hint) {
      error(at, message, Optional.of(hint));
    }

    void error(Position at, String message, Optional<String> hint) {
      broken.add(file);
      add(Severity.ERROR, at, message, hint);
    }

    /** Whether there are errors that keep the file from being used. */
    boolean areErrors() {
      return broken.contains(file);
    }

    /** An error of a part, as of one tile, which fails when it is used; the rest can be used. */
    void errorInPart(Position at, String message, Optional<String> hint) {
      add(Severity.ERROR, at, message, hint);
    }

    void warning(Position at, String message, String hint) {
      add(Severity.WARNING, at, message, Optional.of(hint));
    }

    private void add(Severity severity, Position at, String message, Optional<String> hint) {
      if (count++ < MOST_PER_FILE) {
        String shown = message.length() > LONGEST ? message.substring(0, LONGEST) + "…" : message;
        all.add(new Problem(severity, file, at.line(), at.column(), shown, hint));
      }
    }
  }
}
