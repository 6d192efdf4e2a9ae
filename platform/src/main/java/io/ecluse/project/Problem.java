package io.ecluse.project;

import java.util.Comparator;
import java.util.Optional;

/**
 * Something wrong in a project's file.
 *
 * @param file relative to the project folder, with forward slashes
 * @param line counts from 1
 * @param column counts from 1
 * @param message what is wrong and what is there
 * @param hint what to do, if that is known
 */
public record Problem(
    Severity severity, String file, int line, int column, String message, Optional<String> hint) {

  /** By file and position. */
  static final Comparator<Problem> ORDER =
      Comparator.comparing(Problem::file)
          .thenComparing(Problem::line)
          .thenComparing(Problem::column)
          .thenComparing(Problem::message);

  /** Whether the project can be used all the same. */
  public enum Severity {
    ERROR,
    WARNING
  }

  /**
   * {@code sources/erp.yaml:3:5: error: message (hint)}, which editors and terminals make a link
   * of.
   */
  @Override
  public String toString() {
    String kind = severity == Severity.ERROR ? "error" : "warning";
    return "%s:%d:%d: %s: %s%s"
        .formatted(file, line, column, kind, message, hint.map(h -> " (" + h + ")").orElse(""));
  }
}
