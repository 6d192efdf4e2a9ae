package io.ecluse.scheduler;

import io.ecluse.error.EcluseException;
import io.ecluse.error.ErrorCode;
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
import java.util.concurrent.CountDownLatch;
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

  private final Jdbi jdbi;
  private final SchedulerSettings settings;
  private final Clock clock;
  private final RunStore store;
  private final RunIds ids;
  private final CronTrigger cron;
  private final Events events = new Events();
  private final Transitions transitions;
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
      Clock clock) {
    this.jdbi = jdbi;
    this.settings = settings;
    this.clock = clock;
    this.store = new RunStore(settings.environment());
    this.ids = new RunIds(clock, new SecureRandom());
    this.cron = new CronTrigger(settings.environment(), store, ids);
    this.transitions = new Transitions(settings.environment(), this::graph);
    this.dispatcher = new Dispatcher(jdbi, settings, runner, transitions, cron, clock);
    this.session = new Session(sessions, settings, clock, events, dispatcher);
  }

  /** Begins to listen and, with workers, to run tasks. */
  public void open() {
    session.start();
    if (settings.workers() > 0) {
      dispatcher.start();
    }
  }

  /** The DAGs that run by schedule, each with what it writes; those of before are forgotten. */
  public void schedule(Map<Dag, Set<String>> keysByDag) {
    cron.use(keysByDag);
  }

  /** When a DAG runs next by its schedule. */
  public Optional<Instant> nextRun(String dagId) {
    return cron.next(dagId, clock.instant());
  }

  /** Wants a run; it begins when a worker is free and nothing keeps it. Returns its id. */
  public String start(RunRequest request) {
    return jdbi.inTransaction(
        h -> {
          String id = ids.next(request.dag().id());
          while (!store.insert(h, id, request, TaskLogs.now(clock))) {
            id = ids.next(request.dag().id());
          }
          send(h, id);
          return id;
        });
  }

  public Optional<Run> find(String runId) {
    return jdbi.withHandle(h -> store.find(h, runId));
  }

  /** Runs, the newest first, those before run {@code before} only, if given. */
  public List<Run> list(
      Optional<String> dagId, Optional<RunState> state, int limit, Optional<String> before) {
    return jdbi.withHandle(h -> store.list(h, dagId, state, limit, before));
  }

  /** The DAG as it was when the run began. */
  public Optional<Dag> dag(String runId) {
    return jdbi.withHandle(h -> store.dag(h, runId));
  }

  public List<TaskState> tasks(String runId) {
    return jdbi.withHandle(h -> store.tasks(h, runId));
  }

  public Optional<TaskState> task(String runId, String taskId) {
    return jdbi.withHandle(h -> store.task(h, runId, taskId));
  }

  public List<Attempt> attempts(String runId, String taskId) {
    return jdbi.withHandle(h -> store.attempts(h, runId, taskId));
  }

  /** Up to {@code limit} lines of an attempt's log after line {@code after}. */
  public List<LogLine> log(String runId, String taskId, int attempt, int after, int limit) {
    return jdbi.withHandle(h -> TaskLogs.page(h, runId, taskId, attempt, after, limit));
  }

  /** Has a run end soon. Running tasks are told; the run ends when they have. */
  public void cancel(String runId) {
    jdbi.useTransaction(
        h -> {
          Run run = required(h, runId);
          if (run.state().isEnd()) {
            throw new EcluseException(
                ErrorCode.CONFLICT,
                "Run %s has ended already (%s)".formatted(runId, run.state().text()));
          }
          h.execute("UPDATE run SET cancel_requested = true WHERE id = ?", runId);
          send(h, runId);
        });
  }

  /**
   * Runs again what did not succeed; with a task, that task and all that wait for it too.
   *
   * @throws EcluseException CONFLICT when the run has not ended, or succeeded
   */
  public void retry(String runId, Optional<String> from) {
    jdbi.useTransaction(
        h -> {
          Run run = required(h, runId);
          if (run.state() != RunState.FAILED && run.state() != RunState.CANCELLED) {
            throw new EcluseException(
                ErrorCode.CONFLICT,
                "Only a run that failed or was cancelled can be retried, but %s is %s"
                    .formatted(runId, run.state().text()));
          }
          RunGraph graph = graph(h, runId);
          List<String> again = new ArrayList<>();
          for (TaskState task : store.tasks(h, runId)) {
            if (task.state() != TaskProgress.SUCCESS) {
              again.add(task.taskId());
            }
          }
          from.ifPresent(
              task -> {
                if (graph.dag().task(task).isEmpty()) {
                  throw new EcluseException(
                      ErrorCode.NOT_FOUND, "Run %s has no task %s".formatted(runId, task));
                }
                again.add(task);
                again.addAll(graph.descendants(task));
              });
          store.reset(h, runId, graph.dag(), again.stream().distinct().toList());
          send(h, runId);
        });
  }

  private Run required(Handle handle, String runId) {
    return store
        .find(handle, runId)
        .orElseThrow(
            () ->
                new EcluseException(
                    ErrorCode.NOT_FOUND,
                    "There is no run %s; ecluse ls runs lists those there are".formatted(runId)));
  }

  /** Waits until the run has ended, however it did. */
  public Run awaitEnd(String runId) {
    CountDownLatch changed = new CountDownLatch(1);
    try (AutoCloseable subscription =
        subscribe(
            e -> {
              if (e.runId().equals(runId) && e.kind() == RunEvent.Kind.RUN && hasEnded(runId)) {
                changed.countDown();
              }
            })) {
      while (!hasEnded(runId)) {
        boolean told = changed.await(1, TimeUnit.SECONDS); // a notification may be lost
        if (told) {
          break;
        }
      }
      return find(runId).orElseThrow();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new EcluseException(ErrorCode.CANCELLED, "Interrupted while waiting for " + runId, e);
    } catch (RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new AssertionError("Closing a subscription throws nothing", e);
    }
  }

  private boolean hasEnded(String runId) {
    return find(runId).map(r -> r.state().isEnd()).orElse(true);
  }

  /**
   * Hears of every change of a run in this environment, in whatever process. Called from one
   * thread, which must not be held up.
   */
  public AutoCloseable subscribe(Consumer<RunEvent> listener) {
    return events.subscribe(listener);
  }

  /** Whether a process that runs tasks is alive. */
  public static boolean anyWorkerAlive(Jdbi jdbi) {
    return jdbi.withHandle(Workers::anyAlive);
  }

  /** Deletes the oldest ended runs, beyond what the settings keep. */
  public void forgetOldRuns() {
    jdbi.useHandle(h -> transitions.forgetOldRuns(h, settings.keepRuns()));
  }

  private void send(Handle handle, String runId) {
    Events.send(
        handle,
        settings.environment(),
        List.of(new RunEvent(runId, Optional.empty(), RunEvent.Kind.RUN)));
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
                .orElseThrow(
                    () -> new EcluseException(ErrorCode.NOT_FOUND, "There is no run " + runId)));
    synchronized (graphs) {
      graphs.put(runId, read);
    }
    return read;
  }

  /** How long the longest look for lost processes takes: for documentation and tests. */
  public Duration poll() {
    return settings.poll();
  }

  @Override
  public void close() {
    if (settings.workers() > 0) {
      dispatcher.stop();
    }
    session.close();
  }
}
