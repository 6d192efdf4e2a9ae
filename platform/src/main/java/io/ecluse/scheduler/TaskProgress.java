package io.ecluse.scheduler;

import java.util.Locale;

/** Where a task is in its life. */
public enum TaskProgress {
  /** Waits for others, or for a place. */
  PENDING,
  RUNNING,
  /** Failed, and waits for its next try. */
  RETRYING,
  /** Goes on elsewhere, holds no place here, and is looked at again at some time. */
  WAITING,
  SUCCESS,
  /** Had nothing to do; what waits for it runs. */
  SKIPPED,
  FAILED,
  CANCELLED,
  /** Never ran, since one that it waits for failed. */
  UPSTREAM_FAILED;

  /** As it stands in the database and in the API. */
  public String text() {
    return name().toLowerCase(Locale.ROOT);
  }

  public boolean isEnd() {
    return this != PENDING && this != RUNNING && this != RETRYING && this != WAITING;
  }

  /** Whether what waits for it may run. */
  public boolean isGood() {
    return this == SUCCESS || this == SKIPPED;
  }

  static TaskProgress of(String text) {
    return valueOf(text.toUpperCase(Locale.ROOT));
  }
}
