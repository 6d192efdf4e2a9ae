package io.ecluse.scheduler;

import io.ecluse.error.ErrorCode;
import io.ecluse.pipeline.RetryPolicy;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What an outcome makes of its task.
 *
 * @param next when it is tried, or looked at, again
 * @param failures of the task so far
 */
record Ending(
    RunningTask.Claim claim,
    TaskProgress state,
    Optional<Instant> next,
    Optional<String> handle,
    String error,
    int failures,
    TaskResult.Done told) {
  private static final Logger LOG = LoggerFactory.getLogger(Ending.class);

  static Ending of(Outcome outcome, Instant now) {
    RunningTask.Claim claim = outcome.task().claim();
    TaskResult result = outcome.result();
    if (result instanceof TaskResult.Done done) {
      return good(claim, TaskProgress.SUCCESS, done);
    } else if (result instanceof TaskResult.Skipped skipped) {
      String reason = RunningTask.storable(skipped.reason());
      return good(
          claim,
          TaskProgress.SKIPPED,
          new TaskResult.Done(0, 0, Map.of(TaskState.SKIPPED_BECAUSE, reason)));
    } else if (result instanceof TaskResult.Again again) {
      return new Ending(
          claim,
          TaskProgress.WAITING,
          Optional.of(now.plus(again.after())),
          again.handle(),
          "",
          claim.failures(),
          new TaskResult.Done(0, 0, Map.of()));
    } else if (result instanceof TaskResult.Failed failed) {
      return failed(outcome, failed, now);
    }
    throw new AssertionError("Unhandled " + result);
  }

  private static Ending good(RunningTask.Claim claim, TaskProgress state, TaskResult.Done told) {
    return new Ending(claim, state, Optional.empty(), Optional.empty(), "", claim.failures(), told);
  }

  private static Ending failed(Outcome outcome, TaskResult.Failed failed, Instant now) {
    RunningTask.Claim claim = outcome.task().claim();
    boolean cancelled = failed.code() == ErrorCode.CANCELLED && outcome.task().isCancelled();
    int failures = claim.failures() + (cancelled ? 0 : 1);
    RetryPolicy retry = claim.task().retry();
    boolean again = !cancelled && failed.isRetryable() && failures < retry.maxAttempts();
    return new Ending(
        claim,
        cancelled ? TaskProgress.CANCELLED : again ? TaskProgress.RETRYING : TaskProgress.FAILED,
        again ? Optional.of(now.plus(retry.delayAfter(failures))) : Optional.empty(),
        Optional.empty(),
        RunningTask.storable(failed.message()),
        failures,
        new TaskResult.Done(0, 0, Map.of(TaskState.ERROR_CODE, failed.code().name())));
  }

  /** What becomes of the attempt: one that is followed by another has failed all the same. */
  String attemptState() {
    return (state == TaskProgress.RETRYING ? TaskProgress.FAILED : state).text();
  }

  void log() {
    String run = claim.runId();
    String task = claim.task().id();
    if (state == TaskProgress.RETRYING) {
      LOG.info("Run {} task {} failed, retrying at {}", run, task, next.orElseThrow());
    } else if (state == TaskProgress.FAILED) {
      LOG.warn("Run {} task {} failed, what waits for it is not run", run, task);
    } else if (state == TaskProgress.SKIPPED) {
      LOG.info("Run {} task {} had nothing to do, what waits for it is run", run, task);
    }
  }
}
