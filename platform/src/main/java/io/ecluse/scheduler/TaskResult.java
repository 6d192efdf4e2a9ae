package io.ecluse.scheduler;

import io.ecluse.error.EcluseException;
import io.ecluse.error.ErrorCode;
import java.time.Duration;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** What a task tells of its end, or that it has not come to it. */
public sealed interface TaskResult {
  /** Done, with nothing to tell. */
  TaskResult NOTHING = new Done(0, 0, Map.of());

  /**
   * The work is done.
   *
   * @param rows rows handled
   * @param bytes bytes written
   * @param facts anything else that people should see, by name
   */
  record Done(long rows, long bytes, Map<String, String> facts) implements TaskResult {
    public Done {
      facts = Collections.unmodifiableMap(new TreeMap<>(facts));
    }
  }

  /**
   * The work goes on elsewhere and is to be looked at later. Until then the task holds no place;
   * the same attempt then runs once more, in whatever process, and finds the handle in {@link
   * Attempt#handle()}. It is no failure, and may be said any number of times, within the time that
   * one attempt may take.
   *
   * @param after how long until then
   * @param handle by which the work is found again, as the id of a job elsewhere; kept as it is, so
   *     no secret, and at most 16,000 characters
   */
  record Again(Duration after, Optional<String> handle) implements TaskResult {
    private static final int LONGEST_HANDLE = 16_000;

    public Again {
      if (after.isNegative()) {
        throw ErrorCode.INTERNAL.error("A task is looked at again in the future, but got " + after);
      }
      if (handle.filter(h -> h.length() > LONGEST_HANDLE || h.indexOf('\0') >= 0).isPresent()) {
        throw ErrorCode.INTERNAL.error(
            "A handle has at most %d characters, none of them zero".formatted(LONGEST_HANDLE));
      }
    }
  }

  /**
   * There was nothing to do: a good end, and whatever waits for the task runs as after work that
   * was done.
   *
   * @param reason for people
   */
  record Skipped(String reason) implements TaskResult {}

  /** The work failed; the code says whether another try makes sense. */
  record Failed(ErrorCode code, String message) implements TaskResult {
    static Failed of(EcluseException e) {
      return new Failed(e.code(), String.valueOf(e.getMessage()));
    }

    /** Whether another try makes sense. */
    public boolean isRetryable() {
      return code.retryable();
    }
  }
}
