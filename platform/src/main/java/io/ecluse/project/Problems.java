package io.ecluse.project;

import io.ecluse.project.Problem.Severity;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Collects what is wrong, in any order. Thread-safe, while each {@link OfFile} is for one thread.
 */
final class Problems {
  private static final int MOST_PER_FILE = 100;

  private final List<Problem> all = Collections.synchronizedList(new ArrayList<>());

  /** The problems of one file. */
  OfFile in(String file) {
    return new OfFile(file);
  }

  boolean hasErrors() {
    return all.stream().anyMatch(p -> p.severity() == Severity.ERROR);
  }

  /** By file and position, each once. */
  List<Problem> sorted() {
    return List.copyOf(all).stream()
        .distinct()
        .sorted(
            Comparator.comparing(Problem::file)
                .thenComparing(Problem::line)
                .thenComparing(Problem::column)
                .thenComparing(Problem::message))
        .toList();
  }

  /** Adds problems of one file, and no more than a person would read. */
  final class OfFile {
    private final String file;
    private int count;

    private OfFile(String file) {
      this.file = file;
    }

    void error(Position at, String message) {
      add(Severity.ERROR, at, message, Optional.empty());
    }

    void error(Position at, String message, String hint) {
      add(Severity.ERROR, at, message, Optional.of(hint));
    }

    void error(Position at, String message, Optional<String> hint) {
      add(Severity.ERROR, at, message, hint);
    }

    void warning(Position at, String message, String hint) {
      add(Severity.WARNING, at, message, Optional.of(hint));
    }

    private void add(Severity severity, Position at, String message, Optional<String> hint) {
      if (count++ < MOST_PER_FILE) {
        all.add(new Problem(severity, file, at.line(), at.column(), message, hint));
      }
    }
  }
}
