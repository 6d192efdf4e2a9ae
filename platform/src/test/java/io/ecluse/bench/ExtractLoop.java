package io.ecluse.bench;

import io.ecluse.DemoFixture;
import io.ecluse.Platform;
import io.ecluse.schema.RowsWanted;
import io.ecluse.source.ExtractRequest;
import io.ecluse.source.SilentListener;
import io.ecluse.staging.BatchManifest;
import java.nio.file.Path;
import java.util.List;

/** Extracts a source several times in one process; each time what was there before is deleted. */
public final class ExtractLoop {
  private ExtractLoop() {}

  /**
   * @param arguments folder of the project, source, rounds
   */
  public static void main(String[] arguments) throws Exception {
    Path folder = Path.of(arguments[0]);
    String source = arguments[1];
    Processes processes =
        new Processes(ProcessHandle.current(), folder.resolve(".ecluse/postgres"));
    try (Platform platform = DemoFixture.platform(folder, Platform.Workers.NONE)) {
      Rounds.run(
          Integer.parseInt(arguments[2]),
          processes,
          i -> {
            String id = "bench%s.%d".formatted(System.nanoTime(), i);
            List<BatchManifest> batches =
                platform
                    .stages()
                    .sources()
                    .source(source)
                    .extract(
                        new ExtractRequest(id, id, List.of(), RowsWanted.AS_PLANNED),
                        new SilentListener());
            System.out.println("wrote " + batches.stream().mapToLong(BatchManifest::bytes).sum());
            batches.forEach(platform.stages().staging()::delete);
          });
    }
  }
}
