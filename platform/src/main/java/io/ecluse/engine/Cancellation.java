package io.ecluse.engine;

import io.ecluse.error.EcluseException;
import io.ecluse.error.ErrorCode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Lets one thread end what another runs. Safe for use by several threads; a second call does
 * nothing.
 */
public final class Cancellation {
  private Optional<Runnable> action = Optional.empty();
  private final List<Cancellation> parts = new ArrayList<>();
  private volatile boolean cancelled;

  /** Ends the work, or keeps it from beginning. */
  public synchronized void cancel() {
    cancelled = true;
    action.ifPresent(Runnable::run);
    parts.forEach(Cancellation::cancel);
  }

  /** One for a part of the work, which ends with the whole. */
  public synchronized Cancellation part() {
    Cancellation part = new Cancellation();
    parts.add(part);
    if (cancelled) {
      part.cancel();
    }
    return part;
  }

  /** Waits for nobody. */
  public boolean isCancelled() {
    return cancelled;
  }

  /**
   * Goes on only with work that is still wanted.
   *
   * @throws EcluseException CANCELLED
   */
  public void check() {
    if (cancelled) {
      throw ErrorCode.CANCELLED.error("The work was cancelled");
    }
  }

  /** What to do on {@link #cancel()}; done at once if that was called already. */
  public synchronized void onCancel(Runnable next) {
    action = Optional.of(next);
    if (cancelled) {
      next.run();
    }
  }

  /** Forgets what to do: the work has ended. */
  public synchronized void done() {
    action = Optional.empty();
  }
}
