package io.ecluse.flow;

import io.ecluse.disk.Folders;
import io.ecluse.error.ErrorCode;
import io.ecluse.source.SourceTools;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Function;

/**
 * A folder for the time of a look at a source, and what reads files there; deleted by {@link
 * #close()}.
 */
record Scratch(Path folder, SourceTools tools) implements AutoCloseable {
  static Scratch open(Function<Path, SourceTools> makes) {
    try {
      Path folder = Files.createTempDirectory("ecluse-look-").toRealPath();
      return new Scratch(folder, makes.apply(folder));
    } catch (IOException e) {
      throw ErrorCode.INTERNAL.error("Could not make a folder for a look: " + e.getMessage(), e);
    }
  }

  @Override
  public void close() {
    tools.stage().staging().close();
    try {
      Folders.delete(folder);
    } catch (IOException e) {
      throw ErrorCode.INTERNAL.error("Could not delete the folder %s: %s".formatted(folder, e), e);
    }
  }
}
