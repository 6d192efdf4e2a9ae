package io.ecluse.storage;

import io.ecluse.error.EcluseException;
import io.ecluse.error.ErrorCode;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * Does several things at once that wait for a store more than they work. Safe for use by several
 * threads: each who asks has as many ways to the store, so nobody waits for another's thousand
 * files.
 */
public final class Transfers {
  private static final int AT_ONCE = 8;
  private static final int IDLE_SECONDS = 5;

  private final ExecutorService threads =
      new ThreadPoolExecutor(
          0,
          Integer.MAX_VALUE,
          IDLE_SECONDS,
          TimeUnit.SECONDS,
          new SynchronousQueue<>(),
          work -> {
            Thread thread = new Thread(work, "ecluse-transfer");
            thread.setDaemon(true);
            return thread;
          });

  /**
   * Returns what came of each, in their order, when all are done. When one fails, those that have
   * not begun never do, and none goes on when that is said.
   *
   * @throws EcluseException CANCELLED when this thread is interrupted
   */
  public <T> List<T> all(List<? extends Callable<T>> works) {
    AtomicReferenceArray<T> done = new AtomicReferenceArray<>(works.size());
    AtomicInteger next = new AtomicInteger();
    AtomicBoolean failed = new AtomicBoolean();
    Callable<Boolean> one =
        () -> {
          for (int i = next.getAndIncrement(); i < works.size(); i = next.getAndIncrement()) {
            if (failed.get()) {
              return false;
            }
            boolean whole = false;
            try {
              done.set(i, works.get(i).call());
              whole = true;
            } finally {
              failed.compareAndSet(false, !whole);
            }
          }
          return true;
        };
    List<Future<Boolean>> asked = new ArrayList<>();
    for (int i = 0; i < Math.min(AT_ONCE, works.size()); i++) {
      asked.add(threads.submit(one));
    }
    await(asked);
    List<T> results = new ArrayList<>();
    for (int i = 0; i < works.size(); i++) {
      results.add(Objects.requireNonNull(done.get(i)));
    }
    return results;
  }

  private static void await(List<Future<Boolean>> asked) {
    RuntimeException first = null;
    for (Future<Boolean> each : asked) {
      try {
        each.get();
      } catch (ExecutionException e) {
        first = first == null ? unwrapped(e) : first;
      } catch (InterruptedException e) {
        asked.forEach(other -> other.cancel(true));
        Thread.currentThread().interrupt();
        throw new EcluseException(
            ErrorCode.CANCELLED, "Interrupted while files were on their way", e);
      }
    }
    if (first != null) {
      throw first;
    }
  }

  private static RuntimeException unwrapped(ExecutionException e) {
    return e.getCause() instanceof RuntimeException known ? known : new IllegalStateException(e);
  }
}
