package io.ecluse.cli;

import io.ecluse.error.EcluseException;
import io.ecluse.error.ErrorCode;
import io.ecluse.scheduler.Run;
import io.ecluse.scheduler.RunState;
import io.ecluse.scheduler.Scheduler;
import io.ecluse.scheduler.Subscription;
import io.ecluse.scheduler.TaskProgress;
import io.ecluse.scheduler.TaskState;
import io.ecluse.schema.TableName;
import io.ecluse.source.ReceiptText;
import io.ecluse.text.Amounts;
import java.io.Closeable;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/** Shows how a run goes, waits for its end, and sums it up. */
final class RunWatcher {
  private static final int BAR = 24;
  private static final Duration LOOK = Duration.ofMillis(100);
  private static final Duration LONGEST_LOOK = Duration.ofMillis(850);
  private static final Duration LONGEST_GOODBYE = Duration.ofSeconds(10);

  private final Scheduler scheduler;
  private final PrintWriter progress;
  private final Shell shell;
  private final boolean terminal;
  private final Map<String, TaskProgress> shown = new HashMap<>();

  /**
   * @param progress where lines go while it runs
   */
  RunWatcher(Scheduler scheduler, PrintWriter progress, Shell shell) {
    this.scheduler = scheduler;
    this.progress = progress;
    this.shell = shell;
    this.terminal = shell.terminal() == Terminal.PRESENT;
  }

  enum Terminal {
    PRESENT,
    ABSENT;

    static Terminal detect() {
      return System.console() != null && System.getenv("NO_PROGRESS") == null ? PRESENT : ABSENT;
    }
  }

  /**
   * Starts a run, waits for its end, sums it up, and returns the exit code.
   *
   * @param skipped models that the run leaves as they are, known once it has begun
   */
  int run(Supplier<String> start, Supplier<Set<TableName>> skipped, PrintWriter out, boolean json) {
    Run run = watch(start);
    summary(out, run, skipped.get(), json);
    return exitCode(run);
  }

  /**
   * Starts a run and waits for its end. Ctrl-C or SIGTERM cancels the run, and ends this process
   * within seconds, whatever still answers.
   *
   * @param start returns the run's id
   */
  private Run watch(Supplier<String> start) {
    CompletableFuture<String> started = new CompletableFuture<>();
    try (Closeable goodbye = shell.whenInterrupted(() -> sayGoodbye(started))) {
      started.complete(start.get());
      return untilEnd(started.join());
    } catch (IOException e) {
      throw new AssertionError("Nobody is told any more, which throws nothing", e);
    } finally {
      started.cancel(false); // if it did not start, there is nothing to cancel
    }
  }

  private Run untilEnd(String runId) {
    Semaphore changed = new Semaphore(0);
    try (Subscription subscription = scheduler.subscribe(runId, e -> changed.release())) {
      return untilEnd(runId, changed);
    }
  }

  private Run untilEnd(String runId, Semaphore changed) {
    Patience patience = new Patience();
    String waits = "";
    while (true) {
      try {
        scheduler.requireSpace();
        Run run = scheduler.find(runId).orElseThrow();
        show(scheduler.tasks(runId));
        if (run.state().isEnd()) {
          clear();
          return run;
        }
        String reason = run.waitsFor().orElse("");
        if (!reason.equals(waits) && !reason.isEmpty()) {
          line(reason);
        }
        waits = reason;
        patience.restore();
      } catch (EcluseException e) {
        patience.bear(e);
      }
      pause(changed);
    }
  }

  /** A database that restarts is waited for, as long as the scheduler itself waits for it. */
  private static final class Patience {
    private long until = System.nanoTime() + Scheduler.LONGEST_OUTAGE.toNanos();

    void restore() {
      until = System.nanoTime() + Scheduler.LONGEST_OUTAGE.toNanos();
    }

    void bear(EcluseException e) {
      if (e.code() != ErrorCode.DATABASE_UNREACHABLE || System.nanoTime() - until > 0) {
        throw e;
      }
    }
  }

