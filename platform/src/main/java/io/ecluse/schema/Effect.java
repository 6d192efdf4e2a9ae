package io.ecluse.schema;

/** Whether something that removes does so. */
public enum Effect {
  REMOVE,
  /** Tell what would be removed, and touch nothing. */
  TELL
}
