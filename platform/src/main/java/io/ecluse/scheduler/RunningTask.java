package io.ecluse.scheduler;

import io.ecluse.error.DatabaseLost;
import io.ecluse.error.DiskFull;
import io.ecluse.error.EcluseException;
import io.ecluse.error.ErrorCode;
import io.ecluse.pipeline.Task;
import java.sql.Connection;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.Executor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One attempt that this process runs: the task's context, and how to end it. */
final class RunningTask implements Attempt {
  private static final Logger LOG = LoggerFactory.getLogger(RunningTask.class);
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final int MOST_LINES = 100_000;
  private static final int LONGEST_TEXT = 16_000;

  /** A claim: what the database says this process may run. */
  record Claim(
      String runId,
      String environment,
      Instant logicalTime,
      Map<String, String> params,
      Task task,
      int attempt,
      int workerId,
      int failures,
      Optional<String> bundle,
      Leg leg) {
    /** Which attempt this is, among all. */
    List<Object> key() {
      return List.of(runId, task.id(), attempt);
    }
  }

  /**
   * Where an attempt goes on that wanted to be looked at again.
   *
   * @param handle what it left
   * @param left the rest of the time that it may take; empty if it begins
   * @param lines how many its log has already
   * @param cancelled why its run is no longer wanted; empty if it is
   */
  record Leg(
      Optional<String> handle, Optional<Duration> left, int lines, Optional<String> cancelled) {}

  private final Claim claim;
  private final TaskLogs logs;
  private final Time time;
  private final Database database;
  private final long deadline;
  private final Optional<EcluseException> farewell;
  private final Object logging = new Object();
  private final List<Runnable> onCancel = new ArrayList<>();
  private int lines;
  private Optional<EcluseException> ended = Optional.empty();
  private OptionalLong endedAt = OptionalLong.empty();
  private Optional<Thread> thread = Optional.empty();
  private volatile boolean abandoned;
  private volatile TaskState.Progress progress = new TaskState.Progress(0, 0);
  private volatile TaskState.Progress written = new TaskState.Progress(0, 0);

  RunningTask(Claim claim, TaskLogs logs, Time time, Database database) {
    this.claim = claim;
    this.database = database;
    this.logs = logs;
    this.time = time;
    this.lines = claim.leg().lines();
    this.deadline =
        time.nanos().getAsLong()
            + claim.leg().left().orElseGet(() -> claim.task().timeout()).toNanos();
    this.farewell = farewell();
    farewell.ifPresent(
        reason -> {
          ended = farewell;
          log("WARN", reason.getMessage());
        });
  }

  /** Why this leg is only to tell the work elsewhere that it is no longer wanted, if that is so. */
  private Optional<EcluseException> farewell() {
    Leg leg = claim.leg();
    return leg.handle()
        .flatMap(
            handle ->
                leg.cancelled()
                    .map(why -> ErrorCode.CANCELLED.error(why))
                    .or(() -> leg.left().filter(Duration::isZero).map(none -> late())));
  }

  /** Text as PostgreSQL can hold it, which has no zero character, and not without end. */
  static String storable(String text) {
    String cut = text.length() > LONGEST_TEXT ? text.substring(0, LONGEST_TEXT) + "…" : text;
    return cut.replace('\0', '\uFFFD');
  }

  Claim claim() {
    return claim;
  }

  /** Whether it has had its time, by the time that has passed: the clock may have been set. */
  boolean isLate() {
    return time.nanos().getAsLong() - deadline >= 0;
  }

  /**
   * Runs the work in the calling thread and tells how it ended. The door where anything is caught.
   */
  Outcome run(TaskRunner runner) {
    synchronized (this) {
      thread = Optional.of(Thread.currentThread());
    }
    try {
      if (isCancelled() && farewell.isEmpty()) {
        return failure(unexpected(new InterruptedException()));
      }
      return ended(runner.run(this));
    } catch (EcluseException e) {
      return failure(known(e).orElse(e));
    } catch (Exception | Error e) {
      Optional<EcluseException> lost = known(e);
      if (lost.isPresent()) {
        return failure(lost.get());
      }
      if (!isCancelled()) {
        LOG.warn("Run {} task {} failed unexpectedly", claim.runId(), claim.task().id(), e);
      }
      return failure(unexpected(e));
    } finally {
      synchronized (this) {
        thread = Optional.empty();
      }
      Thread.interrupted(); // the interrupt was for this task, not for the thread's next one
    }
  }

  private static Optional<EcluseException> known(Throwable e) {
    return DatabaseLost.in(e).or(() -> DiskFull.in(e));
  }

