package io.ecluse.flow;

import io.ecluse.engine.Cancellation;
import io.ecluse.engine.Errand;
import io.ecluse.scheduler.Attempt;
import java.time.Duration;

/** An attempt, as engines see it. */
record AttemptErrand(Attempt of, Errand.Wish wish, Cancellation cancellation, Duration patience)
    implements Errand {
  @Override
  public String runId() {
    return of.runId();
  }

  @Override
  public String taskId() {
    return of.task().id();
  }

  @Override
  public int attempt() {
    return of.number();
  }

  @Override
  public void log(String line) {
    of.log(line);
  }

  @Override
  public void progress(long done, long total) {
    of.progress(done, total);
  }
}
