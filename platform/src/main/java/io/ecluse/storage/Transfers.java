package io.ecluse.storage;

import io.ecluse.error.EcluseException;
import io.ecluse.error.ErrorCode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.BooleanSupplier;

/**
 * Does several things at once that wait for a store more than they work. Safe for use by several
 * threads: each who asks has as many ways to the store, so nobody waits for another's thousand
 * files.
 */
public final class Transfers {
  private static final int AT_ONCE = 8;
  private static final int IDLE_SECONDS = 5;
  private static final int LOOK_MILLIS = 50;

  private final int most;
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

  public Transfers() {
    this(AT_ONCE);
  }

  /**
   * @param most how many things at once, for each who asks
   */
  Transfers(int most) {
    this.most = most;
  }

  /** As {@link #all(List, BooleanSupplier)}, for somebody who waits in any case. */
  public <T> List<T> all(List<? extends Callable<T>> works) {
    return all(works, () -> false);
  }

  /**
   * Returns what came of each, in their order, when all are done. When one fails, those that have
   * not begun never do, and none goes on when that is said.
   *
   * @param ended whether nobody waits any more: what goes on is interrupted then
   * @throws EcluseException CANCELLED when this thread is interrupted, or nobody waits any more
   */
  public <T> List<T> all(List<? extends Callable<T>> works, BooleanSupplier ended) {
    Group<T> group = new Group<>(works);
    List<Future<Boolean>> asked = new ArrayList<>();
    for (int i = 0; i < Math.min(most, works.size()); i++) {
      asked.add(threads.submit(group));
    }
    RuntimeException first = null;
    boolean interrupted = false;
    for (Future<Boolean> each : asked) {
      while (true) {
        try {
          each.get(LOOK_MILLIS, TimeUnit.MILLISECONDS);
          break;
        } catch (TimeoutException e) {
          if (ended.getAsBoolean()) {
            group.stop();
          }
        } catch (ExecutionException e) {
          first = first == null ? unwrapped(e) : first;
          break;
        } catch (InterruptedException e) {
          interrupted = true;
          group.stop(); // and wait for their end, since they may be using what is the caller's
        }
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    if (group.stopped) {
      throw ErrorCode.CANCELLED.error("Nobody waits any more for files that were on their way");
    }
    if (first != null) {
      throw first;
    }
    return group.results();
  }

  /** Takes works one after the other, in several threads. */
  private static final class Group<T> implements Callable<Boolean> {
    private final List<? extends Callable<T>> works;
    private final AtomicReferenceArray<T> done;
    private final AtomicInteger next = new AtomicInteger();
    private final Set<Thread> busy = new HashSet<>();
    private volatile boolean failed;
    private volatile boolean stopped;

    private Group(List<? extends Callable<T>> works) {
      this.works = works;
      this.done = new AtomicReferenceArray<>(works.size());
    }

    @Override
    public Boolean call() throws Exception {
      for (int i = next.getAndIncrement(); i < works.size(); i = next.getAndIncrement()) {
        if (failed || !begin()) {
          return false;
        }
        boolean whole = false;
        try {
          done.set(i, works.get(i).call());
          whole = true;
        } finally {
          failed |= !whole;
          end();
        }
      }
      return true;
    }

    private synchronized boolean begin() {
      return !stopped && busy.add(Thread.currentThread());
    }

    private synchronized void end() {
      busy.remove(Thread.currentThread());
      Thread.interrupted(); // the next is another's
    }

    private synchronized void stop() {
      if (!stopped) {
        stopped = true;
        busy.forEach(Thread::interrupt);
      }
    }

    private List<T> results() {
      List<T> results = new ArrayList<>();
      for (int i = 0; i < works.size(); i++) {
        results.add(Objects.requireNonNull(done.get(i)));
      }
      return results;
    }
  }

  private static RuntimeException unwrapped(ExecutionException e) {
    return e.getCause() instanceof RuntimeException known ? known : new IllegalStateException(e);
  }
}