  private static EcluseException unexpected(Throwable e) {
    ErrorCode code = e instanceof OutOfMemoryError ? ErrorCode.OUT_OF_MEMORY : ErrorCode.INTERNAL;
    return code.error("Unexpected: " + e, e);
  }

  private synchronized Outcome failure(EcluseException e) {
    if (farewell.isPresent() && e.code() != ErrorCode.CANCELLED) {
      log("WARN", "Whether the work elsewhere has ended is not known: " + e.getMessage());
    }
    return new Outcome(this, TaskResult.Failed.of(ended.orElse(e)));
  }

  /**
   * What is done is done, however late; what was to end is not looked at again, but for work
   * elsewhere that nobody has told so.
   */
  private synchronized Outcome ended(TaskResult result) {
    Optional<EcluseException> over = isLate() ? ended.or(() -> Optional.of(late())) : ended;
    if (over.isEmpty()
        || result instanceof TaskResult.Done
        || result instanceof TaskResult.Skipped) {
      return new Outcome(this, result);
    }
    if (result instanceof TaskResult.Again again
        && again.handle().isPresent()
        && farewell.isEmpty()) {
      return new Outcome(this, new TaskResult.Again(Duration.ZERO, again.handle()));
    }
    return new Outcome(
        this,
        result instanceof TaskResult.Again || ended.isPresent()
            ? TaskResult.Failed.of(over.get())
            : result);
  }

  /** What a task fails with that has had its time. */
  EcluseException late() {
    return ErrorCode.TIMED_OUT.error(
        "The task took longer than its timeout of %d ms"
            .formatted(claim.task().timeout().toMillis()));
  }

  /**
   * Has the task end soon; how it ends matters to nobody, since another attempt takes its place.
   */
  void abandon(EcluseException reason, Executor executor) {
    abandoned = true;
    end(reason, executor);
  }

  boolean isAbandoned() {
    return abandoned;
  }

  /**
   * Has the task end soon, and fail with this. What it wants done then may block, so the executor
   * does it.
   */
  void end(EcluseException reason, Executor executor) {
    List<Runnable> actions;
    synchronized (this) {
      if (ended.isPresent()) {
        return;
      }
      ended = Optional.of(reason);
      endedAt = OptionalLong.of(time.nanos().getAsLong());
      actions = new ArrayList<>(onCancel);
    }
    log("WARN", reason.getMessage());
    executor.execute(
        () -> {
          actions.forEach(this::tell);
          synchronized (this) {
            thread.ifPresent(Thread::interrupt);
          }
        });
  }

  private void tell(Runnable action) {
    try {
      action.run();
    } catch (RuntimeException e) { // the task's own code; it is interrupted all the same
      LOG.warn("Run {} task {} could not be told to stop", claim.runId(), claim.task().id(), e);
    }
  }

  /** Tells, once, that the task goes on though it was to end. */
  void reportIfDeaf() {
    synchronized (this) {
      if (endedAt.isEmpty()
          || time.nanos().getAsLong() - endedAt.getAsLong() < PATIENCE.toNanos()) {
        return;
      }
      endedAt = OptionalLong.empty();
    }
    log("WARN", "The task was told to stop but goes on; it keeps its place until it ends");
    LOG.warn(
        "Run {} task {} was told to stop {} ago but goes on; it keeps its place until it ends",
        claim.runId(),
        claim.task().id(),
        PATIENCE);
  }

  /** The progress, if it changed since the last call. */
  Optional<TaskState.Progress> takeProgress() {
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
  public Map<String, String> params() {
    return claim.params();
  }

  @Override
  public Task task() {
    return claim.task();
  }

  @Override
  public Optional<String> bundle() {
    return claim.bundle();
  }

  @Override
  public int number() {
    return claim.attempt();
  }

  @Override
  public Optional<String> handle() {
    return claim.leg().handle();
  }

  @Override
  public void holdPlace(Connection connection) {
    AttemptRows.hold(connection, claim);
  }

  @Override
  public void inPlace(Runnable change) {
    database.write(
        h -> {
          holdPlace(h.getConnection());
          change.run();
          return claim;
        });
  }

  @Override
  public void log(String line) {
    log("INFO", line);
  }

  void log(String level, String text) {
    synchronized (logging) {
      if (lines >= MOST_LINES) {
        return;
      }
      lines++;
      String kept =
          lines == MOST_LINES ? "Lines beyond " + MOST_LINES + " are not kept" : storable(text);
      LogLine line = new LogLine(lines, TaskLogs.now(time.clock()), level, kept);
      logs.add(new TaskLogs.Pending(claim.runId(), claim.task().id(), claim.attempt(), line));
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
