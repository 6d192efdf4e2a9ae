package io.ecluse.spark;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * That somebody is at the start of an application, and was alive at a moment: what its handle
 * begins with until it is known what it can be found again by.
 */
public record Beat(Instant at) {
  /** How often it is said. */
  public static final Duration EACH = Duration.ofSeconds(10);

  private static final String STARTING = "starting";

  /** What a handle says of it; empty if it is of an application that was started. */
  public static Optional<Beat> of(String handle) {
    String[] words = handle.split(" ");
    return words[0].equals(STARTING)
        ? Optional.of(new Beat(Instant.ofEpochSecond(Long.parseLong(words[1]))))
        : Optional.empty();
  }

  public String text() {
    return STARTING + " " + at.getEpochSecond();
  }

  /** Whether that was no longer than a moment ago. */
  public boolean isFresh(Instant now, Duration moment) {
    return at.isAfter(now.minus(moment));
  }
}
