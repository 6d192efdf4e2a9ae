package io.ecluse.decode;

import io.ecluse.duckdb.DuckDb;
import io.ecluse.engine.EngineSettings;
import io.ecluse.error.ErrorCode;
import io.ecluse.source.FileDecoder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/**
 * Reads files of sources with a DuckDB of their own, apart from the one that runs people's SQL:
 * this one may open the files it is told and runs no SQL but ours; that one never sees them.
 */
public final class FileParts implements FileDecoder {
  private static final long LEAST_MEMORY = 64L << 20;

  private final EngineSettings settings;

  public FileParts(EngineSettings settings) {
    this.settings = settings;
  }

  @Override
  public Session open(List<Path> inputs, Path folder) {
    Path spill = settings.spill().resolve("files-" + UUID.randomUUID());
    try {
      Files.createDirectories(spill);
    } catch (IOException e) {
      throw ErrorCode.INTERNAL.error("Could not make the folder %s: %s".formatted(spill, e), e);
    }
    EngineSettings own =
        new EngineSettings(
            Math.max(LEAST_MEMORY, settings.memoryBytes() / 2),
            settings.threads(),
            spill,
            settings.spillBytes(),
            List.of(folder.toAbsolutePath()),
            EngineSettings.Values.SHOWN); // to FileErrors, which passes none on
    return new FileSession(new DuckDb(own, new ArrayList<>(inputs)), spill);
  }
}
