package io.ecluse.schema;

/** What is done when a stream's columns are not what they were at the last extract. */
public enum DriftPolicy {
  /** They are read as they are now, and the differences are said. */
  EVOLVE,
  /** Nothing is read. */
  FREEZE,
  /**
   * They are read, but a new column stays in staging until the project says whether it is personal
   * data.
   */
  QUARANTINE
}
