package io.ecluse.storage;

import java.time.Duration;
import java.util.concurrent.Callable;
import software.amazon.awssdk.core.exception.AbortedException;
import software.amazon.awssdk.core.exception.SdkClientException;

/**
 * Waits for a store that answered a moment ago and is away: one that is started again takes some
 * seconds, and a large object need not begin anew. One that never answered is not waited for.
 */
final class Patience {
  private static final Duration LONGEST = Duration.ofSeconds(30);
  private static final long PAUSE_MILLIS = 500;

  private Patience() {}

  /**
   * Asks, again while the store does not answer. Ends at once when its thread is interrupted.
   *
   * @throws SdkClientException if it does not come back
   */
  static <T> T ask(Callable<T> request) throws Exception {
    long end = System.nanoTime() + LONGEST.toNanos();
    while (true) {
      try {
        return request.call();
      } catch (AbortedException e) {
        throw e;
      } catch (SdkClientException e) {
        if (System.nanoTime() > end || Thread.currentThread().isInterrupted()) {
          throw e;
        }
        try {
          Thread.sleep(PAUSE_MILLIS);
        } catch (InterruptedException interrupted) {
          Thread.currentThread().interrupt();
          throw AbortedException.create("It was interrupted while the store was away", e);
        }
      }
    }
  }
}
