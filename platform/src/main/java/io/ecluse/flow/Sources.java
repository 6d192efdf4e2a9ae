package io.ecluse.flow;

import io.ecluse.project.Project;
import io.ecluse.source.Source;

/**
 * Finds the source of a name, its secrets resolved at that moment. Safe for use by several threads.
 */
public interface Sources {
  /**
   * @throws io.ecluse.error.EcluseException NOT_FOUND, SECRET_MISSING
   */
  Source source(String name);

  /** Whether a source leaves out rows that cannot land, which can be read again. */
  boolean leavesRowsOut(String name);

  /** Those of a state of the project, instead of what it is now. */
  Sources of(Project project);
}
