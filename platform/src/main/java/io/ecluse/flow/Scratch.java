package io.ecluse.flow;

import io.ecluse.decode.FileParts;
import io.ecluse.engine.EngineSettings;
import io.ecluse.error.EcluseException;
import io.ecluse.error.ErrorCode;
import io.ecluse.source.Landing;
import io.ecluse.source.PartEncoder;
import io.ecluse.source.SourceTools;
import io.ecluse.staging.StagingArea;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * A folder for the time of a look at a source, and what reads files there; deleted by {@link
 * #close()}.
 */
record Scratch(Path folder, StagingArea staging) implements AutoCloseable {
  private static final long MEMORY = 256L << 20;
  private static final long DISK = 2L << 30;

  static Scratch open() {
    try {
      Path folder = Files.createTempDirectory("ecluse-look-").toRealPath();
      return new Scratch(folder, new StagingArea(folder.resolve("staging")));
    } catch (IOException e) {
      throw new EcluseException(
          ErrorCode.INTERNAL, "Could not make a folder for a look: " + e.getMessage(), e);
    }
  }

  /** What a source is looked at with; nothing can land there. */
  SourceTools tools() {
    FileParts files =
        new FileParts(
            new EngineSettings(MEMORY, 1, folder.resolve("spill"), DISK, List.of(folder)));
    return new SourceTools(new Landing.Stage(staging, PartEncoder.NONE, Clock.systemUTC()), files);
  }

  @Override
  public void close() {
    staging.close();
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    } catch (IOException e) {
      throw new EcluseException(
          ErrorCode.INTERNAL, "Could not delete the folder %s: %s".formatted(folder, e), e);
    }
  }
}
