package io.ecluse.scheduler;

import io.ecluse.error.EcluseException;
import io.ecluse.error.ErrorCode;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.JdbiException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The heart of a process that runs tasks: one thread that, in one transaction each time, writes
 * down what has ended, starts what can start and takes the next tasks. It is woken, it does not
 * poll, but for what nobody can tell it.
 */
final class Dispatcher {
  private static final Logger LOG = LoggerFactory.getLogger(Dispatcher.class);
  private static final Duration FLUSH = Duration.ofMillis(100);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);

  private final Jdbi jdbi;
  private final SchedulerSettings settings;
  private final TaskRunner runner;
  private final Transitions transitions;
  private final CronTrigger cron;
  private final Clock clock;
  private final TaskLogs logs = new TaskLogs();
  private final Semaphore wake = new Semaphore(0);
  private final ConcurrentLinkedQueue<Outcome> ended = new ConcurrentLinkedQueue<>();
  private final Map<RunningTask, Boolean> running = new ConcurrentHashMap<>();
  private final ExecutorService executor;
  private volatile Optional<Integer> workerId = Optional.empty();
  private volatile boolean stopping;
  private volatile boolean runsChanged = true;
  private Instant lastLook = Instant.EPOCH;
  private boolean healthy = true;
  private final Thread thread;

  Dispatcher(
      Jdbi jdbi,
      SchedulerSettings settings,
      TaskRunner runner,
      Transitions transitions,
      CronTrigger cron,
      Clock clock) {
    this.jdbi = jdbi;
    this.settings = settings;
    this.runner = runner;
    this.transitions = transitions;
    this.cron = cron;
    this.clock = clock;
    this.executor =
        Executors.newCachedThreadPool(
            r -> {
              Thread t = new Thread(r, "task");
              t.setDaemon(true);
              return t;
            });
    this.thread = new Thread(this::loop, "scheduler");
    this.thread.setDaemon(true);
  }

  void start() {
    thread.start();
  }

  /** This process is registered, under this id. */
  void join(int id) {
    workerId = Optional.of(id);
    wake();
  }

  /** This process is not registered any more: what it runs belongs to others now. */
  void leave() {
    workerId = Optional.empty();
    EcluseException lost =
        new EcluseException(
            ErrorCode.CANCELLED, "This process lost the database; another attempt goes on");
    running.keySet().forEach(t -> t.end(lost));
  }

  /** A run has come, or is to be cancelled. */
  void runsChanged() {
    runsChanged = true;
    wake();
  }

  /** Something may be there to do. */
  private void wake() {
    if (wake.availablePermits() == 0) {
      wake.release();
    }
  }

  private void loop() {
    Duration pause = settings.poll();
    while (!stopping) {
      try {
        if (wake.tryAcquire(pause.toMillis(), TimeUnit.MILLISECONDS)) {
          wake.drainPermits();
        }
        if (workerId.isPresent()) {
          turn(workerId.get());
        }
        if (!healthy) {
          LOG.info("The metadata database answers again");
          healthy = true;
        }
        pause = running.isEmpty() ? settings.poll() : FLUSH;
      } catch (InterruptedException e) {
        return;
      } catch (JdbiException e) {
        if (healthy) {
          LOG.warn("The metadata database does not answer; trying until it does", e);
        }
        healthy = false;
        pause = min(LONGEST_PAUSE, pause.plus(pause).plusMillis(50));
      }
    }
  }

  private static Duration min(Duration a, Duration b) {
    return a.compareTo(b) < 0 ? a : b;
  }

  /** One transaction: endings, starts, claims. Also called by tests, which then need no thread. */
  void turn(int worker) {
    Instant now = TaskLogs.now(clock);
    List<Outcome> outcomes = new ArrayList<>();
    for (Outcome o = ended.poll(); o != null; o = ended.poll()) {
      outcomes.add(o);
    }
    List<TaskLogs.Pending> lines = logs.take();
    List<RunEvent> events = new ArrayList<>();
    boolean look = !now.isBefore(lastLook.plus(settings.poll()));
    boolean lookAtRuns = look || runsChanged;
    runsChanged = false;
    try {
      List<RunningTask.Claim> claims =
          jdbi.inTransaction(
              handle -> {
                transitions.lock(handle);
                writeProgress(handle, lines, events);
                transitions.end(handle, outcomes, now, events);
                if (look) {
                  Workers.recover(handle, worker, now, events);
                  cron.fire(handle, now, events);
                }
                if (lookAtRuns || events.stream().anyMatch(e -> e.kind() == RunEvent.Kind.RUN)) {
                  endCancelled(transitions.cancelAndTimeOut(handle, now, events));
                  transitions.startRuns(handle, now, events);
                }
                int free = settings.workers() - running.size() + outcomes.size();
                List<RunningTask.Claim> taken =
                    free > 0
                        ? transitions.claim(handle, free, worker, now, events)
                        : List.<RunningTask.Claim>of();
                Events.send(handle, settings.environment(), events);
                return taken;
              });
      outcomes.forEach(o -> running.remove(o.task()));
      claims.forEach(this::run);
    } catch (JdbiException e) {
      ended.addAll(outcomes);
      logs.giveBack(lines);
      throw e;
    }
    if (look) {
      lastLook = now;
      running.keySet().stream().filter(t -> t.isLate(now)).forEach(this::timeOut);
    }
  }

  private void writeProgress(Handle handle, List<TaskLogs.Pending> lines, List<RunEvent> events) {
    TaskLogs.write(handle, lines);
    lines.stream()
        .map(l -> new RunEvent(l.runId(), Optional.of(l.taskId()), RunEvent.Kind.LOG))
        .distinct()
        .forEach(events::add);
    for (RunningTask task : running.keySet()) {
      task.newProgress()
          .ifPresent(
              p -> {
                handle.execute(
                    "UPDATE task_instance SET progress_done = ?, progress_total = ? WHERE run_id = ? AND task_id = ? AND attempt = ?",
                    p.done(),
                    p.total(),
                    task.runId(),
                    task.task().id(),
                    task.attempt());
                events.add(
                    new RunEvent(task.runId(), Optional.of(task.task().id()), RunEvent.Kind.TASK));
              });
    }
  }

  private void endCancelled(Map<String, String> runs) {
    for (RunningTask task : running.keySet()) {
      String reason = runs.get(task.runId());
      if (reason != null) {
        task.end(new EcluseException(ErrorCode.CANCELLED, reason));
      }
    }
  }

  private void timeOut(RunningTask task) {
    task.end(
        new EcluseException(
            ErrorCode.TIMED_OUT,
            "The task took longer than its timeout of %d s"
                .formatted(task.task().timeout().toSeconds())));
  }

  private void run(RunningTask.Claim claim) {
    RunningTask task = new RunningTask(claim, logs, clock);
    running.put(task, true);
    executor.execute(
        () -> {
          Thread.currentThread().setName("task " + claim.task().id());
          ended.add(task.run(runner));
          wake();
        });
  }

  /**
   * Ends this process's tasks, waits for them a while, and stops. How they ended is not written
   * down: they are lost with the process, and run again by the next.
   */
  void stop() {
    stopping = true;
    EcluseException reason =
        new EcluseException(ErrorCode.CANCELLED, "This process is stopping; the task is run again");
    running.keySet().forEach(t -> t.end(reason));
    wake();
    executor.shutdown();
    try {
      executor.awaitTermination(10, TimeUnit.SECONDS);
      thread.join(5_000);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
