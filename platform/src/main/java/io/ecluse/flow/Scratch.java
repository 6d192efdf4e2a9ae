package io.ecluse.flow;

import io.ecluse.decode.FileParts;
import io.ecluse.engine.EngineSettings;
import io.ecluse.error.EcluseException;
import io.ecluse.error.ErrorCode;
import io.ecluse.source.FileDecoder;
import io.ecluse.storage.LocalCopies;
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
record Scratch(Path folder, LocalCopies copies) implements AutoCloseable {
  private static final long MEMORY = 256L << 20;
  private static final long DISK = 2L << 30;

  static Scratch open() {
    try {
      Path folder = Files.createTempDirectory("ecluse-look-").toRealPath();
      return new Scratch(folder, new LocalCopies(folder.resolve("copies"), 0, Clock.systemUTC()));
    } catch (IOException e) {
      throw new EcluseException(
          ErrorCode.INTERNAL, "Could not make a folder for a look: " + e.getMessage(), e);
    }
  }

  FileDecoder decoder() {
    return new FileParts(
        new EngineSettings(MEMORY, 1, folder.resolve("spill"), DISK, List.of(folder)));
  }

  @Override
  public void close() {
    copies.close();
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
