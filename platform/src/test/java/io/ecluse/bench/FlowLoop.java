package io.ecluse.bench;

import io.ecluse.DemoFixture;
import io.ecluse.Platform;
import io.ecluse.scheduler.Run;
import io.ecluse.scheduler.RunState;
import java.nio.file.Path;

/** Runs the first flow several times in one process. */
public final class FlowLoop {
  private FlowLoop() {}

  public static void main(String[] arguments) throws Exception {
    Path folder = Path.of(arguments[0]);
    Processes processes =
        new Processes(ProcessHandle.current(), folder.resolve(".ecluse/postgres"));
    try (Platform platform = DemoFixture.platform(folder, Platform.Workers.HERE)) {
      Rounds.run(
          Integer.parseInt(arguments[1]),
          processes,
          i -> {
            Run run = platform.scheduler().awaitEnd(DemoFixture.start(platform));
            if (run.state() != RunState.SUCCESS) {
              throw new AssertionError(
                  "Run " + run.id() + " ended as " + run.state() + run.error());
            }
          });
    }
  }
}
