package io.ecluse.storage;

import io.ecluse.error.EcluseException;
import io.ecluse.error.ErrorCode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Does several things at once that wait for a store more than they work. Safe for use by several
 * threads, which share the ways to the store.
 */
public final class Transfers {
  private static final int THREADS = 16;
  private static final int IDLE_SECONDS = 5;

  private final ExecutorService threads = threads();

  private static ExecutorService threads() {
    ThreadPoolExecutor pool =
        new ThreadPoolExecutor(
            THREADS,
            THREADS,
            IDLE_SECONDS,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            work -> {
              Thread thread = new Thread(work, "ecluse-transfer");
              thread.setDaemon(true);
              return thread;
            });
    pool.allowCoreThreadTimeOut(true);
    return pool;
  }

  /**
   * Returns what came of each, in their order, when all are done. When one fails, those that have
   * not begun never do, and none goes on when that is said.
   *
   * @throws EcluseException CANCELLED when this thread is interrupted
   */
  public <T> List<T> all(List<? extends Callable<T>> works) {
    AtomicBoolean failed = new AtomicBoolean();
    List<Future<Optional<T>>> asked = new ArrayList<>();
    works.forEach(work -> asked.add(threads.submit(() -> unless(failed, work))));
    List<T> done = new ArrayList<>();
    RuntimeException first = null;
    for (Future<Optional<T>> each : asked) {
      try {
        each.get().ifPresent(done::add);
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
    return done;
  }

  private static <T> Optional<T> unless(AtomicBoolean failed, Callable<T> work) throws Exception {
    if (failed.get()) {
      return Optional.empty();
    }
    boolean whole = false;
    try {
      T done = work.call();
      whole = true;
      return Optional.of(done);
    } finally {
      if (!whole) {
        failed.set(true);
      }
    }
  }

  private static RuntimeException unwrapped(ExecutionException e) {
    return e.getCause() instanceof RuntimeException known ? known : new IllegalStateException(e);
  }
}
