package io.ecluse.scheduler;

import io.ecluse.Servers;
import io.ecluse.metadata.Metadata;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Schedulers on a new database, for one test; after it they are closed, the last first. */
final class Schedulers implements AfterEachCallback {
  private final String database = Servers.newMigratedDatabase();
  private final Metadata metadata = new Metadata(Servers.settings(database));
  private final Deque<Scheduler> open = new ArrayDeque<>();

  String database() {
    return database;
  }

  Metadata metadata() {
    return metadata;
  }

  /** One that works by itself, and often looks whether there is work. */
  Scheduler working(int workers, int keptRuns, TaskRunner runner) {
    Scheduler scheduler =
        made(
            new SchedulerSettings(
                "test", workers, SchedulerSettings.Turn.ALWAYS, Duration.ofMillis(50), keptRuns),
            runner,
            new Time(Clock.systemUTC(), System::nanoTime));
    scheduler.open();
    return scheduler;
  }

  /** One that does nothing but when told. */
  Scheduler ticking(int workers, TaskRunner runner, TestClock clock) {
    Scheduler scheduler =
        made(
            new SchedulerSettings("test", workers, SchedulerSettings.Turn.ALWAYS),
            runner,
            clock.time());
    scheduler.openForTicks();
    until(scheduler::hasJoined, () -> {});
    return scheduler;
  }

  private Scheduler made(SchedulerSettings settings, TaskRunner runner, Time time) {
    Scheduler scheduler =
        new Scheduler(metadata.jdbi(), metadata::dedicatedConnection, settings, runner, time);
    open.push(scheduler);
    return scheduler;
  }

  /** Closes the one that was made last. */
  void closeLast() {
    open.pop().close();
  }

  /** Repeats without the clock moving, since tasks end when they do. */
  static void until(BooleanSupplier condition, Runnable step) {
    while (!condition.getAsBoolean()) {
      step.run();
      try {
        Thread.sleep(2);
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
    }
  }

  @Override
  public void afterEach(ExtensionContext context) {
    open.forEach(Scheduler::close);
    metadata.close();
  }
}
