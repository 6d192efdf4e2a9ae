package io.ecluse.transform;

import io.ecluse.engine.Job;
import io.ecluse.project.MaterializationForm;

/**
 * What a model becomes: what its header may say of that, and how it is written. One is registered
 * by its name, and known nowhere else. Stateless.
 */
public interface Materialization extends MaterializationForm {
  /**
   * Writes the model where only its run sees it; a second time replaces the first.
   *
   * @throws io.ecluse.error.EcluseException SQL_INVALID, without the file
   */
  Job build(Building building);

  /** Whether building it writes rows, for which an engine is chosen. */
  default boolean movesRows() {
    return true;
  }

  /** What was made, for the log. */
  default String made(long rows) {
    return rows + " rows";
  }
}
