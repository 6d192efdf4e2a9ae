package io.ecluse.transform;

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
  Made build(Building building);

  /**
   * What was made.
   *
   * @param rows written
   * @param words for the log, as in {@code 12 rows}
   */
  record Made(long rows, String words) {}
}
