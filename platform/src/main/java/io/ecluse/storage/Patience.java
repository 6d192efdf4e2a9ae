package io.ecluse.storage;

import java.time.Duration;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import java.util.function.Predicate;
import java.util.function.Supplier;
import software.amazon.awssdk.core.exception.AbortedException;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.core.exception.SdkException;

/**
 * Waits for a store that answered a moment ago and is away: one that is started again takes some
 * seconds, and a large object need not begin anew. So does one that is too busy, for whoever asks.
 * One that never answered is not waited for.
 */
final class Patience {
  private static final Duration LONGEST = Duration.ofSeconds(30);
  private static final long PAUSE_MILLIS = 500;

  private Patience() {}

  /**
   * Asks, again while the store does not answer or is too busy. Ends at once when its thread is
   * interrupted.
   *
   * @throws SdkException if it does not come back
   */
  static <T> T ask(Callable<T> request) throws Exception {
    return ask(request, e -> e instanceof SdkClientException || S3Errors.isBusy(e));
  }

  /** As {@link #ask}. */
  static <T> T askUnchecked(Supplier<T> request) {
    return unchecked(() -> ask(request::get));
  }

  /** The same, but only while it is too busy. */
  static <T> T whileBusy(Supplier<T> request) {
    return unchecked(() -> ask(request::get, S3Errors::isBusy));
  }

  private static <T> T unchecked(Callable<T> request) {
    try {
      return request.call();
    } catch (RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new AssertionError("Nothing else is thrown", e);
    }
  }

  private static <T> T ask(Callable<T> request, Predicate<SdkException> isPassing)
      throws Exception {
    OptionalLong end = OptionalLong.empty();
    while (true) {
      try {
        return request.call();
      } catch (AbortedException e) {
        throw e;
      } catch (SdkException e) {
        long now = System.nanoTime();
        end = OptionalLong.of(end.orElse(now + LONGEST.toNanos())); // the client has tried already
        if (!isPassing.test(e) || now > end.getAsLong() || Thread.currentThread().isInterrupted()) {
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