  /** The hook of the process's end: no longer than its time, even if the database never answers. */
  private void sayGoodbye(CompletableFuture<String> started) {
    Thread work = new Thread(() -> cancel(started), "cancel-run");
    work.setDaemon(true);
    work.start();
    try {
      work.join(LONGEST_GOODBYE.toMillis());
      if (work.isAlive()) {
        progress.println(
            "The run did not end within %d s; whoever runs tasks next ends it"
                .formatted(LONGEST_GOODBYE.toSeconds()));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void cancel(CompletableFuture<String> started) {
    try {
      String runId = started.join();
      Optional<Run> run = scheduler.find(runId);
      if (run.isPresent() && !run.get().state().isEnd()) {
        progress.println("Cancelling run " + runId);
        scheduler.cancel(runId);
        scheduler.awaitEnd(runId);
      }
    } catch (CancellationException e) {
      // the run never started
    } catch (EcluseException e) {
      progress.println("The run could not be cancelled: " + e.getMessage());
    }
  }

  private void show(List<TaskState> tasks) {
    long done = tasks.stream().filter(t -> t.state().isEnd()).count();
    List<String> running = new ArrayList<>();
    for (TaskState task : tasks) {
      boolean isNew = shown.put(task.taskId(), task.state()) != task.state();
      if (isNew && (task.state().isEnd() || task.state() == TaskProgress.RETRYING)) {
        line(describe(task));
      }
      if (task.state() == TaskProgress.RUNNING) {
        running.add(
            task.taskId()
                + task.progress()
                    .filter(p -> p.total() > 0)
                    .map(p -> " " + Math.min(100, 100 * p.done() / p.total()) + " %")
                    .orElse(""));
      }
    }
    if (terminal && !tasks.isEmpty()) {
      int full = (int) (BAR * done / tasks.size());
      progress.printf(
          "\r\u001b[2K%s%s %d/%d  %s",
          "█".repeat(full),
          "░".repeat(BAR - full),
          done,
          tasks.size(),
          String.join(", ", running.subList(0, Math.min(3, running.size()))));
      progress.flush();
    }
  }

  private static String describe(TaskState task) {
    String mark =
        switch (task.state()) {
          case SUCCESS -> "✓";
          case FAILED -> "✗";
          case RETRYING -> "↻";
          case SKIPPED -> "–";
          case PENDING, RUNNING, WAITING, CANCELLED, UPSTREAM_FAILED -> "·";
        };
    String rows = task.rows() > 0 ? "  " + Amounts.number(task.rows()) + " rows" : "";
    return "%s %s%s  %s s%s"
        .formatted(
            mark,
            task.taskId(),
            rows,
            Output.seconds(duration(task)),
            task.error().or(() -> skipped(task)).map(e -> "  " + e).orElse(""));
  }

  private static Optional<String> skipped(TaskState task) {
    return Optional.ofNullable(task.facts().get(TaskState.SKIPPED_BECAUSE));
  }

  static Duration duration(TaskState task) {
    return task.startedAt()
        .flatMap(s -> task.endedAt().map(e -> Duration.between(s, e)))
        .orElse(Duration.ZERO);
  }

  private void line(String text) {
    clear();
    progress.println(text);
  }

  private void clear() {
    if (terminal) {
      progress.print("\r\u001b[2K");
    }
  }

  /** A look costs: no more of them than people can see, and few while nothing is told. */
  private static void pause(Semaphore changed) {
    try {
      Thread.sleep(LOOK.toMillis());
      changed.tryAcquire(LONGEST_LOOK.toMillis(), TimeUnit.MILLISECONDS);
      changed.drainPermits();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Prints each task, its rows and seconds, and how the run ended. */
  void summary(PrintWriter out, Run run, Set<TableName> skipped, boolean json) {
    List<TaskState> tasks = scheduler.tasks(run.id());
    Duration took =
        run.startedAt()
            .map(s -> Duration.between(s, run.endedAt().orElse(Instant.now())))
            .orElse(Duration.ZERO);
    if (json) {
      Fields object = RunJson.of(run, tasks, scheduler.attempts(run.id()));
      if (!skipped.isEmpty()) {
        object.put("skipped", skipped.size());
        object.put("skipped_models", skipped.stream().map(TableName::toString).toList());
      }
      Output.json(out, object);
      return;
    }
    out.println();
    new Listing<TaskState>("task_id")
        .column("task", TaskState::taskId)
        .column("state", t -> t.state().text())
        .column("rows", t -> t.rows() == 0 ? "-" : Amounts.number(t.rows()))
        .column("seconds", t -> Output.seconds(duration(t)))
        .table(out, tasks);
    out.println();
    out.printf("Run %s: %s in %s s%n", run.id(), run.state().text(), Output.seconds(took));
    if (!skipped.isEmpty()) {
      out.printf(
          "Skipped %s models: neither their files nor what they read changed; --full builds all%n",
          Amounts.number(skipped.size()));
    }
    if (!run.params().isEmpty()) {
      out.println(
          "params: "
              + new TreeMap<>(run.params())
                  .entrySet().stream()
                      .map(p -> p.getKey() + "=" + p.getValue())
                      .collect(Collectors.joining(", ")));
    }
    tasks.forEach(t -> skipped(t).ifPresent(w -> out.println(t.taskId() + " was skipped: " + w)));
    tasks.forEach(t -> impact(out, t));
    run.error().ifPresent(e -> out.println("error: " + e));
    out.flush();
  }

  /** What an extract cost its source. */
  private static void impact(PrintWriter out, TaskState task) {
    List<String> receipt = ReceiptText.lines(task.facts());
    if (!receipt.isEmpty()) {
      out.println("impact of " + task.taskId() + " on its source:");
      receipt.forEach(line -> out.println("  " + line));
    }
  }

  /** The exit code of a run that has ended. */
  private int exitCode(Run run) {
    if (run.state() == RunState.SUCCESS) {
      return Main.DONE;
    }
    return scheduler.tasks(run.id()).stream()
            .filter(t -> t.state() == TaskProgress.FAILED)
            .map(t -> t.facts().getOrDefault(TaskState.ERROR_CODE, ErrorCode.INTERNAL.name()))
            .map(ErrorCode::valueOf)
            .anyMatch(c -> c.kind() == ErrorCode.Kind.EXTERNAL)
        ? Main.UNREACHABLE
        : Main.FAILED;
  }
}
