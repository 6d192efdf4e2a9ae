package io.ecluse.emr;

import java.time.Duration;

/**
 * How often EMR is asked, and for how long it is believed to be late. The service allows an account
 * few requests a second, all its clusters together.
 *
 * @param first pause between two looks at a step or cluster, which grows by half each time
 * @param most longest such pause
 * @param patience for how long what is throttled, or does not answer, is asked again
 * @param settle after how long what was made is in every list
 * @param logs how long to wait for the log of a step that failed
 * @param start longest time in which a cluster comes up
 */
public record EmrPace(
    Duration first,
    Duration most,
    Duration patience,
    Duration settle,
    Duration logs,
    Duration start) {
  private static final Duration LEAST_SILENCE = Duration.ofSeconds(30);

  public static final EmrPace USUAL =
      new EmrPace(
          Duration.ofSeconds(5),
          Duration.ofSeconds(30),
          Duration.ofMinutes(5),
          Duration.ofMinutes(1),
          Duration.ofMinutes(6),
          Duration.ofMinutes(45));

  /** After what time without a word who starts an application is taken for dead. */
  Duration silence() {
    return most.multipliedBy(4).compareTo(LEAST_SILENCE) < 0 ? LEAST_SILENCE : most.multipliedBy(4);
  }

  /** How long to wait before looking again, after so many looks. */
  Duration pause(int looks) {
    double grown = first.toMillis() * Math.pow(1.5, Math.min(looks, 30));
    return Duration.ofMillis((long) Math.min(grown, most.toMillis()));
  }
}
