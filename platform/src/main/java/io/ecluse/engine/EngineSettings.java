package io.ecluse.engine;

import io.ecluse.error.ErrorCode;
import java.nio.file.Path;
import java.util.List;

/**
 * What the engine may use of this machine.
 *
 * @param memoryBytes most memory for all queries together
 * @param threads most threads for all queries together
 * @param spill folder for what does not fit into memory
 * @param spillBytes most of the disk for that
 * @param data folders that the engine may read and write: staging and warehouse
 * @param values whether errors may quote values of rows
 */
public record EngineSettings(
    long memoryBytes, int threads, Path spill, long spillBytes, List<Path> data, Values values) {
  private static final long LEAST_MEMORY = 16L << 20;

  /** What errors say of rows. */
  public enum Values {
    /** Errors are stored and logged: they quote no value. */
    MASKED,
    /** Errors go to the person alone who asked for these rows. */
    SHOWN
  }

  /** Values of rows are masked. */
  public EngineSettings(
      long memoryBytes, int threads, Path spill, long spillBytes, List<Path> data) {
    this(memoryBytes, threads, spill, spillBytes, data, Values.MASKED);
  }

  public EngineSettings {
    data = List.copyOf(data);
    if (memoryBytes < LEAST_MEMORY) {
      throw ErrorCode.INVALID_USAGE.error(
          "query.memory_limit must be at least 16MB, but is %d bytes".formatted(memoryBytes));
    }
    if (threads < 1) {
      throw ErrorCode.INVALID_USAGE.error("query.threads must be at least 1, but got " + threads);
    }
  }
}
