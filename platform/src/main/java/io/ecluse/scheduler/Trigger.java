package io.ecluse.scheduler;

import java.util.Locale;

/** Who wanted a run. */
public enum Trigger {
  SCHEDULE,
  MANUAL,
  CLI;

  /** As it stands in the database and in the API. */
  public String text() {
    return name().toLowerCase(Locale.ROOT);
  }

  static Trigger of(String text) {
    return valueOf(text.toUpperCase(Locale.ROOT));
  }
}
