package io.ecluse.scheduler;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;

/** What is decided in one transaction of the dispatcher, in order. Called by one thread. */
final class Decisions {
  private static final Duration FORGET_EVERY = Duration.ofHours(1);

  private final String environment;
  private final Transitions transitions;
  private final RunQueue queue;
  private final Claims claims;
  private final CronTrigger cron;
  private final Events events;
  private Optional<Instant> nextRetry = Optional.empty();
  private long forgetAt = System.nanoTime();

  Decisions(
      SchedulerSettings settings,
      BiFunction<Handle, String, RunGraph> graphs,
      CronTrigger cron,
      Events events) {
    this.environment = settings.environment();
    this.transitions = new Transitions(environment, graphs);
    this.queue = new RunQueue(environment, settings.queues());
    this.claims = new Claims(environment, settings.queues(), graphs);
    this.cron = cron;
    this.events = events;
  }

  /**
   * What a turn begins with.
   *
   * @param look whether to look for what nobody tells: dead processes, times that are due
   * @param lookAtRuns whether runs may have come, or have to end
   */
  record Turn(
      int worker,
      Instant now,
      boolean look,
      boolean lookAtRuns,
      int free,
      List<Outcome> outcomes,
      List<TaskLogs.Pending> lines,
      List<RunEvent> events) {}

  /** What it ends with. */
  record Decided(
      List<RunningTask.Claim> claims, Map<String, String> cancelled, Optional<Instant> nextRetry) {}

  void lock(Handle handle) {
    transitions.lock(handle);
  }

  Decided decide(Handle handle, Turn turn) {
    List<RunEvent> happened = turn.events();
    TaskLogs.write(handle, turn.lines());
    turn.lines().stream()
        .map(l -> new RunEvent(l.runId(), Optional.of(l.taskId()), RunEvent.Kind.LOG))
        .distinct()
        .forEach(happened::add);
    transitions.end(handle, turn.outcomes(), turn.now(), happened);
    if (turn.look()) {
      Workers.recover(handle, environment, turn.worker(), turn.now(), happened);
      cron.fire(handle, turn.now(), happened);
    }
    Map<String, String> cancelled = Map.of();
    if (turn.lookAtRuns() || happened.stream().anyMatch(e -> e.kind() == RunEvent.Kind.RUN)) {
      cancelled = queue.cancelAndTimeOut(handle, turn.now(), happened);
      queue.startRuns(handle, turn.now(), happened);
    }
    List<RunningTask.Claim> taken =
        turn.free() > 0
            ? claims.take(handle, turn.free(), turn.worker(), turn.now(), happened)
            : List.of();
    if (turn.look()
        || nextRetry.isPresent()
        || turn.outcomes().stream().anyMatch(Outcome::isOpen)) {
      nextRetry = turn.free() > taken.size() ? queue.nextRetry(handle) : Optional.empty();
    }
    events.send(handle, happened);
    return new Decided(taken, cancelled, nextRetry);
  }

  /**
   * Whether there is nothing to decide: no run that goes on, no dead process, no time that is due.
   */
  boolean isIdle(Jdbi jdbi, int worker, Instant now) {
    return !cron.isDue(now)
        && jdbi.withHandle(h -> !queue.hasActive(h) && !Workers.anyDead(h, environment, worker));
  }

  void writeProgress(
      Handle handle, RunningTask task, TaskState.Progress progress, List<RunEvent> happened) {
    handle.execute(
        "UPDATE task_instance SET progress_done = ?, progress_total = ? WHERE run_id = ? AND task_id = ? AND attempt = ? AND worker_id = ?",
        progress.done(),
        progress.total(),
        task.runId(),
        task.task().id(),
        task.number(),
        task.claim().workerId());
    happened.add(new RunEvent(task.runId(), Optional.of(task.task().id()), RunEvent.Kind.TASK));
  }

  /** Now and then, outside the transaction of a turn: deleting takes long. */
  void forgetOldRuns(Jdbi jdbi, int keep, Instant now) {
    if (System.nanoTime() - forgetAt >= 0) {
      int forgotten = jdbi.inTransaction(h -> queue.forget(h, keep, now));
      forgetAt = System.nanoTime() + (forgotten == 0 ? FORGET_EVERY.toNanos() : 0);
    }
  }
}
