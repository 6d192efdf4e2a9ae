package io.ecluse.scheduler;

import io.ecluse.error.EcluseException;
import io.ecluse.error.ErrorCode;
import io.ecluse.pipeline.Bundle;
import io.ecluse.pipeline.Dag;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;

/**
 * Runs DAGs. All state is in PostgreSQL; any number of processes may hold a scheduler on one
 * database, with workers or only to start and watch runs. A process that dies loses nothing: what
 * it ran is run again by another, or by the next.
 *
 * <p>Safe for use by several threads. {@link #close()} may be called twice.
 */
public final class Scheduler implements AutoCloseable {
  private static final int KEPT_GRAPHS = 256;

  /** How long who waits for a run waits for the database. */
  public static final Duration LONGEST_OUTAGE = Duration.ofMinutes(2);

  private final Database database;
  private final SchedulerSettings settings;
  private final Clock clock;
  private final RunStore store;
  private final RunIds ids;
  private final CronTrigger cron;
  private final Events events;
  private final Dispatcher dispatcher;
  private final Session session;
  private final Map<String, RunGraph> graphs =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, RunGraph> eldest) {
          return size() > KEPT_GRAPHS;
        }
      };

  /**
   * @param sessions opens connections outside the pool, which the scheduler closes
   */
  public Scheduler(
      Jdbi jdbi,
      Session.Opener sessions,
      SchedulerSettings settings,
      TaskRunner runner,
      Time time) {
    SecureRandom random = new SecureRandom();
    this.database = new Database(jdbi);
    this.settings = settings;
    this.clock = time.clock();
    this.store = new RunStore(settings.environment());
    this.ids = new RunIds(clock, random);
    this.cron = new CronTrigger(settings.environment(), store, ids);
    this.events = new Events(settings.environment(), Long.toHexString(random.nextLong()));
    Decisions decisions = new Decisions(settings, this::graph, cron, events);
    this.dispatcher = new Dispatcher(jdbi, settings, runner, decisions, time);
    this.session = new Session(sessions, settings, clock, events, dispatcher);
  }

  /** With workers, begins to listen and to run tasks; without, it listens once somebody hears. */
  public void open() {
    if (settings.workers() > 0) {
      session.start();
      dispatcher.start();
    }
  }

  /** As {@link #open()}, but nothing begins unless {@link #tick()} is called. */
  void openForTicks() {
    session.start();
  }

  /** Does what is to do at the time that the clock shows. */
  void tick() {
    dispatcher.tick();
  }

  /** Whether this process runs tasks now. */
  public boolean hasJoined() {
    return dispatcher.hasJoined();
  }

  /**
   * The DAGs that run by schedule, each with what it writes; those of before are forgotten.
   *
   * @param bundle the files that their tasks read, if they read any
   */
  public void schedule(Map<Dag, Set<String>> keysByDag, Optional<Bundle> bundle) {
    cron.use(keysByDag, bundle);
  }

  /**
   * When a DAG runs next by its schedule. A time that has had its run, as after the clock was set
   * back, does not come again.
   */
  public Optional<Instant> nextRun(String dagId) {
    Instant now = clock.instant();
    Optional<Instant> next = cron.next(dagId, now);
    if (next.isPresent()) {
      Set<Instant> had = database.read(h -> store.scheduledAfter(h, dagId, now));
      while (next.isPresent() && had.contains(next.get())) {
        next = cron.next(dagId, next.get());
      }
    }
    return next;
  }

  /** Wants a run; it begins when a worker is free and nothing keeps it. Returns its id. */
  public String start(RunRequest request) {
    String started =
        database.write(
            h -> {
              String id = ids.next(request.dag().id());
              while (!store.insert(h, id, request, TaskLogs.now(clock))) {
                id = ids.next(request.dag().id());
              }
              send(h, id);
              return id;
            });
    dispatcher.runsChanged();
    return started;
  }

  public Optional<Run> find(String runId) {
    return database.read(h -> store.find(h, runId));
  }

  /** Runs, the newest first, those before run {@code before} only, if given. */
  public List<Run> list(
      Optional<String> dagId, Optional<RunState> state, int limit, Optional<String> before) {
    return database.read(h -> store.list(h, dagId, state, limit, before));
  }

  /** The DAG as it was when the run began. */
  public Optional<Dag> dag(String runId) {
    return database.read(h -> store.dag(h, runId));
  }

  public List<TaskState> tasks(String runId) {
    return database.read(h -> store.tasks(h, runId));
  }

  /** What programs told when they last were part of a run that succeeded. */
  public List<LastProgram> programs() {
    return database.read(store::programs);
  }

  public Optional<TaskState> task(String runId, String taskId) {
    return database.read(h -> store.task(h, runId, taskId));
  }

  /** The attempts of all tasks of a run, by task; those that had none are left out. */
  public Map<String, List<AttemptState>> attempts(String runId) {
    return database.read(h -> store.attempts(h, runId));
  }

  public List<AttemptState> attempts(String runId, String taskId) {
    return database.read(h -> store.attempts(h, runId, taskId));
  }

  /** Up to {@code limit} lines of an attempt's log after line {@code after}. */
  public List<LogLine> log(String runId, String taskId, int attempt, int after, int limit) {
    return database.read(h -> TaskLogs.page(h, runId, taskId, attempt, after, limit));
  }

  /** Has a run end soon. Running tasks are told; the run ends when they have. */
  public void cancel(String runId) {
    database.write(
        h -> {
          store.lock(h, runId);
          Run run = required(h, runId);
          if (run.state().isEnd()) {
            throw ErrorCode.CONFLICT.error(
                "Run %s has ended already (%s)".formatted(runId, run.state().text()));
          }
          h.execute(
              "UPDATE run SET cancel_requested = true WHERE id = ? AND state IN ('queued', 'running')",
              runId);
          send(h, runId);
          return runId;
        });
    dispatcher.runsChanged();
  }

  /**
   * Runs again what did not succeed; with a task, that task and all that wait for it too.
   *
   * @throws EcluseException CONFLICT when the run has not ended, or succeeded
   */
  public void retry(String runId, Optional<String> from) {
    database.write(
        h -> {
          store.lock(h, runId); // of two that want it at once, the second finds it begun
          Run run = required(h, runId);
          if (run.state() != RunState.FAILED && run.state() != RunState.CANCELLED) {
            throw ErrorCode.CONFLICT.error(
                "Only a run that failed or was cancelled can be retried, but %s is %s"
                    .formatted(runId, run.state().text()));
          }
          RunGraph graph = graph(h, runId);
          List<String> again = new ArrayList<>();
          for (TaskState task : store.tasks(h, runId)) {
            if (!task.state().isGood()) {
              again.add(task.taskId());
            }
          }
          from.ifPresent(
              task -> {
                if (graph.dag().task(task).isEmpty()) {
                  throw ErrorCode.NOT_FOUND.error("Run %s has no task %s".formatted(runId, task));
                }
                again.add(task);
                again.addAll(graph.descendants(task));
              });
          store.reset(h, runId, graph.dag(), again.stream().distinct().toList());
          send(h, runId);
          return runId;
        });
    dispatcher.runsChanged();
  }

  private Run required(Handle handle, String runId) {
    return store
        .find(handle, runId)
        .orElseThrow(
            () ->
                ErrorCode.NOT_FOUND.error(
                    "There is no run %s; ecluse ls runs lists those there are".formatted(runId)));
  }

  /**
   * Waits until the run has ended, however it did; also through a restart of the database.
   *
   * @throws EcluseException NOT_FOUND; DATABASE_UNREACHABLE after two minutes of that; DISK_FULL
   */
  public Run awaitEnd(String runId) {
    Semaphore changed = new Semaphore(0);
    long patience = System.nanoTime() + LONGEST_OUTAGE.toNanos();
    try (Subscription subscription =
        subscribe(
            runId,
            e -> {
              if (e.kind() == RunEvent.Kind.RUN) {
                changed.release();
              }
            })) {
      while (true) {
        try {
          requireSpace();
          Run run = database.read(h -> required(h, runId));
          if (run.state().isEnd()) {
            return run;
          }
          patience = System.nanoTime() + LONGEST_OUTAGE.toNanos();
        } catch (EcluseException e) {
          if (e.code() != ErrorCode.DATABASE_UNREACHABLE || System.nanoTime() - patience > 0) {
            throw e;
          }
        }
        changed.tryAcquire(1, TimeUnit.SECONDS); // a notification may be lost
        changed.drainPermits();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw ErrorCode.CANCELLED.error("Interrupted while waiting for " + runId, e);
    }
  }

  /**
   * Returns unless this process has not been able, for seconds, to write down what has happened,
   * since the disk of the database is full: who waits here for the end of a run would wait until
   * somebody makes space. The run itself is not lost, it goes on then.
   *
   * @throws EcluseException DISK_FULL
   */
  public void requireSpace() {
    dispatcher.health().requireSpace();
  }

  /**
   * Hears of every change of a run in this environment from now on, in whatever process. Called
   * from one thread, which must not be held up.
   */
  public Subscription subscribe(Consumer<RunEvent> listener) {
    Subscription subscription = events.subscribe(listener);
    session.start();
    session.awaitListening();
    return subscription;
  }

  /** As {@link #subscribe(Consumer)}, of one run only. */
  public Subscription subscribe(String runId, Consumer<RunEvent> listener) {
    return subscribe(
        e -> {
          if (e.runId().equals(runId)) {
            listener.accept(e);
          }
        });
  }

  /** Whether a process that runs tasks of an environment is alive; for who has no scheduler yet. */
  public static boolean anyWorkerAlive(Jdbi jdbi, String environment) {
    return new Database(jdbi).read(h -> Workers.anyAlive(h, environment));
  }

  /** How much there is to do, by whom, and how DAGs have fared. */
  public Load load() {
    return database.read(h -> Load.read(h, settings.environment()));
  }

  /** By how much the clock was set forward, in all, since a time, as far as it was noticed. */
  public Duration steppedForward(Instant since) {
    return database.read(h -> ClockSteps.forward(h, settings.environment(), since));
  }

  /**
   * Deletes the oldest ended runs, beyond what the settings keep. Workers do so by themselves too.
   */
  public void forgetOldRuns() {
    RunQueue queue = new RunQueue(settings.environment(), settings.queues());
    int forgotten = 1;
    while (forgotten > 0) {
      forgotten = database.write(h -> queue.forget(h, settings.keepRuns(), TaskLogs.now(clock)));
    }
  }

  private void send(Handle handle, String runId) {
    events.send(handle, List.of(new RunEvent(runId, Optional.empty(), RunEvent.Kind.RUN)));
  }

  private RunGraph graph(Handle handle, String runId) {
    synchronized (graphs) {
      RunGraph known = graphs.get(runId);
      if (known != null) {
        return known;
      }
    }
    RunGraph read =
        new RunGraph(
            store
                .dag(handle, runId)
                .orElseThrow(() -> ErrorCode.NOT_FOUND.error("There is no run " + runId)));
    synchronized (graphs) {
      graphs.put(runId, read);
    }
    return read;
  }

  @Override
  public void close() {
    if (settings.workers() > 0) {
      dispatcher.stop();
    }
    session.close();
  }
}
