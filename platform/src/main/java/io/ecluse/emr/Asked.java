package io.ecluse.emr;

/**
 * Whether something may have been asked of EMR already, as before a crash, without anybody having
 * kept the answer.
 */
public enum Asked {
  FOR_THE_FIRST_TIME,
  PERHAPS_BEFORE
}
