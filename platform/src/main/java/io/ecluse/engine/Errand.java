package io.ecluse.engine;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/**
 * For whom an engine works: an attempt of a task, which it tells how it goes. Safe for use by
 * several threads.
 */
public interface Errand {
  String runId();

  String taskId();

  /** Which try of the task it is, from 1. */
  int attempt();

  /** What was said of who is to do it. */
  Wish wish();

  /** Adds a line to what people read of the task. Never data of a row, never a secret. */
  void log(String line);

  /** Tells how far the work is; {@code total} is 0 if nobody knows. */
  void progress(long done, long total);

  /** Keeps what people should see of a load elsewhere, by name. */
  default void tell(Map<String, String> facts) {}

  /**
   * How long a load elsewhere is waited for: if it takes longer, the engine says so by {@link
   * StillElsewhere}.
   */
  default Duration patience() {
    return Duration.ofDays(1);
  }

  /** Ends the work when nobody wants it any more. */
  Cancellation cancellation();

  /**
   * What was said of who is to do the work.
   *
   * @param engine its word, or the one that leaves it open
   * @param cluster its name
   */
  record Wish(Optional<String> engine, Optional<String> cluster) {
    /** Nothing was said. */
    public static final Wish NONE = new Wish(Optional.empty(), Optional.empty());
  }

  /** Of nobody who would listen, for a run that no scheduler knows. */
  static Errand quiet(String runId) {
    return quiet(runId, Wish.NONE);
  }

  /** The same, of somebody who has a wish. */
  static Errand quiet(String runId, Wish wish) {
    Cancellation cancellation = new Cancellation();
    return new Errand() {
      @Override
      public String runId() {
        return runId;
      }

      @Override
      public String taskId() {
        return "none";
      }

      @Override
      public int attempt() {
        return 1;
      }

      @Override
      public Wish wish() {
        return wish;
      }

      @Override
      public void log(String line) {}

      @Override
      public void progress(long done, long total) {}

      @Override
      public Cancellation cancellation() {
        return cancellation;
      }
    };
  }
}
