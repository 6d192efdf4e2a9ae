package io.ecluse.scheduler;

import java.util.Locale;

/** Where a run is in its life. */
public enum RunState {
  QUEUED,
  RUNNING,
  SUCCESS,
  FAILED,
  CANCELLED;

  /** As it stands in the database and in the API. */
  public String text() {
    return name().toLowerCase(Locale.ROOT);
  }

  public boolean isEnd() {
    return this == SUCCESS || this == FAILED || this == CANCELLED;
  }

  static RunState of(String text) {
    return valueOf(text.toUpperCase(Locale.ROOT));
  }
}
