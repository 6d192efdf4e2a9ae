package io.ecluse.scheduler;

import io.ecluse.error.EcluseException;
import io.ecluse.error.ErrorCode;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
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
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(1);

  private final Jdbi jdbi;
  private final SchedulerSettings settings;
  private final TaskRunner runner;
  private final Decisions decisions;
  private final Clock clock;
  private final Time time;
  private final ClockSteps steps;
  private final TaskLogs logs = new TaskLogs();
  private final Semaphore wake = new Semaphore(0);
  private final ConcurrentLinkedQueue<Outcome> ended = new ConcurrentLinkedQueue<>();
  private final Set<RunningTask> running = ConcurrentHashMap.newKeySet();
  private final ExecutorService executor;
  private final Thread thread;
  private volatile Optional<Integer> workerId = Optional.empty();
  private volatile boolean stopping;
  private volatile boolean runsChanged = true;
  private Optional<Instant> nextRetry = Optional.empty();
  private long lookAt = System.nanoTime();
  private boolean doubtful;
  private final StoreHealth health = new StoreHealth();

  Dispatcher(
      Jdbi jdbi, SchedulerSettings settings, TaskRunner runner, Decisions decisions, Time time) {
    this.jdbi = jdbi;
    this.settings = settings;
    this.runner = runner;
    this.decisions = decisions;
    this.clock = time.clock();
    this.time = time;
    this.steps = new ClockSteps(settings.environment(), time);
    this.executor = Executors.newCachedThreadPool(r -> daemon(r, "task"));
    this.thread = daemon(this::loop, "scheduler");
  }

  private static Thread daemon(Runnable work, String name) {
    Thread thread = new Thread(work, name);
    thread.setDaemon(true);
    return thread;
  }

  void start() {
    thread.start();
  }

  /** This process is registered, under this id. */
  void join(int id) {
    workerId = Optional.of(id);
    wake();
  }

  boolean hasJoined() {
    return workerId.isPresent();
  }

  /** This process is not registered any more: what it runs belongs to others now. */
  void leave() {
    workerId = Optional.empty();
    running.forEach(this::abandonLost);
  }

  private void abandonLost(RunningTask task) {
    task.abandon(
        ErrorCode.CANCELLED.error("This process lost the database; another attempt goes on"),
        executor);
  }

  /** Whether what has happened can be written down. */
  StoreHealth health() {
    return health;
  }

  /** A run has come, or is to be cancelled. */
  void runsChanged() {
    runsChanged = true;
    wake();
  }

  /** Tasks have changed in another process, so there may be some that can run here. */
  void tasksChanged() {
    if (running.size() < settings.workers()) {
      wake();
    }
  }

  private void wake() {
    if (wake.availablePermits() == 0) {
      wake.release();
    }
  }

  private void loop() {
    Duration trouble = Duration.ZERO;
    while (!stopping) {
      try {
        Duration pause = trouble.isZero() ? pause() : trouble;
        if (workerId.isEmpty() && pause.compareTo(LONGEST_PAUSE) < 0) {
          pause = LONGEST_PAUSE; // it is woken when its turn has come
        }
        boolean woken = wake.tryAcquire(pause.toNanos(), TimeUnit.NANOSECONDS);
        wake.drainPermits();
        Optional<Integer> worker = workerId;
        boolean stepped = steps.look();
        if (worker.isPresent() && (woken || stepped || hasNews())) {
          if (woken || stepped || !isIdle(worker.get())) {
            turn(worker.get(), System.nanoTime() - lookAt >= 0);
          } else {
            lookAt = System.nanoTime() + settings.poll().toNanos();
            decisions.forgetOldRuns(jdbi, settings.keepRuns(), TaskLogs.now(clock));
          }
          trouble = Duration.ZERO;
          health.answered();
        }
      } catch (InterruptedException e) {
        return;
      } catch (RuntimeException e) { // nobody would start this thread again
        trouble = trouble.multipliedBy(2).plus(FLUSH);
        trouble = trouble.compareTo(LONGEST_PAUSE) < 0 ? trouble : LONGEST_PAUSE;
        if (!stopping) {
          health.failed(e);
        }
      }
    }
  }

  private Duration pause() {
    Duration pause = Duration.ofNanos(Math.max(0, lookAt - System.nanoTime()));
    if (!running.isEmpty() && pause.compareTo(FLUSH) > 0) {
      pause = FLUSH;
    }
    if (nextRetry.isPresent()) {
      Duration retry = Duration.between(clock.instant(), nextRetry.get()).plusMillis(1);
      pause = retry.isNegative() ? Duration.ZERO : retry.compareTo(pause) < 0 ? retry : pause;
    }
    return pause;
  }

  /** Progress is none: it comes all the time, and is told when there is a look at everything. */
  private boolean hasNews() {
    return System.nanoTime() - lookAt >= 0
        || !logs.isEmpty()
        || nextRetry.isPresent() && !nextRetry.get().isAfter(clock.instant());
  }

  /** So that a process with nothing to do costs one small query a look, not a transaction. */
  private boolean isIdle(int worker) {
    return running.isEmpty()
        && ended.isEmpty()
        && !runsChanged
        && !doubtful
        && decisions.isIdle(jdbi, worker, clock.instant());
  }

  /** One turn that looks at everything: how tests drive time, without the thread. */
  void tick() {
    turn(workerId.orElseThrow(), true);
  }

  /** One transaction: endings, starts, claims. */
  private void turn(int worker, boolean look) {
    steps.look();
    Instant now = TaskLogs.now(clock);
    List<Outcome> outcomes = takeOutcomes();
    List<TaskLogs.Pending> lines = logs.take();
    boolean lookAtRuns = look || runsChanged;
    runsChanged = false;
    int free = settings.workers() - running.size() + outcomes.size();
    Decisions.Turn turn =
        new Decisions.Turn(worker, now, look, lookAtRuns, free, outcomes, lines, new ArrayList<>());
    Decisions.Decided decided;
    try {
      decided = jdbi.inTransaction(handle -> decide(handle, turn));
    } catch (RuntimeException e) {
      ended.addAll(outcomes);
      logs.giveBack(lines);
      runsChanged = true;
      doubtful = true;
      throw e;
    }
    doubtful = false;
    steps.held();
    outcomes.forEach(o -> running.remove(o.task()));
    decided.claims().forEach(this::run);
    endCancelled(decided.cancelled());
    nextRetry = decided.nextRetry();
    if (look) {
      lookAt = System.nanoTime() + settings.poll().toNanos();
      running.stream().filter(RunningTask::isLate).forEach(this::timeOut);
      running.forEach(RunningTask::reportIfDeaf);
      decisions.forgetOldRuns(jdbi, settings.keepRuns(), now);
    }
  }

  private Decisions.Decided decide(Handle handle, Decisions.Turn turn) {
    decisions.lock(handle);
    steps
        .hold(handle, turn.now())
        .ifPresent(told -> running.forEach(task -> task.log("WARN", told)));
    if (doubtful) { // a commit may have happened that nobody told us of
      Set<List<Object>> known = new HashSet<>();
      running.forEach(t -> known.add(t.claim().key()));
      Workers.disown(handle, turn.worker(), known, turn.now(), turn.events());
    }
    for (RunningTask task : running) {
      task.takeProgress().ifPresent(p -> decisions.writeProgress(handle, task, p, turn.events()));
    }
    return decisions.decide(handle, turn);
  }

  private List<Outcome> takeOutcomes() {
    List<Outcome> outcomes = new ArrayList<>();
    for (Outcome o = ended.poll(); o != null; o = ended.poll()) {
      if (o.task().isAbandoned()) {
        running.remove(o.task());
      } else {
        outcomes.add(o);
      }
    }
    return outcomes;
  }

  private void endCancelled(Map<String, String> reasons) {
    for (RunningTask task : running) {
      Optional.ofNullable(reasons.get(task.runId()))
          .ifPresent(r -> task.end(ErrorCode.CANCELLED.error(r), executor));
    }
  }

  private void timeOut(RunningTask task) {
    task.end(task.late(), executor);
  }

  private void run(RunningTask.Claim claim) {
    RunningTask task = new RunningTask(claim, logs, time, new Database(jdbi));
    running.add(task);
    if (workerId.filter(id -> id == claim.workerId()).isEmpty()) {
      abandonLost(task); // the session broke while this was claimed
    }
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
    wake();
    try {
      thread.join(5_000);
      EcluseException reason =
          ErrorCode.CANCELLED.error("This process is stopping; the task is run again");
      running.forEach(t -> t.abandon(reason, executor));
      executor.shutdown();
      if (!executor.awaitTermination(10, TimeUnit.SECONDS)) {
        LOG.warn(
            "{} tasks do not stop when told to; the process ends without them", running.size());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
