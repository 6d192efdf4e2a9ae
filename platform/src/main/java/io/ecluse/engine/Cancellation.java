package io.ecluse.engine;

import java.util.Optional;

/**
 * Lets one thread end what another runs. Safe for use by several threads; a second call does
 * nothing.
 */
public final class Cancellation {
  private Optional<Runnable> action = Optional.empty();
  private boolean cancelled;

  /** Ends the work, or keeps it from beginning. */
  public synchronized void cancel() {
    cancelled = true;
    action.ifPresent(Runnable::run);
  }

  public synchronized boolean isCancelled() {
    return cancelled;
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
