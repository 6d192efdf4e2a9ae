package io.ecluse.emr;

import io.ecluse.spark.Beat;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * What an application is found again by, by whatever process: its cluster, its step and its pass;
 * or, as long as it is being started, when somebody last was at that.
 *
 * @param beat when who starts it was last alive; empty once it is started
 */
record EmrHandle(Optional<String> cluster, Optional<Work> work, Optional<Instant> beat) {
  private static final String NONE = "-";

  /** What works for it. */
  record Work(String step, String pass) {}

  static EmrHandle starting(Optional<String> cluster, Instant beat) {
    return new EmrHandle(cluster, Optional.empty(), Optional.of(beat));
  }

  static EmrHandle started(String cluster, String step, String pass) {
    return new EmrHandle(Optional.of(cluster), Optional.of(new Work(step, pass)), Optional.empty());
  }

  static EmrHandle of(String text) {
    String[] words = text.split(" ");
    return Beat.of(text)
        .map(beat -> starting(Optional.of(words[2]).filter(c -> !c.equals(NONE)), beat.at()))
        .orElseGet(() -> started(words[0], words[1], words[2]));
  }

  String text() {
    return work.map(w -> "%s %s %s".formatted(cluster.orElseThrow(), w.step(), w.pass()))
        .orElseGet(() -> new Beat(beat.orElseThrow()).text() + " " + cluster.orElse(NONE));
  }

  /** Whether somebody was at its start a moment ago. */
  boolean isFresh(Instant now, Duration moment) {
    return beat.filter(b -> new Beat(b).isFresh(now, moment)).isPresent();
  }
}
