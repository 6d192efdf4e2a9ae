package io.ecluse.scheduler;

import io.ecluse.metadata.DatabaseSettings;
import io.ecluse.metadata.Metadata;
import java.time.Clock;
import java.util.concurrent.CountDownLatch;

/**
 * A process of its own with a scheduler, for tests that kill it. Its tasks named {@code slow} never
 * end.
 */
public final class SchedulerProcess {
  private SchedulerProcess() {}

  /**
   * @param arguments URL, user and password of the database, environment, number of workers
   */
  public static void main(String[] arguments) throws InterruptedException {
    Metadata metadata =
        new Metadata(new DatabaseSettings(arguments[0], arguments[1], arguments[2]));
    Scheduler scheduler =
        new Scheduler(
            metadata.jdbi(),
            metadata::dedicatedConnection,
            new SchedulerSettings(
                arguments[3], Integer.parseInt(arguments[4]), SchedulerSettings.Turn.ALWAYS),
            context -> {
              context.log("Process " + ProcessHandle.current().pid());
              if (context.task().id().startsWith("slow")) {
                new CountDownLatch(1).await();
              }
              return new TaskResult.Done(1, 0, java.util.Map.of());
            },
            new Time(Clock.systemUTC(), System::nanoTime));
    scheduler.open();
    new CountDownLatch(1).await();
  }
}
