package io.ecluse.flow;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * How much of the time that a clock shows as passed is not believed: what is kept for a week is not
 * gone because the clock was set a year ahead. A step that was noticed does not count; nor, since a
 * clock may have been set while nobody looked, does a time without any publication that is longer
 * than what is kept, until work has gone on for as long as that.
 *
 * @param uncounted what to add to the time for which things are kept
 * @param notes what to tell a person, if something is kept for longer
 */
record Reckoning(Duration uncounted, List<String> notes) {
  private static final Duration LEAST_REST = Duration.ofDays(1);

  Reckoning {
    notes = List.copyOf(notes);
  }

  /**
   * @param kept how long things are kept
   * @param published when something was published, the oldest first
   * @param stepped by how much the clock was set forward in that time, as was noticed
   */
  static Reckoning of(Instant now, Duration kept, List<Instant> published, Duration stepped) {
    List<String> notes = new ArrayList<>();
    Duration rest = kept.isZero() ? Duration.ZERO : longestRest(now, kept, published);
    Duration uncounted = kept.isZero() || stepped.compareTo(rest) < 0 ? rest : stepped;
    if (!uncounted.isZero()) {
      notes.add(
          "%s of the last time are not counted, as %s: what is older stays until the clock has gone on for as long as things are kept"
              .formatted(
                  words(uncounted),
                  uncounted.equals(rest)
                      ? "nothing was published in it, or the clock was set"
                      : "the clock was set forward"));
    }
    long ahead = published.stream().filter(t -> t.isAfter(now)).count();
    if (ahead > 0) {
      notes.add(
          "%d publications have times after now, up to %s, as of a clock that was set back: what they made is kept until that time has passed, and for as long as things are kept"
              .formatted(ahead, published.get(published.size() - 1)));
    }
    return new Reckoning(uncounted, notes);
  }

  /** The longest time without a publication that ended within the time for which things stay. */
  private static Duration longestRest(Instant now, Duration kept, List<Instant> published) {
    Instant since = now.minus(kept);
    List<Instant> until =
        new ArrayList<>(published.stream().filter(t -> !t.isAfter(now)).sorted().toList());
    until.add(now);
    Duration longest = Duration.ZERO;
    for (int i = 1; i < until.size(); i++) {
      Duration rest = Duration.between(until.get(i - 1), until.get(i));
      if (!until.get(i).isBefore(since) && rest.compareTo(longest) > 0) {
        longest = rest;
      }
    }
    Duration usual = kept.compareTo(LEAST_REST) > 0 ? kept : LEAST_REST;
    return longest.compareTo(usual) > 0 ? longest : Duration.ZERO;
  }

  private static String words(Duration time) {
    return time.compareTo(Duration.ofDays(2)) < 0
        ? time.toHours() + " hours"
        : time.toDays() + " days";
  }
}
