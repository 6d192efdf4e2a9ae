package io.ecluse.scheduler;

import io.ecluse.error.EcluseException;
import io.ecluse.error.ErrorCode;
import io.ecluse.pipeline.Task;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One attempt that this process runs: the task's context, and how to end it. */
final class RunningTask implements TaskContext {
  private static final Logger LOG = LoggerFactory.getLogger(RunningTask.class);

  /** A claim: what the database says this process may run. */
  record Claim(
      String runId,
      String environment,
      Instant logicalTime,
      Task task,
      int attempt,
      int workerId,
      int failures) {}

  private final Claim claim;
  private final TaskLogs logs;
  private final Clock clock;
  private final Instant deadline;
  private final AtomicInteger lines = new AtomicInteger();
  private final List<Runnable> onCancel = new ArrayList<>();
  private Optional<EcluseException> ended = Optional.empty();
  private Optional<Thread> thread = Optional.empty();
  private volatile TaskState.Progress progress = new TaskState.Progress(0, 0);
  private volatile TaskState.Progress written = new TaskState.Progress(0, 0);

  RunningTask(Claim claim, TaskLogs logs, Clock clock) {
    this.claim = claim;
    this.logs = logs;
    this.clock = clock;
    this.deadline = clock.instant().plus(claim.task().timeout());
  }

  Claim claim() {
    return claim;
  }

  boolean isLate(Instant now) {
    return now.isAfter(deadline);
  }

  /** Runs the work in the calling thread and tells how it ended. */
  Outcome run(TaskRunner runner) {
    synchronized (this) {
      thread = Optional.of(Thread.currentThread());
    }
    try {
      if (isCancelled()) {
        throw ended.orElseThrow();
      }
      TaskResult result = runner.run(this);
      return Outcome.success(this, result);
    } catch (EcluseException e) {
      return Outcome.failure(this, cancelledOr(e));
    } catch (RuntimeException | Error e) {
      LOG.warn("Run {} task {} failed unexpectedly", claim.runId(), claim.task().id(), e);
      return Outcome.failure(
          this,
          cancelledOr(
              new EcluseException(
                  e instanceof OutOfMemoryError ? ErrorCode.OUT_OF_MEMORY : ErrorCode.INTERNAL,
                  "Unexpected: " + e,
                  e)));
    } finally {
      synchronized (this) {
        thread = Optional.empty();
      }
      Thread.interrupted(); // the interrupt was for this task, not for the thread's next one
    }
  }

  private synchronized EcluseException cancelledOr(EcluseException e) {
    return ended.orElse(e);
  }

  /** Has the task end soon, and fail with this. */
  void end(EcluseException reason) {
    List<Runnable> actions;
    synchronized (this) {
      if (ended.isPresent()) {
        return;
      }
      ended = Optional.of(reason);
      actions = new ArrayList<>(onCancel);
    }
    log("WARN", reason.getMessage());
    for (Runnable action : actions) {
      try {
        action.run();
      } catch (EcluseException e) {
        LOG.warn("Run {} task {} could not be told to stop", claim.runId(), claim.task().id(), e);
      }
    }
    synchronized (this) {
      thread.ifPresent(Thread::interrupt);
    }
  }

  /** The progress, if it changed since the last call. */
  Optional<TaskState.Progress> newProgress() {
    TaskState.Progress now = progress;
    if (now.equals(written)) {
      return Optional.empty();
    }
    written = now;
    return Optional.of(now);
  }

  @Override
  public String runId() {
    return claim.runId();
  }

  @Override
  public String environment() {
    return claim.environment();
  }

  @Override
  public Instant logicalTime() {
    return claim.logicalTime();
  }

  @Override
  public Task task() {
    return claim.task();
  }

  @Override
  public int attempt() {
    return claim.attempt();
  }

  @Override
  public void log(String line) {
    log("INFO", line);
  }

  void log(String level, String text) {
    synchronized (lines) {
      logs.add(
          new TaskLogs.Pending(
              claim.runId(),
              claim.task().id(),
              claim.attempt(),
              new LogLine(lines.incrementAndGet(), TaskLogs.now(clock), level, text)));
    }
  }

  @Override
  public void progress(long done, long total) {
    progress = new TaskState.Progress(done, total);
  }

  @Override
  public synchronized boolean isCancelled() {
    return ended.isPresent();
  }

  @Override
  public void onCancel(Runnable action) {
    boolean now;
    synchronized (this) {
      onCancel.add(action);
      now = ended.isPresent();
    }
    if (now) {
      action.run();
    }
  }
}
