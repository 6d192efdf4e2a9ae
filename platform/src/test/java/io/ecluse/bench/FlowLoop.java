package io.ecluse.bench;

import io.ecluse.DemoFixture;
import io.ecluse.Platform;
import io.ecluse.scheduler.Run;
import io.ecluse.scheduler.RunState;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;

/**
 * Runs the first flow several times in one process. Each run is a line {@code run SECONDS CPU}; the
 * first counts from the start of the process.
 */
public final class FlowLoop {
  private FlowLoop() {}

  public static void main(String[] arguments) {
    Path folder = Path.of(arguments[0]);
    int runs = Integer.parseInt(arguments[1]);
    Processes processes =
        new Processes(ProcessHandle.current(), folder.resolve(".ecluse/postgres"));
    long begin = ManagementFactory.getRuntimeMXBean().getStartTime();
    double cpu = 0;
    try (Platform platform = DemoFixture.platform(folder, Platform.Workers.HERE)) {
      for (int i = 0; i < runs; i++) {
        Run run = platform.scheduler().awaitEnd(DemoFixture.start(platform));
        if (run.state() != RunState.SUCCESS) {
          throw new AssertionError("Run " + run.id() + " ended as " + run.state() + run.error());
        }
        long end = System.currentTimeMillis();
        double used = processes.cpuSeconds();
        System.out.printf("run %d %d%n", end - begin, Math.round((used - cpu) * 1000));
        begin = System.currentTimeMillis();
        cpu = used;
      }
    }
  }
}
