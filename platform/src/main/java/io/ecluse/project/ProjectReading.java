package io.ecluse.project;

import io.ecluse.error.ErrorCode;
import io.ecluse.project.Problem.Severity;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * What reading a project folder gave: the project unless its settings have errors, and all
 * problems, sorted by file and position.
 */
public record ProjectReading(Optional<Project> project, List<Problem> problems) {
  private static final int SHOWN = 20;

  public ProjectReading {
    problems = List.copyOf(problems);
  }

  public List<Problem> errors() {
    return problems.stream().filter(p -> p.severity() == Severity.ERROR).toList();
  }

  /**
   * The project, of which files with errors stop only what depends on them; INVALID_PROJECT, whose
   * message lists the first errors, if it cannot be used at all.
   */
  public Project orThrow() {
    return project.orElseThrow(() -> ErrorCode.INVALID_PROJECT.error(message()));
  }

  /** How many errors there are, and the first of them. */
  String message() {
    List<Problem> errors = errors();
    String shown = errors.stream().limit(SHOWN).map(p -> "\n  " + p).collect(Collectors.joining());
    String more = errors.size() > SHOWN ? "\n  and " + (errors.size() - SHOWN) + " more" : "";
    return "The project has %d error%s:%s%s"
        .formatted(errors.size(), errors.size() == 1 ? "" : "s", shown, more);
  }
}
