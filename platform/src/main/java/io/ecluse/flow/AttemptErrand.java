package io.ecluse.flow;

import io.ecluse.engine.Cancellation;
import io.ecluse.engine.Errand;
import io.ecluse.scheduler.Attempt;
import java.time.Duration;
import java.util.Map;

/** An attempt, as engines see it. */
record AttemptErrand(
    Attempt of,
    Errand.Wish wish,
    Cancellation cancellation,
    Duration patience,
    Map<String, String> facts)
    implements Errand {
  @Override
  public void tell(Map<String, String> told) {
    facts.putAll(told);
  }

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
