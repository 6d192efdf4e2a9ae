package io.ecluse.pipeline;

import io.ecluse.error.EcluseException;
import io.ecluse.error.ErrorCode;
import java.time.Duration;

/** The checks that the records of this package share. */
final class Checks {
  private static final int LONGEST_NAME = 250;

  private Checks() {}

  static EcluseException invalid(String message) {
    return ErrorCode.INVALID_PROJECT.error(message);
  }

  static void atLeast(String what, int least, int actual) {
    if (actual < least) {
      throw invalid(what + " must be at least " + least + ", but got " + actual);
    }
  }

  static void positive(String what, String id, Duration actual) {
    if (actual.isZero() || actual.isNegative()) {
      throw invalid("The %s %s must be longer than zero, but got %s".formatted(what, id, actual));
    }
  }

  static void notNegative(String what, Duration actual) {
    if (actual.isNegative()) {
      throw invalid(what + " must not be negative, but got " + actual);
    }
  }

  /** Names travel in URLs, log lines and file names, so they hold nothing that is special there. */
  static void name(String what, String actual) {
    boolean plain = true;
    for (int i = 0; i < actual.length(); i++) {
      char c = actual.charAt(i);
      plain = plain && c != '/' && c != '\\' && !Character.isISOControl(c);
    }
    if (actual.isBlank() || actual.length() > LONGEST_NAME || !plain) {
      throw invalid(
          "The %s must be 1 to %d characters without slashes or control characters, but got '%s'"
              .formatted(what, LONGEST_NAME, actual));
    }
  }
}
