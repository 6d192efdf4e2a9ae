package io.ecluse.query;

import io.ecluse.error.EcluseException;
import io.ecluse.error.ErrorCode;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** Ends what is asked of a quick lane and is not quick. */
final class Deadline {
  private static final long SECONDS = 60;

  private State state = State.RUNNING;

  private enum State {
    RUNNING,
    ENDED,
    OVER
  }

  Deadline(Ticket ticket, WorkerProcess worker, ScheduledExecutorService timer) {
    if (ticket.lane() == Lane.QUICK) {
      timer.schedule(() -> pass(worker), SECONDS, TimeUnit.SECONDS);
    }
  }

  private synchronized void pass(WorkerProcess worker) {
    if (state == State.RUNNING) {
      state = State.OVER;
      worker.cancel();
    }
  }

  synchronized boolean isOver() {
    return state == State.OVER;
  }

  /** The work has ended by itself. */
  synchronized void end() {
    if (state == State.RUNNING) {
      state = State.ENDED;
    }
  }

  EcluseException error(EcluseException cause) {
    return ErrorCode.TIMED_OUT.error(
        "This took longer than %d s, which tiles, samples, pages and downloads may take; read less, or build a model for it"
            .formatted(SECONDS),
        cause);
  }
}
