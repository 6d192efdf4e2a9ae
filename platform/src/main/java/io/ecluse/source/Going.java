package io.ecluse.source;

import io.ecluse.error.EcluseException;
import io.ecluse.error.ErrorCode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * How an extract goes: how far it is, and whether it is still wanted. What fails first is why all
 * of it fails, a cancellation among the rest; what the others then say is not why. Safe for use by
 * several threads.
 */
public final class Going {
  private static final Duration LEAST_WAIT = Duration.ofMillis(50);

  private final String source;
  private final ExtractListener listener;
  private final AtomicReference<@Nullable EcluseException> failure = new AtomicReference<>();
  private volatile Optional<Runnable> whenOver = Optional.empty();
  private final long begin = System.nanoTime();
  private long rows;
  private long expected;

  Going(String source, ExtractListener listener) {
    this.source = source;
    this.listener = listener;
  }

  void open() {
    listener.onCancel(() -> fail(ErrorCode.CANCELLED.error("The extract was cancelled")));
  }

  /** Ends the extract, if it has not ended before. */
  public void fail(EcluseException why) {
    if (failure.compareAndSet(null, why)) {
      whenOver.ifPresent(Runnable::run);
    }
  }

  /** What ends the work that is under way, from another thread; done at once if it is too late. */
  public void whenOver(Runnable action) {
    whenOver = Optional.of(action);
    if (isOver()) {
      action.run();
    }
  }

  /** Whether nothing more is wanted. */
  public boolean isOver() {
    return failure.get() != null;
  }

  /**
   * Makes sure that the extract goes on.
   *
   * @throws EcluseException why it does not
   */
  public void check() {
    EcluseException failed = failure.get();
    if (failed != null) {
      throw failed;
    }
  }

  /** Adds to the rows that there will be in all. */
  public synchronized void expect(long more) {
    expected += more;
  }

  /** Says that so many more are on their way. */
  public void await(long more) {
    expect(more);
    progressed(0);
  }

  synchronized void progressed(long more) {
    check();
    rows += more;
    listener.progress(rows, Math.max(rows, expected));
    check();
  }

  synchronized void takeBack(long less) {
    rows -= less;
  }

  /** The rows of one range, which count for nothing when it fails. Used by one thread. */
  final class Tally implements LongConsumer {
    private final Counts counts;
    private long told;

    private Tally(Counts counts) {
      this.counts = counts;
    }

    @Override
    public void accept(long more) {
      long rows = counts == Counts.ROWS ? more : 0;
      told += rows;
      progressed(rows);
    }

    void takeBack() {
      Going.this.takeBack(told);
    }
  }

  /** Whether what is read are rows of the stream, or what is read beside them. */
  enum Counts {
    ROWS,
    NOTHING
  }

  Tally tally(Counts counts) {
    return new Tally(counts);
  }

  /** Looks after something while others work; tells how long there will be nothing to do. */
  public interface Watch {
    Duration look();
  }

  /** Has readers work side by side, each in a thread of its own, until all have ended. */
  public void together(List<? extends Runnable> readers) {
    together(readers, () -> Duration.ofDays(1));
  }

  /**
   * Has readers work side by side, each in a thread of its own, and waits for all, whatever comes:
   * what they write to is closed by whoever called. Who is interrupted has them end first.
   *
   * @throws EcluseException what the first of them failed with
   */
  public void together(List<? extends Runnable> readers, Watch watch) {
    List<Thread> threads = new ArrayList<>();
    for (Runnable reader : readers) {
      Thread thread = new Thread(() -> read(reader), "extract-" + source + "-" + threads.size());
      thread.setDaemon(true);
      thread.start();
      threads.add(thread);
    }
    boolean interrupted = false;
    for (Thread thread : threads) {
      while (thread.isAlive()) {
        try {
          thread.join(Math.max(LEAST_WAIT.toMillis(), watch.look().toMillis()));
        } catch (InterruptedException e) {
          interrupted = true;
          fail(interrupted(e));
        }
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    check();
  }

  private void read(Runnable reader) {
    try {
      reader.run();
    } catch (EcluseException e) {
      fail(e);
    } catch (RuntimeException e) {
      fail(ErrorCode.INTERNAL.error("The extract failed: " + e, e));
    }
  }

  /**
   * Waits.
   *
   * @throws EcluseException when the extract goes on no more
   */
  public void pause(Duration time) {
    check();
    try {
      Thread.sleep(time.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      fail(interrupted(e));
    }
    check();
  }

  /**
   * Tells what a source cost that is read by one connection, and that nobody feels.
   *
   * @param bytes that it sent
   */
  public void cost(long bytes) {
    listener.impact(ImpactReceipt.of((System.nanoTime() - begin) / 1e9, bytes));
  }

  private static EcluseException interrupted(InterruptedException e) {
    return ErrorCode.CANCELLED.error("The extract was interrupted", e);
  }
}
